"""The programme on paper, in the language of the address."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms import paper
from cms.sites import of_this_site
from events import documents
from events.models import EventIndexPage


@require_safe
@never_cache
def programme(request: HttpRequest) -> HttpResponse:
    """Never from a cache: it says how many places are left."""
    index = of_this_site(EventIndexPage.objects.live().public().filter(locale__language_code=get_language())).first()
    if index is None:
        raise Http404
    return paper.response(documents.programme(index, at=timezone.now()), index.slug)

"""Cases on paper, for whoever may read them on the site: live, public, in the language of the address."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases import documents
from cases.models import CaseIndexPage, CasePage
from cases.models.pages import CasePageQuerySet
from cms import paper
from cms.sites import of_this_site


def _readable() -> CasePageQuerySet:
    cases: CasePageQuerySet = of_this_site(CasePage.objects.live().public())
    return (
        cases.filter(locale__language_code=get_language()).select_related("locale").prefetch_related(*documents.PARTS)
    )


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    case: CasePage = get_object_or_404(_readable(), pk=pk)
    return paper.response(documents.factsheet(case), case.slug)


@require_safe
def chosen(request: HttpRequest) -> HttpResponse:
    """?case=12&case=34: those, in that order. Nothing chosen, or too many, is refused in words."""
    wanted = [int(value) for value in dict.fromkeys(request.GET.getlist("case")) if value.isascii() and value.isdigit()]
    if not 0 < len(wanted) <= documents.MOST:
        return _refused(request, wanted)
    found = _readable().in_bulk([pk for pk in wanted if pk < 2**31])
    cases = [found[pk] for pk in wanted if pk in found]
    if not cases:
        raise Http404
    return paper.response(documents.collection(cases, on=timezone.localdate()), _("circular-cases"))


def _refused(request: HttpRequest, wanted: list[int]) -> HttpResponse:
    """What is wrong in words, with the way to the list of cases. Going back in the browser keeps what was ticked."""
    most = documents.MOST
    refusal = (
        ngettext("Choose at most %(number)s case.", "Choose at most %(number)s cases.", most) % {"number": most}
        if wanted
        else _("Choose at least one case.")
    )
    index = of_this_site(CaseIndexPage.objects.live().public().filter(locale__language_code=get_language())).first()
    return render(request, "cases/not_chosen.html", {"refusal": refusal, "index": index}, status=400)

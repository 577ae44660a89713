"""A visit on other people's sites: a card, and the whole registration, in a frame.

Only these addresses may be framed, and each only by whom the settings name. Nothing here sets or needs a cookie: a
browser that blocks those of third parties shows and does the same. That is also why no CSRF token is asked. There is no
session here that a forged request could ride on: whoever sends one from elsewhere can do no more than with the public
API, which anybody may call; and what is done with one registration asks for its own token.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.conf import configured
from cms.sites import of_this_site
from events.manage_views import by_manage_token, manage_context, private, to_manage, to_payment
from events.models import EventPage, Registration
from events.places import FRAMED
from events.views import step_of, visit_to_register_for

View = Callable[..., HttpResponse]
Status = Registration.Status


def framed_by(sites: Callable[[], Iterable[str]]) -> Callable[[View], View]:
    """May be framed by these sites and by ours, and by nobody else. No cookie goes out with it.

    A visit that is not there (any more) is said in the frame, for as long as a page elsewhere still names it.
    """

    def decorate(view: View) -> View:
        @xframe_options_exempt
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                response = view(request, *args, **kwargs)
            except Http404:
                # The site's own page of what is not there may not be framed: a browser would show a broken frame.
                response = render(request, "events/embed/gone.html", status=404)
            response._csp_replace = {"frame-ancestors": ["'self'", *sites()]}  # type: ignore[attr-defined]
            response["X-Robots-Tag"] = "noindex"
            return response

        return wrapped

    return decorate


by_any_site = framed_by(lambda: configured.EMBED_CARD_SITES)
by_listed_sites = framed_by(lambda: configured.EMBED_REGISTRATION_SITES)


@by_any_site
@cache_control(public=True, max_age=60)
@require_safe
def card(request: HttpRequest, page_id: int) -> HttpResponse:
    """What, when, where, and how many places are left; its button leads to the visit's own page."""
    page = visit_to_show(page_id)
    if spoken := in_one_language(page, "embed_card"):
        return spoken
    return render(request, "events/embed/card.html", {"page": page, "event": page.event, "at": timezone.now()})


def visit_to_show(page_id: int) -> EventPage:
    """The public page of a visit that is not a draft. Raises Http404."""
    shown = of_this_site(EventPage.objects.live().public().exclude(event__status="draft").select_related("event"))
    return get_object_or_404(shown, pk=page_id)


def in_one_language(page: EventPage, name: str) -> HttpResponse | None:
    """To the frame in which frame and text speak one language, when this one would not; None when it does.

    Whoever asks for English with the number of the Dutch page has the English page, where there is one, and else the
    Dutch text in a Dutch frame: never half of each.
    """
    language = page.locale.language_code
    if language == get_language():
        return None
    twin = page.event.page_in(get_language() or language)
    if twin is not None and EventPage.objects.public().filter(pk=twin.pk).exists():
        return redirect(f"events:{name}", twin.pk)
    with override(language):
        return redirect(f"events:{name}", page.pk)


@csrf_exempt
@by_listed_sites
@private
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, page_id: int) -> HttpResponse:
    """The same form and the same steps as on the visit's own page."""
    page = visit_to_register_for(page_id)
    if request.method == "GET" and (spoken := in_one_language(page, "embed_register")):
        return spoken
    return step_of(request, page, FRAMED)


@by_listed_sites
@require_safe
@by_manage_token
def done(request: HttpRequest, registration: Registration) -> HttpResponse:
    """What became of it, and what is next. Paying and managing leave the frame, by a click."""
    return render(request, "events/embed/done.html", manage_context(request, registration))


@csrf_exempt
@require_POST
@by_manage_token
def pay(request: HttpRequest, registration: Registration) -> HttpResponse:
    """On to the payment page, in the whole window: it shows itself in no frame."""
    if registration.status not in {Status.HELD, Status.CONFIRMED}:
        return to_manage(registration)
    return to_payment(registration)


@cache_control(public=True, max_age=3600)
@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The one script tag: at an address that stays, whatever its file is called."""
    response = render(request, "events/embed/embed.js", content_type="text/javascript; charset=utf-8")
    # Another site's page may load it, also where that page isolates itself.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response

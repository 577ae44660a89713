"""A visit on other people's sites: a card, and the whole registration, in a frame.

Only these addresses may be framed, and each only by whom the settings name. Nothing here sets or needs a cookie: a
browser that blocks those of third parties shows and does the same. That is also why no CSRF token is asked. There is no
session here that a forged request could ride on: whoever sends one from elsewhere can do no more than with the public
API, which anybody may call; and what is done with one registration asks for its own token.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
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
    """May be framed by these sites and by ours, and by nobody else. No cookie goes out with it."""

    def decorate(view: View) -> View:
        @xframe_options_exempt
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
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
    return render(request, "events/embed/card.html", {"page": page, "event": page.event, "at": timezone.now()})


def visit_to_show(page_id: int) -> EventPage:
    """The public page of a visit that is not a draft. Raises Http404."""
    shown = of_this_site(EventPage.objects.live().public().exclude(event__status="draft").select_related("event"))
    return get_object_or_404(shown, pk=page_id)


@csrf_exempt
@by_listed_sites
@private
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, page_id: int) -> HttpResponse:
    """The same form and the same steps as on the visit's own page."""
    page = visit_to_register_for(page_id)
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

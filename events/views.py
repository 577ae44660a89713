"""Registering on the site, and the page behind the link in the mail.

GET never changes anything: mail scanners follow links.
"""

import logging
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import actions
from events.calendar import calendar_file
from events.entitlement import decide
from events.forms import Registering
from events.models import EventPage, Registration
from events.refusals import Refusal
from events.settlement import CannotAsk, installed

log = logging.getLogger("events")


@never_cache
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, page_id: int) -> HttpResponse:
    """The form's steps: check, show what it comes to, and order. Data is kept on every error.

    `step` is "more" (one more colleague), "change" (back to the form), "review" (the default) or "order".
    """
    page = get_object_or_404(EventPage.objects.live().public().select_related("event"), pk=page_id)
    if request.method == "GET":
        return redirect(page.get_url(request))
    step = request.POST.get("step", "review")
    registering = Registering(page.event, request.POST, more=step == "more")
    if step in {"more", "change"}:
        registering.is_valid()  # the form keeps its data; its errors are not shown before it is sent
        return _show_form(request, page, registering, quiet=True)
    if not registering.is_valid():
        return _show_form(request, page, registering)
    try:
        return _order(request, page, registering) if step == "order" else _review(request, page, registering)
    except Refusal as refusal:
        if refusal.field in registering.form.fields:
            registering.form.add_error(refusal.field, refusal.text())
        else:
            registering.general_errors.append(refusal.text())
        return _show_form(request, page, registering)


def _show_form(request: HttpRequest, page: EventPage, registering: Registering, *, quiet: bool = False) -> HttpResponse:
    """The event page again, with what was typed and, unless quiet, what is wrong with it."""
    context = page.get_context(request)
    context |= {"registering": registering, "errors": [] if quiet else registering.errors(), "quiet": quiet}
    response = render(request, page.get_template(request), context, status=200 if quiet else 422)
    return response


def _review(request: HttpRequest, page: EventPage, registering: Registering, *, changed: bool = False) -> HttpResponse:
    """What it comes to, before anything is ordered: seats, prices, terms, and a button that says what it does."""
    at = timezone.now()
    event = page.event
    order = registering.order(get_language() or "nl", None)
    decision = decide(event=event, code=order.organisation_code, email=order.contact.email, at=at)
    seats = len(order.attendees)
    event.count_seats(at)
    # Said now rather than after the order; the deed decides again under the lock.
    actions.must_take(event, seats, at=at)
    total = decision.ticket_type.price_incl_vat * seats
    return render(
        request,
        "events/review.html",
        {
            "page": page,
            "event": event,
            "registering": registering,
            "order": order,
            "decision": decision,
            "price": decision.ticket_type.price_incl_vat,
            "price_excl": decision.ticket_type.price_excl_vat,
            "total": total,
            "total_excl": decision.ticket_type.price_excl_vat * seats,
            "total_vat": total - decision.ticket_type.price_excl_vat * seats,
            "will_wait": event.seats_for_newcomers(at) < seats,
            "posted": _posted(request),
            "key": request.POST.get("key") or secrets.token_urlsafe(24),
            "price_changed": changed,
        },
    )


def _posted(request: HttpRequest) -> list[tuple[str, str]]:
    """Everything typed, for the hidden fields of the review; the steps' own fields left out."""
    own = {"csrfmiddlewaretoken", "step", "key", "seen_total"}
    return [(name, value) for name in request.POST if name not in own for value in request.POST.getlist(name)]


def _order(request: HttpRequest, page: EventPage, registering: Registering) -> HttpResponse:
    """Order what was shown. A price that changed since is shown again first: nobody orders what they did not see."""
    at = timezone.now()
    key = request.POST.get("key", "")[:200]
    order = registering.order(get_language() or "nl", f"form-{key}" if key else None)
    decision = decide(event=page.event, code=order.organisation_code, email=order.contact.email, at=at)
    if request.POST.get("seen_total") != str(decision.ticket_type.price_incl_vat * len(order.attendees)):
        return _review(request, page, registering, changed="seen_total" in request.POST)
    registration = actions.register(event=page.event, order=order, at=at)
    if registration.status == Registration.Status.HELD:
        return _to_payment(registration)
    return _to_manage(registration, "registered")


def _to_payment(registration: Registration) -> HttpResponse:
    settlement = installed()
    try:
        if settlement is None:
            raise CannotAsk("no settlement installed")
        return redirect(settlement.ask(registration, at=timezone.now()))
    except CannotAsk as error:
        log.warning("Could not ask payment for %s: %s", registration.reference, error)
        return _to_manage(registration, "payment-unavailable")


def _to_manage(registration: Registration, came_from: str = "") -> HttpResponse:
    with translation.override(registration.language):
        url = reverse("events:manage", args=[registration.manage_token])
    response = redirect(f"{url}?from={came_from}" if came_from else url)
    response.status_code = 303
    return response


View = Callable[[HttpRequest, Registration], HttpResponse]


def with_registration(
    read: Callable[[str], str | None],
) -> Callable[[View], Callable[[HttpRequest, str], HttpResponse]]:
    """The registration a token names, or a page that says the link does not work. Never cached or indexed.

    `read` takes a token to a reference, or to None when the token is not ours.
    """

    def decorate(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
        @never_cache
        @wraps(view)
        def wrapped(request: HttpRequest, token: str) -> HttpResponse:
            reference = read(token)
            registrations = Registration.objects.select_related("event").filter(reference=reference)
            registration = registrations.first() if reference else None
            if registration is None:
                response = render(request, "events/bad_link.html", status=404)
            else:
                response = view(request, registration)
            response["X-Robots-Tag"] = "noindex"
            response["Referrer-Policy"] = "same-origin"
            return response

        return wrapped

    return decorate


by_manage_token = with_registration(Registration.reference_in)
by_mailbox_token = with_registration(Registration.reference_in_mailbox_token)


def _manage_context(request: HttpRequest, registration: Registration) -> dict[str, Any]:
    at = timezone.now()
    event = registration.event
    settlement = installed()
    attendees = list(registration.attendees.select_related("ticket_type"))
    for attendee in attendees:
        attendee.registration = registration
    live = [attendee for attendee in attendees if attendee.released_at is None]
    total = registration.total_incl_vat
    is_paid_seat = registration.status == Registration.Status.CONFIRMED and total > 0
    return {
        "registration": registration,
        "event": event,
        "event_page": event.page_in(get_language() or "nl"),
        "attendees": attendees,
        "live": live,
        "total": total,
        "token": registration.manage_token,
        "money": settlement.state(registration) if settlement else None,
        "came_from": request.GET.get("from", ""),
        "place_in_line": registration.place_in_line(),
        "can_pay": registration.status == Registration.Status.HELD
        and registration.hold_expires_at is not None
        and registration.hold_expires_at > at,
        "can_confirm": registration.status == Registration.Status.UNCONFIRMED_EMAIL
        and registration.hold_expires_at is not None
        and registration.hold_expires_at > at,
        "can_cancel": bool(live) and not registration.is_ended and event.starts_at > at and not is_paid_seat,
        "can_cancel_some": len(live) > 1 and registration.status != Registration.Status.HELD,
        "is_paid_seat": is_paid_seat,
        "is_over": event.starts_at <= at,
        "entitlement": getattr(registration, "entitlement", None),
    }


@require_safe
@by_manage_token
def manage(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Everything about one registration, for whoever has its link."""
    return render(request, "events/manage.html", _manage_context(request, registration))


@require_http_methods(["GET", "POST"])
@by_mailbox_token
def confirm_mailbox(request: HttpRequest, registration: Registration) -> HttpResponse:
    """GET asks, POST confirms."""
    if request.method == "GET":
        return render(request, "events/confirm_mailbox.html", _manage_context(request, registration))
    try:
        actions.confirm_mailbox(registration=registration, at=timezone.now())
    except Refusal as refusal:
        registration.refresh_from_db()
        context = _manage_context(request, registration) | {"refusal": refusal.text()}
        return render(request, "events/manage.html", context, status=409)
    return _to_manage(registration, "confirmed")


@require_http_methods(["GET", "POST"])
@by_manage_token
def cancel(request: HttpRequest, registration: Registration) -> HttpResponse:
    """GET shows what would be given up, POST gives it up. `attendees` names some seats; none named is all of them."""
    values = request.GET if request.method == "GET" else request.POST
    mine = {str(attendee.pk): attendee for attendee in registration.attendees.live()}
    chosen = [mine[value] for value in values.getlist("attendees") if value in mine]
    context = _manage_context(request, registration) | {
        "leaving": chosen or list(mine.values()),
        "chosen": chosen,
    }
    if request.method == "GET":
        return render(request, "events/cancel.html", context)
    if values.getlist("attendees") and not chosen:
        # The seats named are given up already (a second click): nothing is left to do, and nothing more is cancelled.
        return _to_manage(registration)
    try:
        actions.cancel(registration=registration, attendee_ids=[seat.pk for seat in chosen], at=timezone.now())
    except Refusal as refusal:
        return render(request, "events/manage.html", context | {"refusal": refusal.text()}, status=409)
    return _to_manage(registration, "cancelled")


@require_POST
@by_manage_token
def pay(request: HttpRequest, registration: Registration) -> HttpResponse:
    """On to the payment page, while the seats are held."""
    if registration.status != Registration.Status.HELD:
        return _to_manage(registration)
    return _to_payment(registration)


@require_safe
@by_manage_token
def calendar(request: HttpRequest, registration: Registration) -> HttpResponse:
    """The visit as a calendar file, for a confirmed registration."""
    if registration.status != Registration.Status.CONFIRMED:
        raise Http404
    response = HttpResponse(calendar_file(registration, at=timezone.now()), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="best-practice-tour.ics"'
    return response

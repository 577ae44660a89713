"""The pages behind the links in our mails about a registration and one seat; see answer_views for those that ask.

GET never changes anything: mail scanners follow links.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import actions
from events.addresses import manage_url
from events.calendar import calendar_file, entry_of_contact
from events.endings import ending_of, standing
from events.forms import AttendeeForm
from events.guessing import TooManyTried, counting_guesses
from events.leaving import cost_of_leaving
from events.models import Attendee, Event, Registration
from events.refusals import Refusal
from events.settlement import CannotAsk, installed

log = logging.getLogger("events")
Status = Registration.Status
#: What leads here right after a registration became certain, as `from` says it.
CONFIRMING_STEPS = {"registered", "confirmed", "answered", "payment"}
View = Callable[[HttpRequest, Registration], HttpResponse]


def to_payment(registration: Registration) -> HttpResponse:
    """On to the payment page; to the manage page, which says so, when the service does not answer."""
    settlement = installed()
    try:
        if settlement is None:
            raise CannotAsk("no settlement installed")
        return redirect(settlement.ask(registration, at=timezone.now()))
    except CannotAsk as error:
        log.warning("Could not ask payment for %s: %s", registration.reference, error)
        return to_manage(registration, "payment-unavailable")


def to_manage(registration: Registration, came_from: str = "") -> HttpResponse:
    with translation.override(registration.language):
        url = reverse("events:manage", args=[registration.manage_token])
    response = redirect(f"{url}?from={came_from}" if came_from else url)
    response.status_code = 303
    return response


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Never cached or indexed, and its address stays with us."""

    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "same-origin"
        return response

    return wrapped


def with_registration(
    read: Callable[[str], str | None],
) -> Callable[[View], Callable[[HttpRequest, str], HttpResponse]]:
    """The registration a token names, or a page that says the link does not work.

    `read` takes a token to a reference, or to None when the token is not ours.
    """

    def decorate(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
        @private
        @wraps(view)
        def wrapped(request: HttpRequest, token: str) -> HttpResponse:
            reference = read(token)
            registrations = Registration.objects.select_related("event").filter(reference=reference)
            registration = registrations.first() if reference else None
            return view(request, registration) if registration else bad_link(request)

        return wrapped

    return decorate


by_manage_token = with_registration(Registration.reference_in)
by_mailbox_token = with_registration(Registration.reference_in_mailbox_token)


def bad_link(request: HttpRequest) -> HttpResponse:
    return render(request, "events/bad_link.html", status=404)


def manage_context(request: HttpRequest, registration: Registration) -> dict[str, Any]:
    """Everything the pages about a registration can say."""
    at = timezone.now()
    event = registration.event
    settlement = installed()
    attendees = list(registration.attendees.select_related("ticket_type").order_by("pk"))
    for attendee in attendees:
        attendee.registration = registration
    live = [attendee for attendee in attendees if attendee.released_at is None]
    holds = registration.hold_expires_at is not None and registration.hold_expires_at > at
    money = settlement.state(registration) if settlement else None
    # By invoice nothing is due at the screen: what is open stands in a part of its own, with the day it is due.
    due = money.due if money and not registration.is_by_invoice else registration.total_incl_vat * 0
    is_over = event.starts_at <= at
    event_page = event.page_in(get_language() or "nl")
    ending = ending_of(registration)
    place = registration.place_in_line()
    ladder = registration.ladder.left(starts_at=event.starts_at, at=at)
    return {
        "registration": registration,
        "event": event,
        "event_page": event_page,
        "attendees": attendees,
        "live": live,
        "total": registration.total_incl_vat,
        "token": registration.manage_token,
        "money": money,
        "due": due,
        "came_from": request.GET.get("from", ""),
        "is_in_line": registration.status in (Status.WAITING, Status.OFFERED),
        "place_in_line": place,
        "kept_for_them": event.seats_left(at) if place == 1 and at < event.last_call_at else 0,
        "offer": registration.open_offer if holds else None,
        "approvals": list(registration.approvals.all()),
        "can_pay": (registration.status == Status.HELD and holds)
        or (registration.status == Status.CONFIRMED and due > 0),
        "can_confirm": registration.status == Status.UNCONFIRMED_EMAIL and holds,
        "can_change": bool(live) and not registration.is_ended and not is_over,
        "can_cancel_some": len(live) > 1,
        "can_withdraw": actions.may_withdraw(registration, event, at=at),
        "can_take": registration.status == Status.WAITING
        and event.status == Event.Status.SCHEDULED
        and event.last_call_at <= at < event.starts_at,
        "ladder": ladder.steps,
        "ladder_has_begun": ladder.has_begun,
        "is_just_confirmed": _is_just_confirmed(registration, request.GET.get("from", ""), at),
        "has_taken_place": event.ends_at <= at,
        "names_follow": any(not attendee.is_named for attendee in live) and not is_over,
        "names_are_due": at >= event.names_due_at,
        "is_over": is_over,
        "ending": ending,
        "standing": standing(registration, ending),
        "can_register_again": registration.is_ended and event_page is not None and event.takes_registrations(at),
        "entitlement": registration.entitlement,
        "parts": list(Registration.objects.of_one_group(registration).with_total()),
    }


def _is_just_confirmed(registration: Registration, came_from: str, at: datetime) -> bool:
    """Whether this is the page after the step that made it certain: the confirmation is on its way only then."""
    confirmed_at = registration.confirmed_at
    return came_from in CONFIRMING_STEPS and confirmed_at is not None and at - confirmed_at < timedelta(hours=1)


def refused(request: HttpRequest, registration: Registration, refusal: Refusal) -> HttpResponse:
    """The registration as it is now, and why what was asked was not done."""
    registration.refresh_from_db()
    context = manage_context(request, registration) | {"refusal": refusal.text()}
    return render(request, "events/manage.html", context, status=409)


@require_safe
@by_manage_token
def manage(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Everything about one registration, for whoever has its link."""
    return render(request, "events/manage.html", manage_context(request, registration))


@require_http_methods(["GET", "POST"])
@by_mailbox_token
def confirm_mailbox(request: HttpRequest, registration: Registration) -> HttpResponse:
    """GET asks, POST confirms."""
    if request.method == "GET":
        context = manage_context(request, registration)
        context["ahead"] = actions.ahead_of(registration, owed=context["total"], proves_mailbox=True, at=timezone.now())
        context["approvals"] = [asked for asked in context["approvals"] if not asked.answer]
        return render(request, "events/confirm_mailbox.html", context)
    try:
        registration = actions.confirm_mailbox(registration=registration, at=timezone.now())
    except Refusal as refusal:
        return refused(request, registration, refusal)
    if registration.status == Status.HELD:
        return to_payment(registration)
    return to_manage(registration, "confirmed")


@require_http_methods(["GET", "POST"])
@by_manage_token
def cancel(request: HttpRequest, registration: Registration) -> HttpResponse:
    """GET shows what would be given up and what is kept of its price, POST gives it up.

    `attendees` names some seats; none named is all of them.
    """
    values = request.GET if request.method == "GET" else request.POST
    mine = {str(attendee.pk): attendee for attendee in registration.attendees.live()}
    chosen = [mine[value] for value in values.getlist("attendees") if value in mine]
    if values.getlist("attendees") and not chosen:
        # The seats named are given up already (a second click, an old link): nothing more is cancelled.
        return to_manage(registration)
    if request.method == "GET":
        at = timezone.now()
        leaving = chosen or list(mine.values())
        cost = cost_of_leaving(registration, leaving, at=at)
        context = manage_context(request, registration)
        context |= {"leaving": leaving, "chosen": chosen, **cost._asdict()}
        return render(request, "events/cancel.html", context)
    was_in_line = registration.status in (Status.WAITING, Status.OFFERED)
    try:
        actions.cancel(registration=registration, attendee_ids=[seat.pk for seat in chosen], at=timezone.now())
    except Refusal as refusal:
        return refused(request, registration, refusal)
    return to_manage(registration, "left-line" if was_in_line else "cancelled")


@require_http_methods(["GET", "POST"])
@by_manage_token
def withdraw(request: HttpRequest, registration: Registration) -> HttpResponse:
    """The right of withdrawal: GET says what it means, POST withdraws."""
    if request.method == "GET":
        return render(request, "events/withdraw.html", manage_context(request, registration))
    try:
        actions.withdraw_from(registration=registration, at=timezone.now())
    except Refusal as refusal:
        return refused(request, registration, refusal)
    return to_manage(registration, "cancelled")


@require_http_methods(["GET", "POST"])
@private
def substitute(request: HttpRequest, token: str, attendee_id: int) -> HttpResponse:
    """Somebody else on this seat, or the name that was to follow."""
    reference = Registration.reference_in(token)
    registration = Registration.objects.select_related("event").filter(reference=reference).first()
    seat = registration.attendees.live().filter(pk=attendee_id).first() if registration else None
    if registration is None or seat is None:
        return bad_link(request)
    form = AttendeeForm(request.POST or None)
    status = 422
    if request.method == "POST" and form.is_valid():
        person = actions.Attending(**form.cleaned_data)
        at = timezone.now()
        try:
            with counting_guesses(request, at=at):
                actions.substitute(registration=registration, attendee_id=seat.pk, person=person, at=at)
        except Refusal as refusal:
            form.add_error("email" if refusal.field == "attendees" else None, refusal.text())
            status = refusal.status if isinstance(refusal, TooManyTried) else 422
        else:
            return to_manage(registration, "substituted")
    errors = [
        (form[name].id_for_label if name in form.fields else "", str(message))
        for name, messages in form.errors.items()
        for message in messages
    ]
    context = manage_context(request, registration) | {"seat": seat, "form": form, "errors": errors}
    return render(request, "events/substitute.html", context, status=status if errors else 200)


@require_POST
@by_manage_token
def pay(request: HttpRequest, registration: Registration) -> HttpResponse:
    """On to the payment page, while something is due."""
    if registration.status not in {Status.HELD, Status.CONFIRMED}:
        return to_manage(registration)
    return to_payment(registration)


@require_http_methods(["GET", "POST"])
@private
def seat(request: HttpRequest, token: str) -> HttpResponse:
    """One person's own page, from a reminder: "I cannot come". GET asks, POST gives the one seat up."""
    uid = Attendee.calendar_uid_in(token)
    own = Attendee.objects.select_related("registration__event").filter(calendar_uid=uid).first() if uid else None
    if own is None:
        return bad_link(request)
    registration = own.registration
    context = manage_context(request, registration) | {"seat": own}
    if request.method == "POST":
        try:
            actions.cancel(registration=registration, attendee_ids=[own.pk], at=timezone.now(), own_seat=True)
        except Refusal as refusal:
            return render(request, "events/seat.html", context | {"refusal": refusal.text()}, status=409)
        own.refresh_from_db()
    kept = actions.cancellation_fee(registration, own, registration.event, at=timezone.now())
    return render(request, "events/seat.html", context | {"seat": own, "kept": kept})


@require_safe
@by_manage_token
def calendar(request: HttpRequest, registration: Registration) -> HttpResponse:
    """The visit as a calendar file, for a confirmed registration."""
    if registration.status != Status.CONFIRMED:
        raise Http404
    entry, link = entry_of_contact(registration), manage_url(registration)
    content = calendar_file(registration, entry=entry, at=timezone.now(), link=link)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="best-practice-tour.ics"'
    return response

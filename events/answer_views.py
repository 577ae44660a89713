"""The pages that wait for an answer: an offer, the last call, an approver's question. GET asks, POST answers."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from events import actions
from events.forms import ApprovalForm
from events.manage_views import (
    bad_link,
    by_mailbox_token,
    by_manage_token,
    manage_context,
    private,
    refused,
    to_manage,
    to_payment,
)
from events.models import Approval, Attendee, Offer, Registration
from events.refusals import Refusal, SeatsTaken

Status = Registration.Status


@require_http_methods(["GET", "POST"])
@by_mailbox_token
def offer(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Mailed to the contact: answer an offer, or take one of the last places."""
    return _answer_offer(request, registration, proves_mailbox=True)


@require_http_methods(["GET", "POST"])
@by_manage_token
def answer(request: HttpRequest, registration: Registration) -> HttpResponse:
    """The same from the registration's own page, which proves no mailbox."""
    return _answer_offer(request, registration, proves_mailbox=False)


def _answer_offer(request: HttpRequest, registration: Registration, *, proves_mailbox: bool) -> HttpResponse:
    if request.method == "GET":
        return render(
            request, "events/offer.html", _offer_context(request, registration, proves_mailbox=proves_mailbox)
        )
    at = timezone.now()
    said = request.POST.get("answer")
    try:
        match said:
            case "accept":
                registration = actions.accept_offer(registration=registration, at=at, proves_mailbox=proves_mailbox)
            case "decline":
                registration = actions.decline_offer(registration=registration, at=at)
                return to_manage(registration, "declined")
            case "part":
                registration = actions.accept_part(registration=registration, at=at)
                if registration.status == Status.WAITING and at >= registration.event.last_call_at:
                    # Nobody is offered anything on the last day: what is free is shown, now for a part of them.
                    return redirect(request.path)
            case "take":
                registration = actions.take_free_seats(registration=registration, at=at, proves_mailbox=proves_mailbox)
    except SeatsTaken as refusal:
        registration.refresh_from_db()
        context = _offer_context(request, registration, proves_mailbox=proves_mailbox) | {"refusal": refusal.text()}
        return render(request, "events/offer.html", context, status=409)
    except Refusal as refusal:
        return refused(request, registration, refusal)
    if registration.status == Status.HELD:
        return to_payment(registration)
    return to_manage(registration, "answered")


def _offer_context(request: HttpRequest, registration: Registration, *, proves_mailbox: bool) -> dict[str, Any]:
    """Who gets a seat now and who waits on, what those seats cost, what comes after the yes and until when."""
    at = timezone.now()
    context = manage_context(request, registration)
    event, live, found = registration.event, context["live"], context["offer"]
    getting: list[Attendee] = []
    until = None
    free = 0
    if found:
        getting = [seat for seat in live if seat.offer_id == found.pk]
        until = actions.time_after_yes(found.expires_at, at=at)
    elif context["can_take"]:
        event.count_seats(at)
        free = event.seats_left(at)
        getting = live[:free] if free >= len(live) or registration.accepts_part else []
        needs_a_yes = registration.approvals.open().exists()
        until = actions.window_on_last_day(event, needs_a_yes=needs_a_yes, at=at)
    missing = [asked for asked in context["approvals"] if not asked.answer]
    total = sum((seat.price_incl_vat for seat in getting), start=context["total"] * 0)
    total_excl = sum((seat.price_excl_vat for seat in getting), start=total * 0)
    return context | {
        "free": free,
        "getting": getting,
        "staying": [seat for seat in live if seat not in getting],
        "total": total,
        "total_excl": total_excl,
        "total_vat": total - total_excl,
        "until": until,
        "has_more_time": found and until != found.expires_at,
        "kept_now": registration.ladder.fee_percent(starts_at=event.starts_at, at=at) if total else 0,
        "ahead": actions.ahead_of(registration, owed=total, proves_mailbox=proves_mailbox, at=at),
        "approvals": missing,
        # Nobody is held to the end of an offer by the time we take to say yes ourselves.
        "host_is_asked": any(asked.asked == Approval.Asked.ORGANISER for asked in missing),
        **(_what_became_of_it(registration, context["standing"]) if not found and not context["can_take"] else {}),
    }


def _what_became_of_it(registration: Registration, standing: str) -> dict[str, Any]:
    """For whoever opens the link again: how the last offer was answered. Where that led to is said beside it.

    Between its end and the duty that ends it an offer has passed already.
    """
    last = registration.offers.last()
    became = "" if last is None else last.answer or Offer.Answer.EXPIRED
    match became:
        case Offer.Answer.ACCEPTED if not registration.is_ended:
            heading = ngettext("You took this place", "You took these places", last.seats) if last else ""
        case Offer.Answer.DECLINED if registration.status == Status.WAITING:
            heading = _("You declined the offer")
        case Offer.Answer.EXPIRED if not registration.is_ended:
            heading = _("The offer has passed")
        case _:
            heading = standing
    return {"last": last, "became": became, "heading": heading}


@require_http_methods(["GET", "POST"])
@private
def approval(request: HttpRequest, token: str) -> HttpResponse:
    """The approver's question: who, what, how much, on which terms."""
    pk = Approval.pk_in(token)
    asked = Approval.objects.select_related("registration__event").filter(pk=pk).first() if pk else None
    if asked is None:
        return bad_link(request)
    problem, status = "", 200
    if request.method == "POST":
        form = ApprovalForm(request.POST)
        if form.is_valid():
            deed = actions.approve if form.cleaned_data["answer"] == "approve" else actions.reject
            try:
                deed(approval=asked, at=timezone.now(), remark=form.cleaned_data["remark"])
            except Refusal as refusal:
                problem, status = refusal.text(), 409
        else:
            problem, status = str(next(iter(form.errors.values()))[0]), 422
        asked = Approval.objects.select_related("registration__event").get(pk=asked.pk)
    context = _approval_context(request, asked, at=timezone.now()) | {"refusal": problem}
    return render(request, "events/approval.html", context, status=status)


def _approval_context(request: HttpRequest, asked: Approval, *, at: datetime) -> dict[str, Any]:
    """What was asked, as it was asked, and what became of it: also when the seats were given up since."""
    registration = asked.registration
    context = manage_context(request, registration)
    seats = seats_asked_of(asked, at)
    return context | {
        "approval": asked,
        "seats": seats,
        "total": sum((seat.price_incl_vat for seat in seats), start=context["total"] * 0),
        "state": state_of(asked, at),
        "ended_at": registration.ended_at or registration.hold_expires_at,
    }


def seats_asked_of(asked: Approval, at: datetime) -> list[Attendee]:
    """The seats as they were when it was answered or ended; whoever had left before was not asked about any more."""
    registration = asked.registration
    moment = asked.answered_at or registration.ended_at or at
    return list(
        registration.attendees.filter(Q(released_at__isnull=True) | Q(released_at__gte=moment))
        .select_related("ticket_type")
        .order_by("pk")
    )


def state_of(asked: Approval, at: datetime) -> str:
    """ "approved", "rejected", "open", "lapsed", "cancelled", or "moot" when nobody's yes is needed any more."""
    registration = asked.registration
    ends_at = registration.hold_expires_at
    if asked.answer:
        return asked.answer
    match registration.status:
        case Status.AWAITING_APPROVAL:
            # Between its end and the duty that ends it nothing can be answered any more.
            return "open" if ends_at and ends_at > at else "lapsed"
        case Status.EXPIRED:
            return "lapsed"
        case Status.CANCELLED:
            return "cancelled"
    return "moot"

"""What a person decides about money: give it back, give the seat after all, or note that it was dealt with."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from events import actions as events
from events.actions.steps import lock_registration
from events.locks import lock_event
from events.refusals import SeatGone
from payments.actions.bank_decisions import CONCERNS
from payments.actions.bookkeeping import book_refund, plan_refund
from payments.actions.refunds import give_back, give_back_mismatch, given
from payments.actions.transfers import NotToTransfer, settle_transfer
from payments.dues import ZERO, balance
from payments.models import Concern, LedgerEntry, Payment, Refund, RefundLine

Kind = Concern.Kind


#: What books money on the bank account: for who may say what its movements are.
ON_THE_BANK = frozenset(["by_hand", "transferred"])


class CannotDecide(Exception):
    """Refused; `str()` is a translated sentence for whoever decided."""


def choices(concern: Concern) -> list[str]:
    """Which decisions there are for it: "give_back", "give_seat", "by_hand", "transferred", "looked_into".

    None for money on the bank account: that is decided on the page of its movement (payments.actions.bank_decisions).
    None for a document that could not be issued: it is tried again until it is, and resolves itself then.
    """
    if concern.resolved_at is not None:
        return []
    if concern.kind == Kind.REFUND_FAILED:
        failed = _failed(concern)
        owed = _owed_back(failed)
        by_hand = ["by_hand"] if failed.amount <= owed else []
        return ["give_back", *by_hand] if owed > 0 else ["looked_into"]
    return {
        Kind.NO_SEAT: ["give_back", "give_seat"],
        Kind.MISMATCH: ["give_back"],
        Kind.TRANSFER: ["transferred"],
        Kind.DOCUMENTS: [],
        **{kind: [] for kind in CONCERNS},
    }.get(Kind(concern.kind), ["looked_into"])


def decide(*, concern: Concern, decision: str, by: Any, remark: str, at: datetime) -> Concern:
    """Carry a decision out, once, and note who took it and why.

    Raises CannotDecide when the concern does not know the decision, was decided already, or it cannot be carried out.
    """
    if decision == "give_seat":
        _give_seat(concern, by, remark, at)  # outside the transaction below: its own locks come first
        return concern
    with transaction.atomic():
        _lock_above(concern)
        locked = _locked(concern, decision)
        if decision == "give_back":
            _give_back(locked, at)
        elif decision == "by_hand":
            _paid_back_by_hand(locked, at)
        elif decision == "transferred":
            _transferred(locked, by, remark, at)
        return _resolve(locked, by, remark, at)


def _lock_above(concern: Concern) -> None:
    """Event, then registration, before the payment: the order of locks of the whole project."""
    if concern.payment is not None:
        lock_event(concern.payment.registration.event_id)
        lock_registration(concern.payment.registration_id)


def _locked(concern: Concern, decision: str) -> Concern:
    locked = Concern.objects.select_for_update(of=("self",), no_key=True).get(pk=concern.pk)
    if locked.resolved_at is not None:
        raise CannotDecide(_("Somebody has decided this already."))
    if decision not in choices(locked):
        raise CannotDecide(_("Choose one of the decisions shown."))
    return locked


def _resolve(concern: Concern, by: Any, remark: str, at: datetime) -> Concern:
    concern.resolved_at, concern.resolved_by, concern.remark = at, by, remark[:500]
    concern.save(update_fields=["resolved_at", "resolved_by", "remark"])
    return concern


def _payment(concern: Concern) -> Payment:
    if concern.payment is None:
        raise CannotDecide(_("There is no payment to decide about."))
    return concern.payment


def _give_back(concern: Concern, at: datetime) -> None:
    payment = _payment(concern)
    if payment.status == Payment.Status.MISMATCH:
        give_back_mismatch(payment=payment, at=at)
        return
    reason = Refund.Reason.SEAT_GONE
    if concern.kind == Kind.REFUND_FAILED:
        reason = Refund.Reason(Refund.objects.get(pk=int(concern.source)).reason)
    if not give_back(registration=payment.registration, reason=reason, at=at):
        raise CannotDecide(_("There is nothing in hand to give back any more."))
    Payment.objects.filter(pk=payment.pk).update(settled_at=at)


def _give_seat(concern: Concern, by: Any, remark: str, at: datetime) -> None:
    payment = _payment(concern)
    if "give_seat" not in choices(concern):
        raise CannotDecide(_("Choose one of the decisions shown."))
    try:
        with transaction.atomic():
            _lock_above(concern)
            locked = _locked(concern, "give_seat")
            events.confirm(registration=payment.registration, at=at)
            Payment.objects.filter(pk=payment.pk).update(settled_at=at)
            _resolve(locked, by, remark, at)
    except SeatGone:
        raise CannotDecide(_("No place is free for it: raise the capacity first, or give the money back.")) from None


def _failed(concern: Concern) -> Refund:
    return Refund.objects.select_related("payment__registration").get(pk=int(concern.source))


def _owed_back(failed: Refund) -> Decimal:
    """What is owed still of a refund that failed, as far as it is in hand; 0 when it went back another way since."""
    payment = failed.payment
    in_hand = (payment.received_amount or payment.amount) - given(payment)
    if payment.status == Payment.Status.MISMATCH:
        return in_hand
    return max(min(in_hand, -balance(payment.registration)), ZERO)


def _paid_back_by_hand(concern: Concern, at: datetime) -> None:
    """Somebody transferred the money from the bank account: written down as given back from there.

    Never what was given back another way since, and never more than came.
    """
    failed = _failed(concern)
    Payment.objects.select_for_update(of=("self",), no_key=True).get(pk=failed.payment_id)
    if failed.amount > _owed_back(failed):
        raise CannotDecide(_("There is nothing in hand to give back any more."))
    refund = Refund.objects.create(
        payment=failed.payment,
        status=Refund.Status.SUCCEEDED,
        reason=failed.reason,
        amount=failed.amount,
        currency=failed.currency,
        created_at=at,
    )
    RefundLine.objects.bulk_create(
        [RefundLine(refund=refund, attendee=line.attendee, net=line.net, vat=line.vat) for line in plan_refund(failed)]
    )
    book_refund(refund, source=f"refund-{refund.pk}", occurred_at=at, at=at, account=LedgerEntry.Account.BANK)


def _transferred(concern: Concern, by: Any, remark: str, at: datetime) -> None:
    """Somebody transferred what came by bank: booked now; the statement that shows it is matched with it."""
    refund = Refund.objects.select_related("payment__registration").get(pk=int(concern.source))
    try:
        settle_transfer(refund=refund, occurred_at=at, by=by, remark=remark, at=at)
    except NotToTransfer as refusal:
        raise CannotDecide(str(refusal)) from None

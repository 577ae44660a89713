"""Asking for a payment, and the one function that learns the truth about it.

sync_checkout is called by the webhook, by the page people come back to, and by the sweep. Whoever comes first does the
work; the others find it done.
"""

import logging
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from events import actions as events
from events import letters
from events.actions.steps import lock_registration
from events.addresses import absolute, manage_url
from events.locks import lock_event
from events.models import Event, Registration
from events.refusals import SeatGone
from payments import stripe_gateway as gateway
from payments.actions.bookkeeping import book_fee, book_payment, book_unmatched, plan_payment
from payments.actions.closing import CURRENCY
from payments.actions.invoicing import invoice_payment
from payments.actions.receipts import tell_received
from payments.actions.refunds import give_back
from payments.addresses import billing_token, billing_url
from payments.dues import ZERO, balance
from payments.models import Concern, Invoice, Payment, Refund, SellerSettings, StripeEvent
from payments.open_items import open_invoices

log = logging.getLogger("payments")

#: Stripe refuses a session that ends sooner.
SHORTEST_SESSION = timedelta(minutes=30)
#: A few minutes more, so that an attempt Stripe did not answer can be made again.
SESSION_LIFETIME = timedelta(minutes=34)
#: Held seats outlive the session: a payment made in its last second still finds them.
HOLD_BEYOND_SESSION = timedelta(minutes=10)
#: A delayed method (bank transfer and the like) takes days; the seats wait for it, counted from the order.
HOLD_WHILE_PROCESSING = timedelta(days=10)
#: Money came that is not what was asked: so long the seats wait for somebody to look.
HOLD_FOR_A_PERSON = timedelta(days=5)


class NothingToPay(Exception):
    """Nothing is due, or the time to pay has passed."""


class Asked(NamedTuple):
    """What a payment page asks for, and the open invoice that does."""

    amount: Decimal
    invoice: Invoice | None

    def is_of(self, payment: Payment) -> bool:
        return payment.is_for(self.amount) and payment.pays_id == (self.invoice.pk if self.invoice else None)


def _asked(registration: Registration, invoice: Invoice | None) -> Asked:
    """The open amount of this invoice, or of the one due first; without any, all that is due."""
    due = balance(registration)
    listed = open_invoices(timezone.localdate()).filter(registration=registration)
    asked = (listed.filter(pk=invoice.pk) if invoice else listed).first()
    if asked is not None:
        return Asked(min(due, asked.open_amount), asked)
    return Asked(ZERO if invoice else due, None)


def start_checkout(*, registration: Registration, at: datetime, invoice: Invoice | None = None) -> Payment:
    """The payment to send the contact to: the one still open, or a new one. Never inside a transaction.

    Where an invoice is open the payment pays that one (Payment.pays), or `invoice`, and is not invoiced again.
    Raises NothingToPay, GatewayDown, GatewayRefused. The attempt is written before Stripe is called, and its key is
    the idempotency key, so that a crash in between asks for the same session again.
    """
    payment = _attempt(registration, at, invoice)
    if payment.session_id and not _asked(registration, invoice).is_of(payment):
        gateway.expire_checkout(payment.session_id)  # seats were given up since: the open page asks for too much
        sync_checkout(payment.session_id, at=at)
        payment = _attempt(registration, at, invoice)
    if payment.session_id and payment.is_payable(at):
        return payment
    if payment.session_id:
        sync_checkout(payment.session_id, at=at)  # its page has closed: was it paid, or did it just expire?
        payment = _attempt(registration, at, invoice)
        if payment.session_id:
            return payment
    until = _expiry(payment) + HOLD_BEYOND_SESSION
    is_held = events.extend_hold(registration=registration, until=until, at=at)
    if registration.status == Registration.Status.HELD and not is_held:
        Payment.objects.filter(pk=payment.pk).update(status=Payment.Status.FAILED, note="The hold ran out first.")
        raise NothingToPay
    try:
        checkout = open_session(payment)
    except gateway.GatewayRefused as error:
        Payment.objects.filter(pk=payment.pk).update(status=Payment.Status.FAILED, note=str(error)[:250])
        raise
    Payment.objects.filter(pk=payment.pk, status=Payment.Status.CREATED).update(
        status=Payment.Status.OPEN, session_id=checkout.session_id, session_url=checkout.url
    )
    payment.refresh_from_db()
    return payment


@transaction.atomic
def _attempt(registration: Registration, at: datetime, invoice: Invoice | None = None) -> Payment:
    """The attempt under way, or a new one. The registration's lock keeps two clicks from making two."""
    registration = Registration.objects.select_for_update(of=("self",), no_key=True).get(pk=registration.pk)
    asked = _asked(registration, invoice)
    if asked.invoice is None:
        _must_be_payable(registration, at)
    payment = registration.payments.under_way().first()
    if payment is not None and payment.status == Payment.Status.CREATED:
        is_too_old = _expiry(payment) < at + SHORTEST_SESSION
        if is_too_old or not asked.is_of(payment):
            # Stripe never answered, and would refuse so short a session now, or be asked for what is not due any more.
            payment.status = Payment.Status.FAILED
            payment.save(update_fields=["status"])
            payment = None
    if payment is not None:
        return payment
    if Concern.objects.open().filter(payment__registration=registration, kind=Concern.Kind.MISMATCH).exists():
        raise NothingToPay  # money came that a person has to look at first: nobody pays twice for that
    is_late = registration.pay_by is not None and at > registration.pay_by
    if asked.amount <= 0 or (is_late and registration.status == Registration.Status.HELD):
        raise NothingToPay
    payment = Payment.objects.create(
        registration=registration,
        amount=asked.amount,
        pays=asked.invoice,
        created_at=at,
        session_expires_at=at + SESSION_LIFETIME,
    )
    plan_payment(payment)
    return payment


def _must_be_payable(registration: Registration, at: datetime) -> None:
    """Held and in time, or confirmed with a difference still due."""
    if registration.status == Registration.Status.CONFIRMED:
        return
    if registration.status != Registration.Status.HELD:
        raise NothingToPay
    if registration.hold_expires_at is None or registration.hold_expires_at <= at:
        raise NothingToPay


def _expiry(payment: Payment) -> datetime:
    assert payment.session_expires_at is not None  # noqa: S101  (written with the attempt)
    return payment.session_expires_at


def open_session(payment: Payment) -> gateway.Checkout:
    """Ask Stripe for the page of this attempt; asked again it is the same. Raises GatewayDown, GatewayRefused."""
    registration = payment.registration
    with override(registration.language):
        page = registration.event.page_in(registration.language)
        title = page.title if page else registration.event.name
        lines = [
            gateway.Line(
                name=title[:250],
                description=_("%(ticket)s for %(name)s")
                % {"ticket": line.attendee.ticket_type.name, "name": line.attendee.name},
                amount=line.gross,
                quantity=1,
            )
            for line in payment.lines.select_related("attendee__ticket_type")
        ]
        back = absolute(reverse("payments:return"))
        # Whoever pays an invoice may be the bookkeeping: it sees what is to be paid, and cancels nobody's place.
        token = billing_token(registration) if payment.pays_id else registration.manage_token
        left = billing_url(registration) if payment.pays_id else manage_url(registration)
    return gateway.create_checkout(
        lines=lines,
        currency=payment.currency,
        language=registration.language,
        email=registration.email,
        reference=registration.reference,
        payment_pk=payment.pk,
        # The page behind it opens the registration, so it wants the contact's own token: a session's id is no secret.
        success_url=f"{back}?token={token}&session_id={{CHECKOUT_SESSION_ID}}",
        cancel_url=left,
        expires_at=_expiry(payment),
        idempotency_key=payment.idempotency_key,
    )


def sync_checkout(session_id: str, *, at: datetime) -> Payment | None:
    """Fetch the session from Stripe and make our records agree with it. None when it is not ours.

    Safe to call any number of times, in any order, at once. Raises GatewayDown or GatewayRefused. A session of ours
    that Stripe does not know (the keys were changed) is over.
    """
    try:
        checkout = gateway.fetch_checkout(session_id)
    except gateway.NotAtStripe:
        return _over(session_id)
    return agree_with(checkout, at=at)


def agree_with(checkout: gateway.Checkout, *, at: datetime) -> Payment | None:
    """Make our records agree with what Stripe says of a session. None when it is not ours."""
    payment = _ours(checkout)
    if payment is None:
        return None
    if checkout.is_paid:
        if _differs(payment, checkout):
            _receive_mismatch(payment, checkout, at)
        else:
            _receive(payment, checkout, at)
            _settle(payment, at)
    elif checkout.has_failed:
        _fail_slow_payment(payment, at)
    elif checkout.is_complete:
        _follow_slow_payment(payment, at)
    elif not checkout.is_open:
        Payment.objects.filter(pk=payment.pk, status__in=Payment.UNDER_WAY).update(status=Payment.Status.EXPIRED)
    payment.refresh_from_db()
    return payment


def _over(session_id: str) -> Payment | None:
    ours = Payment.objects.filter(session_id=session_id)
    if ours.filter(status__in=Payment.UNDER_WAY).update(
        status=Payment.Status.EXPIRED, note="Stripe does not know this session."
    ):
        log.error("Stripe does not know session %s", session_id)
    return ours.first()


def _ours(checkout: gateway.Checkout) -> Payment | None:
    """The payment of this session. A session we lost the answer of is found by what we wrote in it."""
    found = Payment.objects.select_related("registration__event").filter(session_id=checkout.session_id).first()
    if found is not None:
        return found
    if not checkout.payment_pk.isdigit():
        return None
    adopted = Payment.objects.filter(
        pk=int(checkout.payment_pk), registration__reference=checkout.reference, session_id__isnull=True
    )
    adopted.update(session_id=checkout.session_id, session_url=checkout.url)
    return Payment.objects.select_related("registration__event").filter(session_id=checkout.session_id).first()


def _differs(payment: Payment, checkout: gateway.Checkout) -> bool:
    return (checkout.amount, checkout.currency, checkout.reference) != (
        payment.amount,
        payment.currency,
        payment.registration.reference,
    )


@transaction.atomic
def _receive_mismatch(payment: Payment, checkout: gateway.Checkout, at: datetime) -> None:
    """Money came that is not what we asked. It is booked when it is euro, the seats wait, and a person decides."""
    note = f"Stripe says {checkout.amount:.2f} {checkout.currency} for {checkout.reference or 'nobody'}"
    lock_event(payment.registration.event_id)
    registration = lock_registration(payment.registration_id)
    locked = Payment.objects.select_for_update(of=("self",), no_key=True).get(pk=payment.pk)
    if locked.status in Payment.CAME:
        _note_fee(locked, checkout, at)
        return
    locked.status = Payment.Status.MISMATCH
    locked.note = note[:250]
    locked.payment_intent_id = checkout.intent_id
    locked.charge_id = checkout.charge_id
    locked.received_amount = checkout.amount
    locked.received_currency = checkout.currency if checkout.currency != CURRENCY else ""
    locked.paid_at = checkout.paid_at or at
    came = ["received_amount", "received_currency", "paid_at"]
    locked.save(update_fields=["status", "note", "payment_intent_id", "charge_id", *came])
    source = checkout.charge_id or checkout.intent_id
    if not locked.stands_apart:
        book_unmatched(locked, amount=checkout.amount, source=source, at=at)
    _hear_again(locked, at)
    _note_fee(locked, checkout, at)
    Concern.raise_once(Concern.Kind.MISMATCH, source, payment=locked, text=note, at=at)
    until = min(at + HOLD_FOR_A_PERSON, registration.event.starts_at)
    events.extend_hold(registration=registration, until=until, at=at)
    letters.write("payment_differs", registration, occasion=str(locked.pk), at=at)


@transaction.atomic
def _receive(payment: Payment, checkout: gateway.Checkout, at: datetime) -> None:
    """Money first: commit that it came, before anything about seats can fail."""
    locked = Payment.objects.select_for_update(of=("self",), no_key=True).get(pk=payment.pk)
    paid_at = checkout.paid_at or at
    source = checkout.charge_id or checkout.intent_id
    if locked.status != Payment.Status.PAID:
        locked.status = Payment.Status.PAID
        locked.paid_at = paid_at
        locked.payment_intent_id = checkout.intent_id
        locked.charge_id = checkout.charge_id
        locked.save(update_fields=["status", "paid_at", "payment_intent_id", "charge_id"])
        book_payment(locked, source=source, occurred_at=paid_at, at=at)
        _hear_again(locked, at)
    _note_fee(locked, checkout, at)


def _hear_again(locked: Payment, at: datetime) -> None:
    """Notices about this money came before we knew that it is ours."""
    StripeEvent.objects.told_too_early(since=locked.created_at).update(
        status=StripeEvent.Status.RECEIVED, next_attempt_at=at
    )


def _note_fee(locked: Payment, checkout: gateway.Checkout, at: datetime) -> None:
    """What Stripe kept, once it says so; of its own currency nothing, until a payout shows it."""
    if locked.stands_apart:
        return
    if locked.fee is None and checkout.fee is not None and checkout.fee_currency == locked.currency:
        locked.fee = checkout.fee
        locked.save(update_fields=["fee"])
        paid_at = locked.paid_at or at
        book_fee(locked, fee=checkout.fee, source=checkout.fee_source, occurred_at=paid_at, at=at)


def _settle(payment: Payment, at: datetime) -> None:
    """Then seats: give them, or give the money back and say so. Broken off here, the sweep does it again."""
    if not Payment.objects.unsettled().filter(pk=payment.pk).exists():
        return
    reason = Refund.Reason.PRICE_CHANGED  # a page that asked for seats given up since
    try:
        events.confirm(registration=payment.registration, at=at)
    except SeatGone:
        was_cancelled = Registration.objects.filter(
            pk=payment.registration_id, status=Registration.Status.CANCELLED
        ).exists()
        reason = Refund.Reason.CANCELLED if was_cancelled else Refund.Reason.SEAT_GONE
    with transaction.atomic():
        event = lock_event(payment.registration.event_id)
        # A hold that ran out and was not ended yet still claims its price; ended, its money is too much.
        events.end_lapsed_holds(event, at=at)
        registration = lock_registration(payment.registration_id)
        if event.status == Event.Status.CANCELLED:
            reason = Refund.Reason.EVENT_CANCELLED  # the buyer cancelled nothing
        if payment.pays is not None:
            tell_received(payment, payment.pays.in_force, more=ZERO, at=at)
        by_person = event.paid_without_seat == Event.PaidWithoutSeat.PERSON
        if reason == Refund.Reason.SEAT_GONE and by_person and balance(registration) < 0:
            Concern.raise_once(
                Concern.Kind.NO_SEAT,
                payment.charge_id or str(payment.pk),
                payment=payment,
                at=at,
                text=registration.reference,
            )
            letters.write("paid_without_seat", registration, occasion=str(payment.pk), at=at)
        else:
            if reason != Refund.Reason.EVENT_CANCELLED or SellerSettings.load().gives_back_at_once:
                give_back(registration=registration, reason=reason, at=at)  # else with the rest of the visit, confirmed
            Payment.objects.filter(pk=payment.pk).update(settled_at=at)
        events.offer_free_seats(event, at=at)
        invoice_payment(payment=payment, at=at)  # its number is the last lock


def _follow_slow_payment(payment: Payment, at: datetime) -> None:
    """Complete but not paid: a delayed method. Keep the seats until the money is there or has failed."""
    Payment.objects.filter(pk=payment.pk, status__in=Payment.UNDER_WAY).update(status=Payment.Status.PROCESSING)
    until = min(payment.created_at + HOLD_WHILE_PROCESSING, payment.registration.event.starts_at)
    events.extend_hold(registration=payment.registration, until=until, at=at)


def _fail_slow_payment(payment: Payment, at: datetime) -> None:
    """A delayed payment failed for good: the attempt is over and its seats are given up."""
    if Payment.objects.filter(pk=payment.pk, status__in=Payment.UNDER_WAY).update(status=Payment.Status.FAILED):
        events.release_hold(registration=payment.registration, at=at)


def withdraw_checkout(*, registration: Registration, at: datetime) -> None:
    """Stop asking for what is not owed any more: close the payment pages. Raises GatewayDown.

    A payment that slipped in first is found by sync_checkout, and given back.
    """
    for payment in registration.payments.under_way().filter(session_id__isnull=False):
        gateway.expire_checkout(str(payment.session_id))
        sync_checkout(str(payment.session_id), at=at)

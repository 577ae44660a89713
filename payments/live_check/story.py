"""The steps. Each asks Stripe through the code the site uses, and compares the answer with what that code relies on.

Everything of ours happens in one transaction that is rolled back; what was made at Stripe is labelled, and undone as
far as Stripe lets anybody.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from events import actions as events
from events.models import Event, Registration
from payments import actions
from payments import stripe_gateway as gateway
from payments.actions.checkout import agree_with, open_session
from payments.live_check import scratch
from payments.live_check.table import Table
from payments.models import Concern, LedgerEntry, Payment, Refund, StripeEvent
from payments.stripe_gateway import trial

PRICE = scratch.PRICE
ZERO = Decimal("0.00")
#: What Stripe does by itself (a fee, a dispute, a notice) is there within this; a buyer takes longer.
STRIPE_SECONDS = 60
PAYOUTS = 5


class Stopped(Exception):
    """A step came out so that the next ones say nothing."""


def euro(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _said(movement: gateway.Movement) -> str:
    return f"{movement.category}, {euro(movement.amount)} less {euro(movement.fee)} is {euro(movement.net)}"


class LiveCheck:
    """One run. `say` is told what the owner has to do meanwhile."""

    def __init__(self, *, say: Callable[[str], Any], with_api: bool, wait: float, poll: float) -> None:
        self.say, self.with_api, self.wait, self.poll = say, with_api, wait, poll
        self.table = Table()
        self.began = timezone.now()
        self._step = "begin"
        self._count = 0
        self._left: dict[str, Decimal] = {}
        self._open: list[str] = []
        #: Balance transactions at Stripe that are about our scratch registrations.
        self._moved: list[gateway.Movement] = []

    def run(self) -> Table:
        """Tell the story, undo it, and answer what was seen. Nothing of it stays in the site's database."""
        with transaction.atomic():
            try:
                self._tell()
            except Stopped:
                pass
            except gateway.GatewayError as error:
                self.table.broke(self._step, error)
            finally:
                transaction.set_rollback(True)
                self._undo()
        return self.table

    def _tell(self) -> None:
        event = scratch.visit(self.began)
        registration, payment = self._ask(event, seats=2)
        self._asked_twice(payment)
        paid = self._paid(payment)
        self._noticed(payment, paid)
        self._booked(registration, payment, paid)
        self._partly_given_back(registration, payment)
        self._disputed(event)
        self._never_paid(event)
        self._adds_up()
        self._paid_out()

    def _expect(self, step: str, expected: object, seen: object) -> bool:
        self._step = step
        return self.table.expect(step, expected, seen)

    def _until(self, question: Callable[[], Any], seconds: float) -> Any:
        """Ask until there is an answer; None when there is none in time."""
        deadline = time.monotonic() + seconds
        while not (answer := question()) and time.monotonic() < deadline:
            time.sleep(self.poll)
        return answer or None

    # --- A session, as the site opens it --------------------------------------------------------------------------

    def _ask(self, event: Event, *, seats: int) -> tuple[Registration, Payment]:
        self._count += 1
        self._step = f"session {self._count} opened"
        at = timezone.now()
        registration = scratch.register(event, number=self._count, seats=seats, at=at)
        payment = actions.start_checkout(registration=registration, at=at)
        self._open.append(str(payment.session_id))
        trial.label_session(str(payment.session_id))
        told = gateway.fetch_checkout(str(payment.session_id))
        self._expect(
            self._step,
            f"open, {euro(PRICE * seats)} EUR, {registration.reference}",
            f"{'open' if told.is_open else 'closed'}, {euro(told.amount)} {told.currency}, {told.reference}",
        )
        return registration, payment

    def _asked_twice(self, payment: Payment) -> None:
        self._step = "the same key again"
        self._expect("the same key again", payment.session_id, open_session(payment).session_id)
        self._step = "the same key for another amount"
        try:
            gateway.create_checkout(
                lines=[gateway.Line("Live check", "Another amount", Decimal("1.00"), 1)],
                currency="EUR",
                language="en",
                email="live-check@example.org",
                reference=payment.registration.reference,
                payment_pk=payment.pk,
                success_url="https://example.org/",
                cancel_url="https://example.org/",
                expires_at=timezone.now() + timedelta(minutes=34),
                idempotency_key=payment.idempotency_key,
            )
        except gateway.GatewayRefused:
            self._expect("the same key for another amount", "refused", "refused")
        else:
            self._expect("the same key for another amount", "refused", "taken")

    # --- Paid, told, booked ---------------------------------------------------------------------------------------

    def _paid(self, payment: Payment) -> gateway.Checkout:
        self._step = "paid"
        session_id = str(payment.session_id)
        if self.with_api:
            paid = self._pay_by_card(payment, "pm_card_visa")
        else:
            self.say(f"Pay with test card 4242 4242 4242 4242 within {self.wait:.0f} s: {payment.session_url}")
            if self._until(lambda: gateway.fetch_checkout(session_id).is_paid, self.wait):
                self._until(lambda: gateway.fetch_checkout(session_id).fee is not None, STRIPE_SECONDS)
            paid = gateway.fetch_checkout(session_id)
        if paid.intent_id:
            trial.label_payment(paid.intent_id)
            self._left[paid.intent_id] = paid.amount if paid.is_paid else ZERO
        self._expect(
            "paid",
            f"paid, {euro(2 * PRICE)} EUR, with its fee",
            f"{'paid' if paid.is_paid else 'not paid'}, {euro(paid.amount)} {paid.currency}, "
            f"{'without' if paid.fee is None else 'with'} its fee",
        )
        if not paid.is_paid:
            raise Stopped
        return paid

    def _pay_by_card(self, payment: Payment, card: trial.Card) -> gateway.Checkout:
        """In place of the session, which only a buyer can pay."""
        told = gateway.fetch_checkout(str(payment.session_id))
        return trial.pay_with_card(told, card=card, idempotency_key=f"{payment.idempotency_key}-{card}")

    def _noticed(self, payment: Payment, paid: gateway.Checkout) -> None:
        """Told to the site by webhook; else by Stripe's own log, which the site's duty reads too."""
        self._step = "told"
        kind = "payment_intent.succeeded" if self.with_api else "checkout.session.completed"
        about = paid.intent_id if self.with_api else str(payment.session_id)

        def in_the_log() -> bool:
            return any(notice.object_id == about for notice in gateway.notices_since(self.began, [kind]))

        came = StripeEvent.objects.filter(type=kind, object_id=about).exists()
        seen = kind if came or self._until(in_the_log, STRIPE_SECONDS) else "nothing"
        self.say("Its notice came by webhook." if came else "No webhook came: its notice was read from Stripe's log.")
        self._expect("told", kind, seen)

    def _booked(self, registration: Registration, payment: Payment, paid: gateway.Checkout) -> None:
        self._step = "booked"
        agree_with(paid, at=timezone.now())
        agree_with(paid, at=timezone.now())  # told twice
        payment.refresh_from_db()
        registration.refresh_from_db()
        fee = paid.fee or ZERO
        self._expect(
            "booked",
            f"paid, confirmed, payment {euro(2 * PRICE)}, fee {euro(-fee)}",
            f"{payment.status}, {registration.status}, {self._ledger(registration)}",
        )
        movement = trial.fetch_movement(paid.fee_source)
        self._moved.append(movement)
        self._expect(
            "balance transaction of the payment",
            f"charge, {euro(2 * PRICE)} less {euro(fee)} is {euro(2 * PRICE - fee)}",
            _said(movement),
        )

    def _ledger(self, *registrations: Registration) -> str:
        rows = LedgerEntry.objects.filter(registration__in=registrations).order_by("pk")
        return ", ".join(f"{kind} {euro(amount)}" for kind, amount in rows.values_list("kind", "amount"))

    # --- Given back, disputed, never paid -------------------------------------------------------------------------

    def _partly_given_back(self, registration: Registration, payment: Payment) -> None:
        self._step = "partly given back"
        seat = registration.attendees.earliest("pk")
        events.cancel(registration=registration, attendee_ids=[seat.pk], at=timezone.now())
        refund = Refund.objects.get(payment=payment)
        refund = actions.carry_out_refund(refund.pk, at=timezone.now())
        self._expect("partly given back", f"succeeded, {PRICE}", f"{refund.status}, {refund.amount}")
        if not refund.refund_id:
            raise Stopped
        self._left[payment.payment_intent_id] -= refund.amount
        trial.label_refund(refund.refund_id)
        self._step = "the same refund again"
        again = gateway.create_refund(
            intent_id=payment.payment_intent_id,
            amount=refund.amount,
            reference=registration.reference,
            refund_pk=refund.pk,
            idempotency_key=refund.idempotency_key,
        )
        self._expect("the same refund again", refund.refund_id, again.refund_id)
        self._step = "refund booked"
        actions.sync_refund(refund.refund_id, at=timezone.now())
        booked = LedgerEntry.objects.filter(refund=refund).aggregate(total=Sum("amount"))["total"]
        self._expect("refund booked", -PRICE, booked)
        movement = trial.fetch_movement(trial.movement_of_refund(refund.refund_id))
        self._moved.append(movement)
        self._expect(
            "balance transaction of the refund",
            f"refund, {euro(-PRICE)} less 0.00 is {euro(-PRICE)}",
            _said(movement),
        )

    def _disputed(self, event: Event) -> None:
        registration, payment = self._ask(event, seats=1)
        self._step = "disputed"
        paid = self._pay_by_card(payment, "pm_card_createDispute")
        agree_with(paid, at=timezone.now())
        self._moved.append(trial.fetch_movement(paid.fee_source))
        found = self._until(lambda: trial.disputes_of(paid.intent_id), STRIPE_SECONDS)
        if not found:
            self._expect("disputed", f"a dispute of {PRICE}", "none")
            return
        dispute = gateway.fetch_dispute(found[0])
        self._moved += dispute.movements
        fees = sum((movement.fee for movement in dispute.movements), start=ZERO)
        self._expect("disputed", f"a dispute of {PRICE}", f"a dispute of {euro(dispute.amount)}")
        self._step = "dispute booked"
        actions.sync_dispute(dispute.dispute_id, at=timezone.now())
        self._expect(
            "dispute booked",
            f"payment {PRICE}, fee {euro(-(paid.fee or ZERO))}, dispute {-PRICE}"
            + (f", dispute_fee {euro(-fees)}" if fees else ""),
            self._ledger(registration),
        )
        asked = Concern.objects.open().filter(payment=payment).values_list("kind", flat=True)
        self._expect("a person is asked", "dispute", ", ".join(asked))

    def _never_paid(self, event: Event) -> None:
        _registration, payment = self._ask(event, seats=1)
        self._step = "never paid"
        gateway.expire_checkout(str(payment.session_id))
        actions.sync_checkout(str(payment.session_id), at=timezone.now())
        payment.refresh_from_db()
        self._expect("never paid", "expired", payment.status)

    # --- Together -------------------------------------------------------------------------------------------------

    def _adds_up(self) -> None:
        self._step = "our ledger is Stripe's balance"
        ours = LedgerEntry.objects.filter(registration__event__name=scratch.NAME, recorded_at__gte=self.began)
        total = ours.aggregate(total=Sum("amount"))["total"] or ZERO
        self._expect(self._step, euro(sum((movement.net for movement in self._moved), start=ZERO)), euro(total))

    def _paid_out(self) -> None:
        """Automatic payouts of this account so far; a new test account has none."""
        self._step = "payouts"
        complete = [p for p in gateway.payouts_since(self.began - timedelta(days=90)) if p.is_complete][:PAYOUTS]
        for payout in complete:
            gathered = sum((movement.net for movement in gateway.movements_of(payout.payout_id)), start=ZERO)
            self._expect(f"payout {payout.payout_id}", euro(payout.amount), euro(gathered))
        if not complete:
            self.say("No complete payout in the last 90 days: nothing to compare.")
        self._expect("payouts listed", len(complete), sum(r.step.startswith("payout po_") for r in self.table.rows))

    # --- Undone ---------------------------------------------------------------------------------------------------

    def _undo(self) -> None:
        """Pages closed, money given back. A disputed payment cannot be given back: Stripe's rule."""
        for session_id in self._open:
            self._try(f"undone: page {session_id[-6:]} closed", partial(gateway.expire_checkout, session_id))
        for intent_id, left in self._left.items():
            if left > 0:
                step = f"undone: {euro(left)} of {intent_id[-6:]} given back"
                self._try(step, partial(trial.give_all_back, intent_id, left))

    def _try(self, step: str, deed: Callable[[], None]) -> None:
        try:
            deed()
        except gateway.GatewayError as error:
            self.table.expect(step, "done", f"not done, look for live_check in the dashboard: {error}")
        else:
            self.table.expect(step, "done", "done")

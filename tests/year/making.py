"""Making the year day by day, by the deeds of the product, with the stand-in's money on the stand-in's clock."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import ROUND_DOWN, Decimal
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from events import actions as events
from events.models import CancellationStep, Event, Registration
from payments import actions, duties
from payments.actions.closing import close_month, first_of
from payments.models import Concern, PartnerShare, Partnership
from payments.open_items import open_amount, open_invoices
from payments.sandbox import Sandbox
from tests import factories
from tests.payments.by_invoice_support import TOWN
from tests.year import plan
from tests.year.bank import Bank, is_day_of_statement

DAY = timedelta(days=1)
CENT = Decimal("0.01")


def moment(day: date, hour: int = 0, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=timezone.get_default_timezone())


class Clock:
    """The one clock of the year; the stand-in reads it too."""

    def __init__(self) -> None:
        self.at = moment(plan.FIRST)

    def __call__(self) -> float:
        return self.at.timestamp()


def standing_in(clock: Clock) -> Sandbox:
    """A stand-in on this clock. What a slow method takes is decided here, not by its own clock."""
    return Sandbox(deliver="manual", late_seconds=400 * 86_400, now=clock)


class Year:
    """`size` registrations. `run()` gives each month right after it was closed."""

    def __init__(self, stripe: Sandbox, clock: Clock, *, size: int, seed: int = plan.SEED) -> None:
        self.stripe, self.clock, self.size = stripe, clock, size
        self.chance = random.Random(seed)
        deal = partial(plan.dealt, chance=self.chance)
        self.ways, self.seats = deal(plan.WAYS), deal(plan.SEATS)
        self.fates = {"online": deal(plan.ONLINE), "invoice": deal(plan.INVOICE), "free": deal(plan.FREE)}
        self.bank = Bank(plan.FIRST)
        self.made = 0
        #: Registration -> [(from this day on, visit)]: our own memory, nothing of it is read from the database.
        self.places: dict[int, list[tuple[date, Event]]] = {}
        self._acts: list[tuple[date, int, Callable[[], object]]] = []
        self._numbers = count()
        factories.seller()
        self.organiser = factories.user("admin")
        scheme = factories.scheme()
        member = factories.member(scheme)
        self.membership = member.memberships.get()
        self.partners = [factories.organisation(f"Partner {number}") for number in range(3)]
        self.visits = [self._visit(number, scheme) for number in range(140)]

    def _visit(self, number: int, scheme: Any) -> Event:
        day = plan.FIRST + (6 + plan.DAYS_BETWEEN_VISITS * number) * DAY
        tariff = plan.TARIFFS[number % len(plan.TARIFFS)]
        visit = factories.event(
            name=f"Bezoek {number + 1}",
            capacity=10_000,
            starts_at=moment(day, 13),
            scheme=scheme if tariff.price else None,
            invoice_until_days=3,
            **tariff.facts,
        )
        for days, percent in ((14, 50), (3, 100)):
            CancellationStep.objects.create(event=visit, days_before=days, fee_percent=percent)
        if number % plan.PARTNERED_VISITS == 0:
            owner, *others = self.partners
            partnership = Partnership(event=visit, owner=owner)
            shares = ("33.34", "33.33", "33.33")
            partnership.shares = [
                PartnerShare(organisation=partner, percentage=Decimal(share))
                for partner, share in zip([owner, *others], shares, strict=True)
            ]
            with transaction.atomic():  # the shares are added up when it ends
                partnership.save()
        if number % plan.CANCELLED_VISITS == plan.CANCELLED_VISITS - 2:
            self._later(day - 10 * DAY, lambda: self._cancel_visit(visit))
        return visit

    # --- Day by day -------------------------------------------------------------------------------------------------

    def run(self) -> Iterator[date]:
        day = plan.FIRST
        while day <= plan.LAST:
            if day.day == plan.CLOSED_ON and day > plan.FIRST + 20 * DAY:
                yield self._close(first_of(first_of(day) - DAY))
            self.clock.at = moment(day, 8)
            if day.weekday() == 0:
                self._pay_out()
            if day.day == 15:
                self.stripe.charge_fee(150)
                self.bank.charges()
            if day.year == plan.FIRST.year:
                self._register(day)
            self.clock.at = moment(day, 18)
            while self._acts and self._acts[0][0] <= day:
                self.clock.at += timedelta(seconds=1)
                heappop(self._acts)[2]()
            self._do_the_duties(day)
            day += DAY

    def _later(self, day: date, act: Callable[[], object]) -> None:
        heappush(self._acts, (day, next(self._numbers), act))

    def _in(self, days: int, act: Callable[[], object], before: Event | None = None) -> None:
        """So many days from now, and before the visit starts when it says so."""
        day = self.clock.at.date() + days * DAY
        self._later(min(day, before.date - DAY) if before is not None else day, act)

    def _close(self, month: date) -> date:
        self.clock.at += timedelta(hours=9)
        close_month(month=month, by=self.organiser, at=self.clock.at)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as autovacuum does in a month
        return month

    def _do_the_duties(self, day: date) -> None:
        self.clock.at = at = moment(day, 22)
        events.expire_holds(at=at)
        for duty in (
            duties.sweep_payments,
            duties.carry_out_refunds,
            duties.follow_payouts,
            duties.match_bank,
            duties.follow_moves,
            duties.book_service_fees,
        ):
            while (done := duty(at=at)) and done.startswith(f"{duties.MOST} "):
                pass  # a full round: there may be more
        actions.issue_missing(at=at)
        if is_day_of_statement(day):
            self.bank.send_statement(at)
        self._forget_notices()

    def _forget_notices(self) -> None:
        """The stand-in's memory of a whole year of notices and answers would be what is measured."""
        state = self.stripe.state
        with state.change():
            state.objects["event"].clear()
            state.undelivered.clear()
            state.idempotency.clear()

    def _pay_out(self) -> None:
        """Mondays. The one of mid-June is sent back by the bank the next morning, and is in the next one."""
        transactions = self.stripe.state.objects["balance_transaction"]
        if sum(txn["net"] for txn in transactions.values()) < 1:
            return
        payout = self.stripe.create_payout()["id"]
        actions.sync_payout(payout, at=self.clock.at)
        if self.clock.at.date().isocalendar().week == 24:
            self._in(0, lambda: self._send_back(payout))

    def _send_back(self, payout: str) -> None:
        self.stripe.fail_payout(payout)
        actions.sync_payout(payout, at=self.clock.at)

    # --- Coming -----------------------------------------------------------------------------------------------------

    def _register(self, day: date) -> None:
        days = 365
        until = self.size * (day.timetuple().tm_yday) // days
        while self.made < until:
            self.made += 1
            self.clock.at += timedelta(seconds=30)
            way = next(self.ways)
            getattr(self, f"_come_{way}")(next(self.fates[way]))

    def _some_visit(self, *, paid: bool) -> Event:
        today = self.clock.at.date()
        near = [
            visit
            for visit in self.visits
            if 5 <= (visit.date - today).days <= 75 and visit.status == "scheduled" and self._is_paid(visit) >= paid
        ]
        return self.chance.choice(near)

    def _is_paid(self, visit: Event) -> bool:
        return plan.TARIFFS[self.visits.index(visit) % len(plan.TARIFFS)].price is not None

    def _order(self, visit: Event, **facts: Any) -> Registration:
        order = factories.order(seats=next(self.seats), language=self.chance.choice(["nl", "en"]), **facts)
        registration = events.register(event=visit, order=order, at=self.clock.at)
        self.places[registration.pk] = [(self.clock.at.date(), visit)]
        return registration

    def _come_free(self, fate: str) -> None:
        visit = self._some_visit(paid=False)
        registration = self._order(visit, membership=self.membership if self._is_paid(visit) else None)
        self._follow(registration, fate)

    def _come_online(self, fate: str) -> None:
        registration = self._order(self._some_visit(paid=True))
        at = self.clock.at
        payment = actions.start_checkout(registration=registration, at=at)
        if fate == "cancelled before paying":
            events.cancel(registration=registration, at=at)
        if fate in {"abandoned", "cancelled before paying"}:
            return
        slow = fate.startswith("slow")
        self.stripe.pay(payment.session_id, "pay_late" if slow else "pay")
        actions.sync_checkout(payment.session_id, at=at)
        if slow:
            self._in(3, lambda: self._end_slowly(payment.session_id, fate == "slow method"))
        self._follow(registration, fate)

    def _come_invoice(self, fate: str) -> None:
        buyer = replace(TOWN, purchase_order="", po_follows=True) if "order number" in fate else TOWN
        registration = self._order(self._some_visit(paid=True), billing_method="invoice", billing=buyer)
        paid = {
            "paid": [(20, "1.0")],
            "paid in two": [(15, "0.4"), (40, "1.0")],
            "paid too much": [(12, "1.1")],
            "paid late": [(75, "1.0")],
            "paid, then an order number": [(20, "1.0")],
            "an order number, then paid": [(50, "1.0")],
            "paid, then cancelled": [(4, "1.0")],
            "paid, then price lowered": [(4, "1.0")],
            "substituted": [(10, "1.0")],
            "price lowered": [(30, "1.0")],
            "moved": [(8, "1.0")],
        }
        for days, part in paid.get(fate, []):
            self._in(days, lambda part=part: self._transfer(registration.pk, Decimal(part)))
        if fate == "paid online":
            self._in(6, lambda: self._pay_invoice_online(registration.pk))
        if "order number" in fate:
            self._in(40, lambda: self._number(registration.pk))
        self._follow(registration, fate.removeprefix("paid, then "))

    # --- What becomes of them ---------------------------------------------------------------------------------------

    def _follow(self, registration: Registration, fate: str) -> None:
        pk, visit, days = registration.pk, registration.event, self.chance.randint(5, 40)
        deeds: dict[str, Callable[[], object]] = {
            "cancelled": lambda: events.cancel(registration=_live(pk), at=self.clock.at),
            "cancelled in part": lambda: self._cancel_one(pk),
            "price lowered": lambda: self._lower(pk),
            "moved": lambda: self._move(pk),
            "substituted": lambda: self._substitute(pk),
            "member after all": lambda: self._grant(pk),
            "dispute lost": lambda: self._dispute(pk, won=False),
            "dispute won": lambda: self._dispute(pk, won=True),
            "refunded in the dashboard": lambda: self._refund_outside(pk),
            "refund sent back": lambda: self._cancel_in_vain(pk),
        }
        if fate in deeds:
            self._in(days, deeds[fate], before=visit)

    def _end_slowly(self, session_id: str, succeed: bool) -> None:
        self.stripe.settle(session_id, succeed)
        actions.sync_checkout(session_id, at=self.clock.at)

    def _number(self, pk: int) -> None:
        registration = _live(pk)
        if not registration.is_ended:
            actions.add_purchase_order(registration=registration, number=f"BB-{pk}", at=self.clock.at)

    def _transfer(self, pk: int, part: Decimal) -> None:
        invoice = open_invoices(self.clock.at.date()).filter(registration=pk).first()
        if invoice is not None:
            amount = (open_amount(invoice) * part).quantize(CENT, ROUND_DOWN)
            self.bank.comes_in(amount, invoice.payment_reference)

    def _pay_invoice_online(self, pk: int) -> None:
        registration = Registration.objects.get(pk=pk)
        if open_invoices(self.clock.at.date()).filter(registration=pk).exists():
            payment = actions.start_checkout(registration=registration, at=self.clock.at)
            self.stripe.pay(payment.session_id)
            actions.sync_checkout(payment.session_id, at=self.clock.at)

    def _cancel_visit(self, visit: Event) -> None:
        events.cancel_event(event=visit, at=self.clock.at, by=self.organiser, why="Ziekte.")
        visit.refresh_from_db()

    def _cancel_one(self, pk: int) -> None:
        registration = _live(pk)
        seat = registration.attendees.live().order_by("-pk").first()
        if seat is not None:
            events.cancel(registration=registration, attendee_ids=[seat.pk], at=self.clock.at)

    def _lower(self, pk: int) -> None:
        registration = _live(pk)
        amounts = {
            seat.pk: (seat.owed * Decimal("0.7")).quantize(CENT) for seat in registration.attendees.live() if seat.owed
        }
        if amounts:
            events.lower_prices(
                registration=registration, amounts=amounts, at=self.clock.at, by=self.organiser, why="Minder plaats."
            )

    def _move(self, pk: int) -> None:
        registration = _live(pk)
        if registration.status == "confirmed":
            here = registration.event
            drawn = (self._some_visit(paid=True) for _time in range(20))
            same_vat = (to for to in drawn if (to.vat_country, to.vat_rate) == (here.vat_country, here.vat_rate))
            to = next(same_vat, here)
            if to.pk != here.pk:
                events.move(registration=registration, to=to, at=self.clock.at, by=self.organiser, why="Op vraag.")
                self.places[pk].append((self.clock.at.date(), to))

    def _substitute(self, pk: int) -> None:
        registration = _live(pk)
        seat = registration.attendees.live().first()
        if seat is not None:
            person = events.Attending("Chris", "Wouters", f"chris{seat.pk}@example.org")
            events.substitute(registration=registration, attendee_id=seat.pk, person=person, at=self.clock.at)

    def _grant(self, pk: int) -> None:
        registration = _live(pk)
        if not registration.is_ended:
            events.grant(
                registration=registration, membership=self.membership, at=self.clock.at, by=self.organiser, why="Lid."
            )

    def _intent(self, pk: int) -> str:
        return str(_live(pk).payments.get(status="paid").payment_intent_id)

    def _dispute(self, pk: int, *, won: bool) -> None:
        dispute = self.stripe.open_dispute(self._intent(pk))["id"]
        actions.sync_dispute(dispute, at=self.clock.at)
        self._in(20, lambda: self._end_dispute(dispute, won))

    def _end_dispute(self, dispute: str, won: bool) -> None:
        self.stripe.close_dispute(dispute, won=won)
        actions.sync_dispute(dispute, at=self.clock.at)

    def _refund_outside(self, pk: int) -> None:
        if not _live(pk).is_ended:
            refund = self.stripe.refund_in_dashboard(self._intent(pk), 1234)
            actions.sync_refund(refund["id"], at=self.clock.at)

    def _cancel_in_vain(self, pk: int) -> None:
        """Everything goes back, arrives nowhere, and is transferred by hand four days later."""
        registration = _live(pk)
        if not registration.is_ended:
            events.cancel(registration=registration, at=self.clock.at, by=self.organiser, free_of_charge=True)
            self._in(1, lambda: self._bounce(pk))

    def _bounce(self, pk: int) -> None:
        for refund in _live(pk).payments.get(status="paid").refunds.exclude(refund_id=None):
            self.stripe.fail_refund(refund.refund_id)
            actions.sync_refund(refund.refund_id, at=self.clock.at)
            self._in(4, lambda refund=refund: self._give_by_hand(refund.pk, refund.amount, _live(pk).reference))

    def _give_by_hand(self, refund: int, amount: Decimal, reference: str) -> None:
        concern = Concern.objects.open().get(kind=Concern.Kind.REFUND_FAILED, source=str(refund))
        actions.decide(
            concern=concern, decision="by_hand", by=self.organiser, remark="Overgeschreven", at=self.clock.at
        )
        self.bank.goes_out(amount, reference)
        self.bank.given_back.append((self.clock.at.date(), amount))


def _live(pk: int) -> Registration:
    return Registration.objects.select_related("event").get(pk=pk)

"""Random histories over several visits: after every step, everything that must always be true is true.

hypothesis drives the real deeds on PostgreSQL, with the real payments where they are installed; the clock may pass
without the duties, so that deeds meet what lapsed. TOUR_HISTORIES=5000 runs more of them.
"""

import os
from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal

import hypothesis.strategies as st
import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from events import actions
from events.actions import Approver, Attending
from events.models import Approval, Attendee, Event, Membership, Offer, Registration
from events.refusals import Refusal
from tests import factories
from tests.conftest import NOON

#: Without payments everything is free and less can happen: fewer histories there.
HISTORIES = int(os.environ.get("TOUR_HISTORIES", "200" if factories.has_payments() else "40"))
STEPS = int(os.environ.get("TOUR_STEPS", "30"))
SHARDS = 4
Status = Registration.Status
PAID = factories.has_payments()

pick = st.integers(0, 10**6)
seats = st.integers(1, 4)


def owed(registration: Registration) -> Decimal:
    return sum((seat.owed for seat in registration.attendees.all()), start=Decimal(0))


def in_hand() -> dict[int, Decimal]:
    """For each registration: what was received less what was given back, or decided to be."""
    from payments.models import Payment, Refund  # noqa: PLC0415

    received = Payment.objects.filter(status="paid").order_by().values_list("registration").annotate(n=Sum("amount"))
    back = Refund.objects.exclude(status="failed").order_by()
    given = dict(back.values_list("payment__registration").annotate(n=Sum("amount")))
    return {pk: amount - given.get(pk, Decimal(0)) for pk, amount in received}


class Histories(RuleBasedStateMachine):
    """Two visits with a price, one free; a clock that only goes forward; people who do anything at any time."""

    @initialize()
    def visits(self) -> None:
        self.at: datetime = NOON
        if PAID:
            factories.seller()
        self.scheme = factories.scheme(quota_per_event=3)
        factories.member(self.scheme, code="LEDEN-2027", domain="leden.example")
        price = "95.00" if PAID else None
        member_price = self.scheme if PAID else None
        starts_at = NOON + timedelta(days=6)
        until = 2 if PAID else None
        self.events = [
            factories.event(
                capacity=4,
                price=price,
                scheme=member_price,
                waiting_list=True,
                starts_at=starts_at,
                invoice_until_days=until,
            ),
            factories.event(
                capacity=3,
                price=price,
                scheme=member_price,
                waiting_list=True,
                starts_at=starts_at,
                waiting_order=Event.WaitingOrder.MEMBERS_FIRST,
                requires_approval=True,
                invoice_until_days=until,
            ),
            factories.event(capacity=2, waiting_list=True, starts_at=starts_at + timedelta(days=2)),
        ]
        #: Seats an organiser took away below what was taken: the only way to be over capacity.
        self.lowered: dict[int, int] = {}
        self.registrations: list[Registration] = []
        #: Who owes or may have more than the rules of the quota say, by an organiser's deed.
        self.by_hand: set[int] = set()
        self.repriced: set[int] = set()
        self.offers_seen: set[int] = set()
        self.mailboxes = 0

    # --- What people do -------------------------------------------------------------------------------------------
    def _any(self, number: int) -> Registration:
        chosen = self.registrations[number % len(self.registrations)]
        return Registration.objects.get(pk=chosen.pk)

    def _try(self, deed, **arguments):
        try:
            return deed(at=self.at, **arguments)
        except Refusal:
            return None

    @rule(
        event=pick,
        seats=seats,
        part=st.booleans(),
        proof=st.sampled_from(["", "code", "mailbox"]),
        boss=st.booleans(),
        more=st.booleans(),
        invoice=st.booleans(),
    )
    def register(self, event, seats, part, proof, boss, more, invoice):
        self.mailboxes += 1
        order = factories.order(
            seats=seats,
            accepts_part=part,
            organisation_code="LEDEN-2027" if proof == "code" else "",
            email=f"lid{self.mailboxes}@leden.example" if proof == "mailbox" else "",
            approver=Approver("Baas", "baas@example.org") if boss else None,
            asks_for_more=more,
            billing_method="invoice" if invoice and PAID else "online",
        )
        chosen = self.events[event % len(self.events)]
        chosen = Event.objects.get(pk=chosen.pk)
        if (made := self._try(actions.register, event=chosen, order=order)) is not None:
            self.registrations.append(made)

    @precondition(lambda self: self.registrations)
    @rule(number=pick)
    def confirm_mailbox(self, number):
        asked = list(Registration.objects.filter(status=Status.UNCONFIRMED_EMAIL).order_by("pk"))
        self._try(actions.confirm_mailbox, registration=asked[number % len(asked)] if asked else self._any(number))

    @precondition(lambda self: self.registrations and PAID)
    @rule(number=pick)
    def open_a_page(self, number):
        owing = list(Registration.objects.filter(status=Status.HELD).order_by("pk"))
        factories.payment_page(owing[number % len(owing)] if owing else self._any(number), at=self.at)

    @precondition(lambda self: self.registrations and PAID)
    @rule(number=pick)
    def pay(self, number):
        """Also too late: a page that stayed open when its seats were given up, or became cheaper."""
        pages = factories.open_pages()
        if not pages:
            owing = Registration.objects.filter(status__in=[Status.HELD, Status.CONFIRMED]).order_by("pk")
            pages = [page for row in owing if (page := factories.payment_page(row, at=self.at))]
        if pages:
            factories.receive(pages[number % len(pages)], at=self.at)

    @precondition(lambda self: self.registrations)
    @rule(number=pick, some=st.booleans())
    def cancel(self, number, some):
        registration = self._any(number)
        mine = [seat.pk for seat in registration.attendees.live()]
        self._try(actions.cancel, registration=registration, attendee_ids=mine[:1] if some else [])

    @precondition(lambda self: self.registrations)
    @rule(number=pick)
    def substitute(self, number):
        registration = self._any(number)
        seat = registration.attendees.first()
        if seat is None:
            return
        email = factories.order().contact.email
        person = Attending("Cas", "Claes", email)
        self._try(actions.substitute, registration=registration, attendee_id=seat.pk, person=person)

    @precondition(lambda self: self.registrations)
    @rule(number=pick, deed=st.sampled_from([actions.accept_offer, actions.decline_offer, actions.take_free_seats]))
    def answer(self, number, deed):
        offered = list(Registration.objects.filter(status=Status.OFFERED).order_by("pk"))
        registration = offered[number % len(offered)] if offered else self._any(number)
        self._try(deed, registration=registration)

    @precondition(lambda self: self.registrations)
    @rule(number=pick, deed=st.sampled_from([actions.approve, actions.reject]))
    def answer_approval(self, number, deed):
        asked = list(Approval.objects.open().order_by("pk"))
        if asked:
            self._try(deed, approval=asked[number % len(asked)])

    @precondition(lambda self: self.registrations)
    @rule(number=pick, deed=st.sampled_from([actions.grant, actions.withdraw_entitlement]))
    def change_the_price(self, number, deed):
        registration = self._any(number)
        more = {"membership": Membership.objects.get()} if deed is actions.grant else {}
        if self._try(deed, registration=registration, by=None, why="Anders beslist.", **more) is not None:
            self.by_hand.add(registration.pk)
            self.repriced.add(registration.pk)

    @precondition(lambda self: self.registrations)
    @rule(number=pick, percent=st.sampled_from([0, 50, 90]))
    def lower_the_price(self, number, percent):
        registration = self._any(number)
        seat = registration.attendees.order_by("pk").first()
        if seat is None:
            return
        amounts = {seat.pk: (seat.owed * percent / 100).quantize(Decimal("0.01"))}
        deed = actions.lower_prices
        if self._try(deed, registration=registration, amounts=amounts, by=None, why="Afgesproken.") is not None:
            self.repriced.add(registration.pk)

    @precondition(lambda self: self.registrations)
    @rule(number=pick, to=pick)
    def move(self, number, to):
        registration = self._any(number)
        if self._try(actions.move, registration=registration, to=self._event(to), by=None, why="Verplaatst."):
            self.by_hand.add(registration.pk)

    def _event(self, number: int) -> Event:
        return Event.objects.get(pk=self.events[number % len(self.events)].pk)

    @rule(event=pick, capacity=st.integers(1, 6))
    def change_capacity(self, event, capacity):
        chosen = self._event(event)
        # Noted before: only what was taken before the change may be more than there is room for after it.
        self.lowered[chosen.pk] = max(0, chosen.seats_taken(self.at) - capacity)
        chosen.capacity = capacity
        self._try(actions.change_event, event=chosen, changed=["capacity"])

    @rule(event=pick, hours=st.sampled_from([-20, 30, 70]))
    def change_date(self, event, hours):
        chosen = self._event(event)
        chosen.starts_at += timedelta(hours=hours)
        chosen.ends_at += timedelta(hours=hours)
        if chosen.starts_at > self.at:
            self._try(actions.change_event, event=chosen, changed=["starts_at", "ends_at"])

    @rule(hours=st.sampled_from([1, 12, 30]), duties=st.booleans())
    def time_passes(self, hours, duties):
        self.at += timedelta(hours=hours)
        for _twice in range(2 if duties else 0):
            actions.expire_holds(at=self.at)
            actions.offer_seats(at=self.at)
        assert not duties or not Registration.objects.lapsed(self.at).exists()

    # --- What is always true --------------------------------------------------------------------------------------
    @invariant()
    def no_more_seats_are_taken_than_there_are(self):
        for event in Event.objects.all():
            taken = event.seats_taken(self.at)
            over = taken - event.capacity
            assert over <= self.lowered.get(event.pk, 0), (event.pk, taken, event.capacity)
            self.lowered[event.pk] = max(0, over)  # what was given back is not taken again

    @invariant()
    def nobody_has_two_seats_at_one_visit(self):
        live = Attendee.objects.live().named().values_list("event_id", "email")
        assert [twice for twice, count in Counter(live).items() if count > 1] == []

    @invariant()
    def a_registration_that_ended_has_no_seat_and_one_that_did_not_has_one(self):
        for registration in Registration.objects.prefetch_related("attendees"):
            live = [seat for seat in registration.attendees.all() if seat.released_at is None]
            assert bool(live) != registration.is_ended, registration.status

    @invariant()
    def no_seat_is_in_two_offers_and_open_offers_are_of_those_who_were_offered(self):
        open_offers = Offer.objects.open().select_related("registration")
        assert all(offer.registration.status == Status.OFFERED for offer in open_offers)
        for offer in open_offers:
            assert offer.attendees.live().count() == offer.seats
            assert set(offer.attendees.values_list("registration", flat=True)) <= {offer.registration_id}
        offered = Registration.objects.filter(status=Status.OFFERED)
        assert offered.count() == len({offer.registration_id for offer in open_offers})

    def _line(self, event: Event, *, also: Collection[int] = ()) -> list[Registration]:
        """The line as the event's rule says it, sorted here: who waits now, the rest of a group too, and these."""
        ranks = {"first_come": [], "members_first": ["member", "interested"]}[event.waiting_order]
        rest = set(event.attendees.live().filter(offer__isnull=True).values_list("registration", flat=True))
        parts = {r.pk for r in event.registrations.all() if r.status == Status.OFFERED and r.pk in rest}
        waits = [r for r in event.registrations.all() if r.status == Status.WAITING or r.pk in parts or r.pk in also]
        return sorted(
            waits,
            key=lambda r: (
                ranks.index(r.line) if r.line in ranks else len(ranks),
                r.created_at,
                r.split_from_id or r.pk,
                r.pk,
            ),
        )

    @invariant()
    def the_line_is_in_order_from_first_to_last(self):
        """And whoever stands first could not be served: too few seats are free, and a part is not wanted."""
        for event in Event.objects.prefetch_related("registrations"):
            line = self._line(event)
            assert [r.pk for r in Registration.objects.line(event)] == [r.pk for r in line]
            waiting = [(place, r) for place, r in enumerate(line, start=1) if r.status == Status.WAITING]
            assert all(r.place_in_line() == place for place, r in waiting)
            # A hold that ran out is ended by the next deed or duty; until then its seats are nobody's.
            is_settled = not event.registrations.lapsed(self.at).exists()
            if not is_settled or self.at >= event.last_call_at - timedelta(hours=2):
                continue
            unserved = event.attendees.live().filter(offer__isnull=True) if line else event.attendees.none()
            counts = Counter(unserved.values_list("registration", flat=True))
            sizes = [(r, counts[r.pk]) for r in line]
            servable = [(r, size) for r, size in sizes if size <= event.capacity or r.accepts_part]
            if servable:
                first, wanted = servable[0]
                free = event.seats_left(self.at)
                assert wanted > free and not (free and first.accepts_part), (wanted, free)

    @invariant()
    def nobody_is_offered_a_seat_before_who_stands_in_front(self):
        for offer in Offer.objects.open().select_related("registration__event"):
            if offer.pk in self.offers_seen:
                continue
            event = offer.registration.event
            line = self._line(event, also=[offer.registration_id])
            before = line[: [r.pk for r in line].index(offer.registration_id)]
            wanting = [(r, r.attendees.live().filter(offer__isnull=True).count()) for r in before]
            assert all(wanted > event.capacity and not r.accepts_part for r, wanted in wanting)
            self.offers_seen.add(offer.pk)

    @invariant()
    def what_is_owed_is_the_prices_of_live_seats_and_what_is_kept_of_others(self):
        for registration in Registration.objects.prefetch_related("attendees__ticket_type"):
            seats = list(registration.attendees.all())
            prices = sum((seat.price_incl_vat for seat in seats if seat.released_at is None), start=Decimal(0))
            assert registration.total_incl_vat == prices
            assert all(seat.fee_kept <= seat.price_incl_vat for seat in seats)

    @invariant()
    def the_money_in_hand_is_what_is_owed_and_never_more(self):
        """Received less given back: nothing before paying, the prices once confirmed, what is kept at the end."""
        received = in_hand() if PAID else {}
        for registration in Registration.objects.prefetch_related("attendees") if received else []:
            had, owes = received.get(registration.pk, Decimal(0)), owed(registration)
            assert Decimal(0) <= had <= owes, (registration.status, had, owes)
            first_paid = not registration.is_by_invoice
            if registration.status == Status.CONFIRMED and first_paid and registration.pk not in self.repriced:
                assert had == owes, (had, owes)

    @invariant()
    def what_the_invoices_ask_is_what_is_owed(self):
        """Of what is by invoice, once it is certain: seat by seat, invoices less credit notes."""
        by_invoice = Registration.objects.filter(billing_method="invoice", confirmed_at__isnull=False) if PAID else []
        for registration in by_invoice:
            for seat in registration.attendees.all():
                lines = seat.invoice_lines.filter(invoice__payment__isnull=True).select_related("invoice")
                asked = sum(
                    (-row.gross if row.invoice.is_credit_note else row.gross for row in lines), start=Decimal(0)
                )
                assert asked == seat.owed, (registration.status, asked, seat.owed)

    @invariant()
    def the_quota_is_kept_but_for_what_an_organiser_allowed(self):
        for event in self.events if hasattr(self, "events") else []:
            used = Attendee.objects.live().filter(event=event, ticket_type__scheme__isnull=False)
            used = used.exclude(registration__in=self.by_hand).exclude(registration__split_from__in=self.by_hand)
            asked = used.filter(registration__approvals__private_note__contains="quota")
            assert used.count() - asked.distinct().count() <= 3


class Rolled(Histories):
    """Each history in a transaction of its own, rolled back at its end."""

    def __init__(self) -> None:
        self._block = transaction.atomic()
        self._block.__enter__()
        super().__init__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._block.__exit__(None, None, None)


@pytest.mark.django_db
@pytest.mark.parametrize("shard", range(SHARDS))
def test_whatever_happens_the_rules_hold(shard: int) -> None:
    """In shards, so that two cores share the work; the seed makes each the same again."""
    machine = seed(shard)(type(f"Shard{shard}", (Rolled,), {}))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=HISTORIES // SHARDS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            # What breaks a rule is told as it was found; TOUR_SHRINK=1 looks for the shortest, which takes long.
            phases=[Phase.generate, *([Phase.shrink] if "TOUR_SHRINK" in os.environ else [])],
        ),
    )

"""The event's lock: with it nothing is oversold; without it, in the very same test, it is."""

import contextlib
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError

import pytest

from events import actions
from events.actions.members import import_members
from events.models import Event, Letter, Offer, Registration
from events.refusals import AlreadyRegistered, FullyBooked, Refusal
from tests import factories
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
Status = Registration.Status


def test_fifty_at_once_for_five_seats_take_exactly_five(at):
    event = factories.event(capacity=5)
    orders = [factories.order() for _client in range(50)]

    results = at_once([lambda order=order: actions.register(event=event, order=order, at=at) for order in orders])

    assert sum(isinstance(result, Registration) for result in results) == 5
    assert sum(isinstance(result, FullyBooked) for result in results) == 45
    assert event.seats_taken(at) == 5


def test_without_the_lock_the_same_clients_oversell(at, monkeypatch):
    """The control: if this passes with the lock off, the test above proves nothing."""
    event = factories.event(capacity=1)
    both_have_counted = Barrier(2)

    def unlocked(event_id: int) -> Event:
        return Event.objects.get(pk=event_id)

    count = Event.seats_for_newcomers

    def count_and_wait(self: Event, moment: object) -> int:
        free = count(self, moment)
        with contextlib.suppress(BrokenBarrierError):
            both_have_counted.wait(5)
        return free

    monkeypatch.setattr("events.actions.registering.lock_event", unlocked)
    monkeypatch.setattr(Event, "seats_for_newcomers", count_and_wait)
    monkeypatch.setattr(Event, "availability", lambda self, moment: "open")
    orders = [factories.order() for _client in range(2)]

    at_once([lambda order=order: actions.register(event=event, order=order, at=at) for order in orders])

    assert event.seats_taken(at) == 2


def test_with_the_lock_the_forced_interleaving_cannot_happen(at, monkeypatch):
    event = factories.event(capacity=1)
    both_have_counted = Barrier(2)
    count = Event.seats_for_newcomers

    def count_and_wait(self: Event, moment: object) -> int:
        free = count(self, moment)
        with suppress(BrokenBarrierError):
            both_have_counted.wait(1)  # the other one stands before the lock and never comes
        return free

    monkeypatch.setattr(Event, "seats_for_newcomers", count_and_wait)
    monkeypatch.setattr(Event, "availability", lambda self, moment: "open")
    orders = [factories.order() for _client in range(2)]

    results = at_once([lambda order=order: actions.register(event=event, order=order, at=at) for order in orders])

    assert event.seats_taken(at) == 1
    assert sorted(type(result).__name__ for result in results) == ["FullyBooked", "Registration"]


def test_the_same_key_sent_ten_times_at_once_is_one_registration(at):
    event = factories.event()
    order = factories.order(idempotency_key="sleutel")

    results = at_once([lambda: actions.register(event=event, order=order, at=at)] * 10)

    assert {result.pk for result in results} == {Registration.objects.get().pk}
    assert Letter.objects.count() == 1


def test_one_person_at_two_desks_gets_one_seat(at):
    event = factories.event()
    orders = [factories.order(email="an@example.org") for _desk in range(6)]

    results = at_once([lambda order=order: actions.register(event=event, order=order, at=at) for order in orders])

    assert sum(isinstance(result, AlreadyRegistered) for result in results) == 5
    assert event.seats_taken(at) == 1


def test_the_expiry_duty_running_twice_at_once_ends_each_hold_once(at):
    scheme = factories.scheme()
    factories.member(scheme, domain="proef.example")
    event = factories.event(capacity=5, scheme=scheme)
    for number in range(5):
        order = factories.order(email=f"an{number}@proef.example")
        registration = actions.register(event=event, order=order, at=at)
    end = registration.hold_expires_at

    results = at_once([lambda: actions.expire_holds(at=end)] * 4)

    assert sum(results) == 5
    assert Letter.objects.filter(kind="hold_expired").count() == 5
    assert event.seats_left(end) == 5


def served(event, at):
    """(seats taken, people in two states): what has to be true after any rush."""
    taken = event.seats_taken(at)
    open_offers = Offer.objects.open().values_list("registration_id", flat=True)
    doubled = [pk for pk in open_offers if Registration.objects.get(pk=pk).status != Status.OFFERED]
    return taken, doubled


def test_sixty_four_clients_on_the_last_twenty_seats_cancel_accept_and_register_at_once(at):
    event = factories.event(capacity=20, waiting_list=True)
    seated = [actions.register(event=event, order=factories.order(), at=at) for _seat in range(20)]
    waiting = [actions.register(event=event, order=factories.order(), at=at) for _place in range(12)]
    for registration in seated[:6]:
        actions.cancel(registration=registration, at=at)
    offered = Registration.objects.filter(status=Status.OFFERED).order_by("pk")
    assert offered.count() == 6
    rush = [
        *[lambda r=r: actions.cancel(registration=r, at=at) for r in seated[6:16]],
        *[lambda r=r: actions.accept_offer(registration=r, at=at) for r in list(offered) * 2],
        *[lambda r=r: actions.decline_offer(registration=r, at=at) for r in offered[:3]],
        *[lambda r=r: actions.cancel(registration=r, at=at) for r in waiting[6:9]],
        *[lambda: actions.offer_seats(at=at)] * 4,
    ]
    newcomers = [factories.order() for _client in range(64 - len(rush))]
    rush += [lambda o=o: actions.register(event=event, order=o, at=at) for o in newcomers]

    results = at_once(rush)

    wrong = [result for result in results if isinstance(result, Exception) and not isinstance(result, Refusal)]
    assert (len(rush), wrong) == (64, [])
    assert served(event, at) == (20, [])
    line = list(Registration.objects.waiting_in_order(event))
    assert [registration.created_at for registration in line] == sorted(r.created_at for r in line)
    assert Registration.objects.count() == 32 + len(newcomers)  # nobody was lost


def test_a_double_click_on_accept_seats_once(at):
    event = factories.event(capacity=1, waiting_list=True)
    seated = actions.register(event=event, order=factories.order(), at=at)
    waiting = actions.register(event=event, order=factories.order(), at=at)
    actions.cancel(registration=seated, at=at)

    results = at_once([lambda: actions.accept_offer(registration=waiting, at=at)] * 8)

    assert [result for result in results if isinstance(result, Exception)] == []
    assert (event.seats_taken(at), waiting.letters.filter(kind="confirmed").count()) == (1, 1)


def test_accepting_at_the_moment_the_offer_ends_has_one_outcome(at):
    event = factories.event(capacity=1, waiting_list=True)
    seated = actions.register(event=event, order=factories.order(), at=at)
    first, second = (actions.register(event=event, order=factories.order(), at=at) for _place in range(2))
    actions.cancel(registration=seated, at=at)
    end = first.offers.get().expires_at

    at_once([
        *[lambda: actions.accept_offer(registration=first, at=end - timedelta(seconds=1))] * 3,
        *[lambda: actions.expire_holds(at=end)] * 3,
    ])  # fmt: skip

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) in [(Status.CONFIRMED, Status.WAITING), (Status.EXPIRED, Status.OFFERED)]
    assert event.seats_taken(end) == 1


def test_a_year_quota_holds_over_two_visits_at_once(at):
    scheme = factories.scheme(quota_per_year=3)
    factories.member(scheme, code="GENT-2027")
    visits = [factories.event(scheme=scheme) for _visit in range(2)]
    orders = [(event, factories.order(organisation_code="GENT-2027")) for event in visits for _client in range(5)]

    results = at_once([lambda e=e, o=o: actions.register(event=e, order=o, at=at) for e, o in orders])

    assert sorted(result.status for result in results) == ["awaiting_approval"] * 7 + ["confirmed"] * 3


def test_two_organisers_changing_the_capacity_at_once_lose_no_seat_and_offer_none_twice(at):
    event = factories.event(capacity=1, waiting_list=True)
    actions.register(event=event, order=factories.order(), at=at)
    for _place in range(6):
        actions.register(event=event, order=factories.order(), at=at)

    def to(capacity):
        mine = Event.objects.get(pk=event.pk)
        mine.capacity = capacity
        return actions.change_event(event=mine, changed=["capacity"], at=at)

    results = at_once([lambda: to(3), lambda: to(4), *[lambda: actions.offer_seats(at=at)] * 2])

    assert [result for result in results if isinstance(result, Exception)] == []
    event.refresh_from_db()
    taken, doubled = served(event, at)
    assert (taken in {3, 4}, taken >= event.capacity or not event.seats_left(at), doubled) == (True, True, [])


def test_a_visit_cancelled_while_a_form_is_saved_stays_cancelled(at):
    """The form was opened before, and waits for the lock with everything it read."""
    for _round in range(5):
        event = factories.event(capacity=30)
        for _registration in range(5):
            actions.register(event=event, order=factories.order(), at=at)
        form = Event.objects.get(pk=event.pk)
        form.capacity = 40

        results = at_once(
            [
                lambda event=event: actions.cancel_event(event=event, at=at),
                lambda form=form: actions.change_event(event=form, changed=["capacity"], at=at),
            ]
        )

        assert not [result for result in results if isinstance(result, Exception)]
        event.refresh_from_db()
        assert (event.status, event.capacity) == ("cancelled", 40)
        assert {registration.status for registration in event.registrations.all()} == {Status.CANCELLED}


def test_two_imports_in_opposite_order_and_the_desk_beside_them_never_deadlock(at):
    scheme = factories.scheme(quota_per_year=50)
    members = [factories.member(scheme, code=f"CODE-{number}") for number in range(4)]
    event = factories.event(scheme=scheme, capacity=60)
    rows = [{"organisation": member.name, "scheme": scheme.slug} for member in members]
    orders = [factories.order(organisation_code=f"CODE-{number % 4}") for number in range(6)]

    results = at_once(
        [
            *(
                lambda number=number: import_members(
                    rows=[row | {"evidence": f"e{number}"} for row in (rows if number % 2 else rows[::-1])],
                    dry_run=False,
                    at=at,
                )
                for number in range(4)
            ),
            *(lambda order=order: actions.register(event=event, order=order, at=at) for order in orders),
        ]
    )

    assert [result for result in results if isinstance(result, Exception)] == []

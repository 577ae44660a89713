"""The event's lock: with it nothing is oversold; without it, in the very same test, it is."""

import contextlib
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest

from events import actions
from events.models import Event, Letter, Registration
from events.refusals import AlreadyRegistered, FullyBooked
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

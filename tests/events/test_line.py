"""The waiting list: offers in the order of the line, parts of groups, the last day, and what people answer."""

from datetime import timedelta

import pytest

from events import actions, letters
from events.models import Event, Letter, Registration
from events.refusals import MoreThanThereAre, OfferGone
from tests import factories

pytestmark = pytest.mark.django_db
Status = Registration.Status
needs_payments = pytest.mark.skipif(not factories.has_payments(), reason="seats are free only without payments")


def register(event, at, **order):
    return actions.register(event=event, order=factories.order(**order), at=at)


def full(at, *, capacity=1, **facts):
    """(an event whose seats one registration has, that registration)."""
    event = factories.event(capacity=capacity, waiting_list=True, **facts)
    return event, register(event, at, seats=capacity)


def statuses(*registrations):
    return [Registration.objects.get(pk=registration.pk).status for registration in registrations]


def test_a_freed_seat_is_offered_to_the_first_of_the_line_and_to_nobody_else(at):
    event, seated = full(at)
    first, second = register(event, at), register(event, at)

    actions.cancel(registration=seated, at=at + timedelta(hours=1))

    assert statuses(first, second) == [Status.OFFERED, Status.WAITING]
    assert Letter.objects.filter(kind="offer").values_list("recipient", flat=True).get() == first.email
    assert event.seats_left(at + timedelta(hours=1)) == 0


def test_an_offer_that_passes_goes_to_the_next_and_leaves_the_first_out(at):
    event, seated = full(at)
    first, second = register(event, at), register(event, at)
    actions.cancel(registration=seated, at=at)
    after = at + timedelta(hours=event.offer_hours)

    actions.expire_holds(at=after)
    actions.expire_holds(at=after)

    assert statuses(first, second) == [Status.EXPIRED, Status.OFFERED]
    with pytest.raises(OfferGone):
        actions.accept_offer(registration=first, at=after)


def test_accepting_twice_seats_once(at):
    event, seated = full(at)
    waiting = register(event, at)
    actions.cancel(registration=seated, at=at)

    for _click in range(2):
        actions.accept_offer(registration=waiting, at=at)

    assert statuses(waiting) == [Status.CONFIRMED]
    assert waiting.letters.filter(kind="confirmed").count() == 1


def test_declining_leaves_the_line_and_the_next_has_the_offer(at):
    event, seated = full(at)
    first, second = register(event, at), register(event, at)
    actions.cancel(registration=seated, at=at)

    for _click in range(2):
        actions.decline_offer(registration=first, at=at)

    assert statuses(first, second) == [Status.CANCELLED, Status.OFFERED]
    assert [letter.kind for letter in first.letters.order_by("pk")] == ["waiting", "offer", "offer_declined"]


def test_a_newcomer_stands_behind_an_open_offer_and_behind_the_line(at):
    event, seated = full(at, capacity=2)
    register(event, at)
    actions.cancel(registration=seated, at=at)  # two free: one offered, one left over for newcomers

    newcomers = [register(event, at), register(event, at)]

    assert statuses(*newcomers) == [Status.CONFIRMED, Status.WAITING]


def test_a_group_that_takes_a_part_keeps_its_place_for_the_rest(at):
    event, _seated = full(at, capacity=3)
    group = register(event, at, seats=3, accepts_part=True)
    behind = register(event, at)
    one_of_three = event.registrations.get(status=Status.CONFIRMED)
    two = [seat.pk for seat in one_of_three.attendees.all()[:2]]
    actions.cancel(registration=one_of_three, attendee_ids=two, at=at)
    assert group.offers.get().seats == 2

    actions.accept_offer(registration=group, at=at)

    rest = Registration.objects.get(split_from=group)
    assert statuses(group, rest, behind) == [Status.CONFIRMED, Status.WAITING, Status.WAITING]
    assert (group.attendees.count(), rest.attendees.count()) == (2, 1)
    assert (rest.place_in_line(), Registration.objects.get(pk=behind.pk).place_in_line()) == (1, 2)


def test_what_comes_free_while_a_part_is_offered_is_added_to_the_offer_and_passes_nobody(at):
    event, seated = full(at, capacity=3)
    group = register(event, at, seats=3, accepts_part=True)
    behind = register(event, at)
    gives_up(seated, 1, at)
    later = at + timedelta(hours=5)

    gives_up(seated, 1, later)

    assert statuses(group, behind) == [Status.OFFERED, Status.WAITING]
    offer = group.offers.get()
    assert (offer.seats, offer.attendees.count(), offer.expires_at) == (
        2,
        2,
        later + timedelta(hours=event.offer_hours),
    )
    assert Registration.objects.get(pk=group.pk).hold_expires_at == offer.expires_at
    assert Event.objects.get(pk=event.pk).seats_left(later) == 0
    assert Registration.objects.get(pk=behind.pk).place_in_line() == 2
    assert [letter.facts["more"] for letter in group.letters.filter(kind="offer").order_by("pk")] == [0, 1]


def test_a_raised_capacity_reaches_the_rest_of_a_group_that_is_offered_a_part(at):
    event, seated = full(at, capacity=2)
    group = register(event, at, seats=2, accepts_part=True)
    gives_up(seated, 1, at)
    Event.objects.filter(pk=event.pk).update(capacity=3)

    assert [actions.offer_seats(at=at) for _twice in range(2)] == [1, 0]

    assert group.offers.get().seats == 2
    assert Registration.objects.get(pk=group.pk).place_in_line() is None


@pytest.mark.parametrize("answer", ["decline", "expire"])
def test_a_group_that_does_not_take_a_part_waits_on_for_all_its_seats(at, answer):
    event, seated = full(at, capacity=2)
    group = register(event, at, seats=2, accepts_part=True)
    actions.cancel(registration=seated, attendee_ids=[seated.attendees.first().pk], at=at)

    if answer == "decline":
        actions.decline_offer(registration=group, at=at)
    else:
        actions.expire_holds(at=at + timedelta(hours=48))

    group.refresh_from_db()
    assert (group.status, group.accepts_part, group.place_in_line()) == (Status.WAITING, False, 1)


def test_nobody_passes_a_group_for_which_there_are_too_few_seats_until_it_takes_a_part(at):
    event, seated = full(at, capacity=2)
    group, single = register(event, at, seats=2), register(event, at)

    actions.cancel(registration=seated, attendee_ids=[seated.attendees.first().pk], at=at)
    newcomer = register(event, at)
    assert statuses(group, single, newcomer) == [Status.WAITING] * 3

    actions.accept_part(registration=group, at=at)
    assert (statuses(group, single), group.offers.get().seats) == ([Status.OFFERED, Status.WAITING], 1)
    actions.decline_offer(registration=group, at=at)
    assert statuses(group, single) == [Status.WAITING, Status.WAITING]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Event.WaitingOrder.FIRST_COME, ["other", "interested", "member"]),
        (Event.WaitingOrder.MEMBERS_FIRST, ["member", "interested", "other"]),
        (Event.WaitingOrder.INTERESTED_FIRST, ["interested", "member", "other"]),
    ],
)
def test_the_line_follows_the_classes_the_event_sets(at, order, expected):
    event, _seated = full(at, waiting_order=order)
    for minutes, line in enumerate(["other", "interested", "member"]):
        waiting = register(event, at + timedelta(minutes=minutes))
        Registration.objects.filter(pk=waiting.pk).update(line=line)

    line = Registration.objects.waiting_in_order(event)

    assert [registration.line for registration in line] == expected
    assert [registration.place_in_line() for registration in line] == [1, 2, 3]


def test_an_offer_ends_at_the_latest_when_the_last_day_begins(at):
    event, seated = full(at, starts_at=at + timedelta(hours=34))
    waiting = register(event, at)

    actions.cancel(registration=seated, at=at)

    assert waiting.offers.get().expires_at == at + timedelta(hours=10)


def test_the_answer_through_the_mailed_link_proves_the_mailbox_and_the_other_does_not(at):
    scheme = factories.scheme()
    factories.member(scheme, domain="proef.example")
    for proves, expected in ((True, Status.CONFIRMED), (False, Status.UNCONFIRMED_EMAIL)):
        event = factories.event(capacity=1, scheme=scheme, waiting_list=True)
        factories.member(scheme, code=f"CODE-{proves}")
        seated = register(event, at, organisation_code=f"CODE-{proves}")
        waiting = register(event, at, email=f"an{proves}@proef.example")
        actions.cancel(registration=seated, at=at)

        actions.accept_offer(registration=waiting, at=at, proves_mailbox=proves)

        assert statuses(waiting) == [expected]


@needs_payments
def test_a_paid_offer_is_paid_within_its_time(at):
    event, seated = full(at, price="95.00")
    actions.confirm(registration=seated, at=at)
    first, second = register(event, at), register(event, at)
    actions.cancel(registration=seated, at=at)
    offer = first.offers.get()

    actions.accept_offer(registration=first, at=at + timedelta(hours=1))

    first.refresh_from_db()
    assert (first.status, first.hold_expires_at, first.pay_by) == (Status.HELD, offer.expires_at, offer.expires_at)
    actions.expire_holds(at=offer.expires_at)
    assert statuses(first, second) == [Status.EXPIRED, Status.OFFERED]


def test_a_raised_capacity_reaches_the_line_through_the_duty_once(at):
    event, _seated = full(at)
    waiting = [register(event, at) for _number in range(3)]
    Event.objects.filter(pk=event.pk).update(capacity=3)

    assert [actions.offer_seats(at=at), actions.offer_seats(at=at)] == [2, 0]
    assert statuses(*waiting) == [Status.OFFERED, Status.OFFERED, Status.WAITING]


def test_somebody_who_leaves_a_group_takes_their_seat_out_of_its_offer(at):
    event, seated = full(at, capacity=3)
    group = register(event, at, seats=3, accepts_part=True)
    two = [seat.pk for seat in seated.attendees.all()[:2]]
    actions.cancel(registration=seated, attendee_ids=two, at=at)
    first, second, third = group.attendees.order_by("pk")

    actions.cancel(registration=group, attendee_ids=[first.pk], at=at)

    # The seat that comes free by it is for the third, who was not offered one.
    offer = group.offers.get()
    assert (offer.seats, statuses(group)) == (2, [Status.OFFERED])
    assert list(offer.attendees.order_by("pk")) == [second, third]


def test_when_all_who_were_offered_a_seat_leave_the_rest_of_the_group_is_offered_one(at):
    event, seated = full(at, capacity=3)
    group = register(event, at, seats=3, accepts_part=True)
    gives_up(seated, 2, at)
    offered = [seat.pk for seat in group.attendees.order_by("pk")[:2]]

    actions.cancel(registration=group, attendee_ids=offered, at=at)

    assert [(offer.seats, offer.answer) for offer in group.offers.order_by("pk")] == [(2, "withdrawn"), (1, "")]
    assert event.seats_left(at) == 1


def approved_group(at, **facts):
    """A group of three on the line of a full visit where the organiser approves, and who has the seats."""
    event = factories.event(capacity=3, waiting_list=True, requires_approval=True, **facts)
    seated = register(event, at, seats=3)
    actions.approve(approval=seated.approvals.get(), at=at)
    return event, seated, register(event, at, seats=3, accepts_part=True)


def gives_up(registration, count, at):
    some = [seat.pk for seat in registration.attendees.live().order_by("pk")[:count]]
    actions.cancel(registration=registration, attendee_ids=some, at=at)


def test_each_part_of_a_group_waits_for_the_same_yes(at):
    _event, seated, group = approved_group(at)
    Registration.objects.get(pk=group.pk).approvals.update(private_note="veto")
    gives_up(seated, 2, at)
    actions.accept_offer(registration=group, at=at)
    rest = Registration.objects.get(split_from=group)
    actions.approve(approval=group.approvals.get(), at=at)
    gives_up(seated, 1, at)

    rest = actions.accept_offer(registration=rest, at=at)

    assert (rest.status, rest.approvals.get().private_note) == (Status.AWAITING_APPROVAL, "veto")
    assert statuses(group) == [Status.CONFIRMED]


def test_what_was_answered_for_a_group_counts_for_its_rest(at):
    _event, seated, group = approved_group(at)
    actions.approve(approval=group.approvals.get(), at=at)
    gives_up(seated, 2, at)
    actions.accept_offer(registration=group, at=at)
    rest = Registration.objects.get(split_from=group)
    gives_up(seated, 1, at)

    assert actions.accept_offer(registration=rest, at=at).status == Status.CONFIRMED


def test_the_rest_of_a_group_is_told_its_own_reference(at):
    event, _seated = full(at, capacity=3)
    group = register(event, at, seats=3, accepts_part=True)
    gives_up(event.registrations.get(status=Status.CONFIRMED), 2, at)
    actions.accept_offer(registration=group, at=at)
    rest = Registration.objects.get(split_from=group)

    letter = rest.letters.get()

    assert (letter.kind, letter.recipient) == ("rest_waits", group.email)
    said = letters.message(letter, at=at).body
    assert rest.reference in said and group.reference in said and rest.manage_token in said


def test_more_seats_than_the_visit_has_are_refused_with_the_number(at):
    event = factories.event(capacity=5, waiting_list=True)

    with pytest.raises(MoreThanThereAre, match="5"):
        register(event, at, seats=6)

    assert statuses(register(event, at)) == [Status.CONFIRMED]


def test_a_group_too_large_since_the_capacity_was_lowered_keeps_nothing_from_others(at):
    event, seated = full(at, capacity=4)
    group, behind = register(event, at, seats=4), register(event, at)
    Event.objects.filter(pk=event.pk).update(capacity=3)

    gives_up(seated, 3, at)

    assert statuses(group, behind) == [Status.WAITING, Status.OFFERED]
    assert statuses(register(event, at)) == [Status.CONFIRMED]


def test_the_organiser_hears_at_once_and_once_when_a_group_closes_the_visit_for_others(at):
    event = factories.event(capacity=3, waiting_list=True)
    register(event, at)

    group = register(event, at, seats=3)
    register(event, at)

    told = Letter.objects.get(kind="seats_kept")
    assert (told.recipient, told.registration) == (letters.organiser_email(), group)
    said = letters.message(told, at=at).body
    assert f"/admin/registrations/inspect/{group.pk}/" in said
    assert group.manage_token not in said


def test_an_offer_that_lapsed_is_ended_before_anybody_else_is_offered_its_seats(at):
    event = factories.event(capacity=3, waiting_list=True)
    two, one = register(event, at, seats=2), register(event, at)
    group, behind = register(event, at, seats=2, accepts_part=True), register(event, at)
    actions.cancel(registration=one, at=at)
    assert group.offers.get().seats == 1
    later = at + timedelta(hours=48, seconds=1)

    gives_up(two, 1, later)  # nobody ran the duties

    assert statuses(group, behind) == [Status.OFFERED, Status.WAITING]
    assert [(offer.seats, offer.answer) for offer in group.offers.order_by("pk")] == [(1, "expired"), (2, "")]


@pytest.mark.parametrize("deed", ["cancel", "release_hold", "offer_seats", "move"])
def test_whatever_frees_seats_ends_what_lapsed_first(at, deed):
    event, seated = full(at, capacity=2)
    first, second = register(event, at), register(event, at)
    gives_up(seated, 1, at)
    later = at + timedelta(hours=48)

    if deed == "cancel":
        actions.cancel(registration=seated, at=later)
    elif deed == "move":
        actions.move(registration=seated, to=factories.event(), at=later, by=None, why="x")
    elif deed == "offer_seats":
        actions.offer_seats(at=later)
    else:
        Registration.objects.filter(pk=seated.pk).update(status="held", hold_expires_at=later + timedelta(days=1))
        actions.release_hold(registration=seated, at=later)

    assert statuses(first, second) == [Status.EXPIRED, Status.OFFERED]

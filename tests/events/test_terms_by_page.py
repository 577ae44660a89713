"""What the terms mean, as the pages tell it: what is kept, withdrawing, the place in the line, the year's quota."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from cms.templatetags.cms_tags import clock, long_date
from events import actions, letters
from events.days import days_after, days_before
from events.models import CancellationStep, Membership, Registration
from tests import factories
from tests.events.test_event_pages import register_url, typed

pytestmark = pytest.mark.django_db
Status = Registration.Status
needs_payments = pytest.mark.skipif(not factories.has_payments(), reason="a price needs payments")


@pytest.fixture
def now():
    return timezone.now()


def text(answer):
    return " ".join(strip_tags(answer.content.decode()).split())


def at_page(client, name, registration, data=None):
    return client.get(reverse(f"events:{name}", args=[registration.manage_token]), data)


def mailed(registration, at):
    """The confirmation, as the contact reads it."""
    return letters.message(registration.letters.get(kind="confirmed"), at=at).body.replace("\xa0", " ")


@needs_payments
@pytest.mark.parametrize(
    ("days_left", "kept", "said"),
    [
        (30, "0.00", "U krijgt € 114,95 terug."),
        (10, "57.48", "Volgens de voorwaarden van uw bestelling houden we € 57,48 in; u krijgt € 57,47 terug."),
        (2, "114.95", "Volgens de voorwaarden van uw bestelling houden we € 114,95 in; u krijgt € 0,00 terug."),
    ],
)
def test_what_is_kept_of_a_paid_seat_is_told_before_it_is_given_up_and_then_is_kept(client, now, days_left, kept, said):
    event = factories.event(price="95.00", starts_at=now + timedelta(days=days_left))
    CancellationStep.objects.create(event=event, days_before=21, fee_percent=50)
    CancellationStep.objects.create(event=event, days_before=7, fee_percent=100)
    registration = actions.register(event=event, order=factories.order(), at=now)
    factories.pay(registration, at=now)
    seat = registration.attendees.get()

    question = at_page(client, "cancel", registration, {"attendees": seat.pk})
    assert said in text(question)
    assert registration.attendees.get().released_at is None
    client.post(reverse("events:cancel", args=[registration.manage_token]), {"attendees": seat.pk})

    seat.refresh_from_db()
    assert seat.fee_kept == Decimal(kept)
    shown = text(at_page(client, "manage", registration))
    assert ("ingehouden" in shown) == (kept != "0.00")


def test_where_the_visit_grants_it_the_order_is_withdrawn_from_by_its_page_in_two_steps(client, now):
    event = factories.event(starts_at=now + timedelta(days=30), withdrawal_days=14)
    registration = actions.register(event=event, order=factories.order(seats=2), at=now)

    link = reverse("events:withdraw", args=[registration.manage_token])
    assert f'href="{link}"' in at_page(client, "manage", registration).content.decode()
    assert "Herroeping bevestigen" in text(client.get(link))
    registration.refresh_from_db()
    assert registration.status == Status.CONFIRMED
    done = client.post(link, follow=True)

    registration.refresh_from_db()
    assert (registration.status, registration.attendees.live().count()) == (Status.CANCELLED, 0)
    assert done.status_code == 200
    assert registration.letters.filter(kind="withdrawn").count() == 1


@pytest.mark.parametrize("days", [None, 14])
def test_where_no_withdrawal_is_granted_or_its_days_are_over_the_page_offers_none(client, now, days):
    event = factories.event(starts_at=now + timedelta(days=30), withdrawal_days=days)
    registration = actions.register(event=event, order=factories.order(), at=now - timedelta(days=15))
    link = reverse("events:withdraw", args=[registration.manage_token])

    assert link not in at_page(client, "manage", registration).content.decode()
    assert "Herroeping bevestigen" not in text(client.get(link))
    assert client.post(link).status_code == 409
    registration.refresh_from_db()
    assert registration.status == Status.CONFIRMED


def overview(client, page):
    return text(client.post(register_url(page), typed()))


def test_the_right_of_withdrawal_stands_on_the_overview_and_in_the_confirmation_where_there_is_one(client, now):
    page = factories.event_page(factories.event(starts_at=now + timedelta(days=30), withdrawal_days=14))
    none = factories.event_page(factories.event(starts_at=now + timedelta(days=30)))
    registration = actions.register(event=page.event, order=factories.order(), at=now)
    without = actions.register(event=none.event, order=factories.order(), at=now)

    assert "Herroepingsrecht: tot 14 dagen na uw bestelling" in overview(client, page)
    assert "Herroepingsrecht" not in overview(client, none)
    until = now + timedelta(days=14)
    assert f"Herroepingsrecht: tot {long_date(until)}, {clock(until)}" in mailed(registration, now)
    assert "Herroepingsrecht" not in mailed(without, now)


def test_who_only_waits_is_offered_no_withdrawal_and_has_all_its_days_from_the_place_they_take(client, now):
    event = factories.event(capacity=1, waiting_list=True, withdrawal_days=14, starts_at=now + timedelta(days=60))
    page = factories.event_page(event)
    seated = actions.register(event=event, order=factories.order(), at=now - timedelta(days=20))
    waiting = actions.register(event=event, order=factories.order(), at=now - timedelta(days=20))
    link = reverse("events:withdraw", args=[waiting.manage_token])

    assert link not in at_page(client, "manage", waiting).content.decode()
    assert client.post(link).status_code == 409
    assert "Herroepingsrecht: zodra u een plaats neemt" in overview(client, page)
    actions.cancel(registration=seated, at=now)
    assert link not in at_page(client, "manage", waiting).content.decode()
    offer = text(client.get(reverse("events:offer", args=[waiting.mailbox_token])))
    assert "Herroepingsrecht: tot 14 dagen na uw bestelling" in offer
    taken = actions.accept_offer(registration=waiting, at=now)

    assert taken.withdrawal_until == days_after(now, 14)
    assert link in at_page(client, "manage", taken).content.decode()


@needs_payments
def test_the_confirmation_repeats_what_cancelling_costs(now):
    starts_at = now + timedelta(days=30)
    event = factories.event(price="95.00", starts_at=starts_at)
    CancellationStep.objects.create(event=event, days_before=14, fee_percent=50)
    registration = actions.register(event=event, order=factories.order(), at=now)
    factories.pay(registration, at=now)

    step = days_before(starts_at, 14)
    words = f"{long_date(step)}, {clock(step)}"
    told = mailed(registration, now)
    assert f"Annuleren:\nVóór {words}: kosteloos.\nVanaf {words}: we houden 50% van de prijs in." in told


@needs_payments
@pytest.mark.parametrize(
    ("days_left", "free", "steps"), [(30, True, [50, 100]), (20, False, [50, 100]), (2, False, [100])]
)
def test_a_ladder_names_only_the_steps_that_still_count(client, now, days_left, free, steps):
    event = factories.event(price="95.00", starts_at=now + timedelta(days=days_left))
    CancellationStep.objects.create(event=event, days_before=21, fee_percent=50)
    CancellationStep.objects.create(event=event, days_before=3, fee_percent=100)
    shown = overview(client, factories.event_page(event))

    told = [int(percent) for percent in re.findall(r"we houden (\d+)% van de prijs in", shown)]
    assert (": kosteloos." in shown.split("Een collega")[0], told) == (free, steps)


@pytest.mark.parametrize(
    ("order", "places"),
    [("first_come", [1, 2, 3]), ("members_first", [3, 2, 1]), ("interested_first", [3, 1, 2])],
)
def test_each_page_tells_the_place_in_the_line_its_class_gives(client, now, order, places):
    event = factories.event(capacity=1, waiting_list=True, waiting_order=order, starts_at=now + timedelta(days=30))
    actions.register(event=event, order=factories.order(), at=now)
    told = []
    line = []
    for minutes, kind in enumerate(("other", "interested", "member")):
        waiting = factories.order(line=kind)
        line.append(actions.register(event=event, order=waiting, at=now + timedelta(minutes=minutes)))

    for registration in line:
        found = re.search(r"nummer (\d+) van de wachtlijst", text(at_page(client, "manage", registration)))
        assert found
        told.append(int(found.group(1)))

    assert told == places


@needs_payments
def test_the_years_quota_used_at_one_visit_is_told_on_the_overview_of_another(client, now):
    scheme = factories.scheme(quota_per_event=None, quota_per_year=1)
    factories.member(scheme, code="STAD")
    starts_at = now + timedelta(days=30)
    first = factories.event(scheme=scheme, price="95.00", starts_at=starts_at)
    page = factories.event_page(factories.event(scheme=scheme, price="95.00", starts_at=starts_at))
    actions.register(event=first, order=factories.order(organisation_code="STAD"), at=now)

    answer = client.post(register_url(page), typed(organisation_code="STAD"))

    assert (answer.context["total"], answer.context["beyond_quota"]) == (Decimal("114.95"), 1)
    assert "1 plaats is tegen de normale prijs" in text(answer)


@needs_payments
@pytest.mark.parametrize(("absent", "free"), [(1, 2), (2, 1)])
def test_two_who_did_not_come_lower_what_the_next_overview_gives_free(client, now, absent, free):
    scheme = factories.scheme(quota_per_event=2)
    factories.member(scheme, code="STAD")
    past = factories.event(scheme=scheme, price="95.00", starts_at=now - timedelta(days=30))
    earlier = actions.register(
        event=past, order=factories.order(seats=2, organisation_code="STAD"), at=now - timedelta(days=40)
    )
    for seat in earlier.attendees.order_by("pk")[:absent]:
        actions.mark_attendance(attendee=seat, attended=False, at=now, by=None)
    page = factories.event_page(factories.event(scheme=scheme, price="95.00", starts_at=now + timedelta(days=30)))

    answer = client.post(
        register_url(page),
        typed(organisation_code="STAD", colleagues__TOTAL_FORMS="1")
        | {"colleagues-0-first_name": "Bo", "colleagues-0-last_name": "X", "colleagues-0-email": "bo@example.org"},
    )

    assert [kind.is_free for _person, kind in answer.context["places"]].count(True) == free
    assert Membership.objects.count() == 1

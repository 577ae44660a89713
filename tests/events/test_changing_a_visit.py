"""An organiser changes a visit: only what was changed is written, and what is foreseen is exactly what is done."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from cms.templatetags.cms_tags import clock, long_date
from events import actions, duties, letters
from events.actions import Approver, Attending
from events.letter_catalogue import CATALOGUE
from events.models import CancellationStep, Event, Letter, Needs, Offer, Registration
from events.refusals import OtherVat, StaysCancelled, VatCountryStays
from tests import factories
from tests.events.test_admin_events import EVENT_ROWS, submitted

pytestmark = pytest.mark.django_db
Status = Registration.Status
needs_payments = pytest.mark.skipif(not factories.has_payments(), reason="seats are free only without payments")


def register(event, at, **order):
    return actions.register(event=event, order=factories.order(**order), at=at)


def changed(event, **facts):
    """The event as somebody's form holds it, with some fields filled in otherwise."""
    event = Event.objects.get(pk=event.pk)
    for name, value in facts.items():
        setattr(event, name, value)
    return event


def change(event, at, **facts):
    return actions.change_event(event=changed(event, **facts), changed=list(facts), at=at)


def later(event, **ahead):
    return {name: getattr(event, name) + timedelta(**ahead) for name in ("starts_at", "ends_at")}


# --- Only what was changed, on the row as it is ---------------------------------------------------------------------
def test_a_form_that_was_opened_before_the_cancelling_brings_nothing_back_to_life(at):
    event = factories.event()
    register(event, at)
    stale = changed(event, capacity=20)
    actions.cancel_event(event=event, at=at)

    actions.change_event(event=stale, changed=["capacity"], at=at)

    event.refresh_from_db()
    assert (event.status, event.capacity) == ("cancelled", 20)


def test_a_cancelled_visit_stays_cancelled_also_when_told_otherwise(at):
    event = factories.event()
    actions.cancel_event(event=event, at=at)

    for status in ("scheduled", "draft"):
        with pytest.raises(StaysCancelled):
            change(event, at, status=status)

    event.refresh_from_db()
    assert event.status == "cancelled"


def test_two_forms_keep_each_others_changes(at):
    event = factories.event()
    first, second = changed(event, capacity=20), changed(event, name="Andere naam")

    actions.change_event(event=first, changed=["capacity"], at=at)
    actions.change_event(event=second, changed=["name"], at=at)

    event.refresh_from_db()
    assert (event.capacity, event.name) == (20, "Andere naam")


def test_the_admin_form_too_leaves_a_cancelled_visit_cancelled_and_says_so(client):
    factories.ground()
    client.force_login(factories.user("Organisers"))
    event = factories.event(starts_at=timezone.now() + timedelta(days=20))
    register(event, timezone.now())
    url = reverse("tour_events:edit", args=[event.pk])
    data = submitted(client.get(url), EVENT_ROWS, name="Andere naam")
    actions.cancel_event(event=event, at=timezone.now())

    response = client.post(url, data)

    event.refresh_from_db()
    assert (event.status, response.status_code) == ("cancelled", 200)
    assert "status" in response.context["form"].errors
    assert {r.status for r in Registration.objects.all()} == {Status.CANCELLED}


def test_the_admin_form_saves_a_name_and_a_ticket_type_without_touching_the_rest(client):
    factories.ground()
    client.force_login(factories.user("Organisers"))
    event = factories.event(starts_at=(timezone.now() + timedelta(days=20)).replace(second=0, microsecond=0))
    url = reverse("tour_events:edit", args=[event.pk])
    data = submitted(client.get(url), EVENT_ROWS, **{"name": "Andere naam", "ticket_types-0-name_nl": "Gratis plaats"})
    data.pop("calendar_sequence", None)
    Event.objects.filter(pk=event.pk).update(letter_intro_nl="")

    assert client.post(url, data).status_code == 302

    event.refresh_from_db()
    assert (event.name, event.ticket_types.get().name_nl) == ("Andere naam", "Gratis plaats")


@needs_payments
def test_a_new_price_is_shown_beside_the_old_one_before_it_is_saved(client):
    factories.ground()
    client.force_login(factories.user("Organisers"))
    event = factories.event(
        price="95.00", starts_at=(timezone.now() + timedelta(days=20)).replace(second=0, microsecond=0)
    )
    register(event, timezone.now())
    url = reverse("tour_events:edit", args=[event.pk])

    page = client.post(url, submitted(client.get(url), EVENT_ROWS, **{"ticket_types-0-price_excl_vat": "8"}))

    (label, before, after) = page.context["changed"][-1]
    assert label.startswith("Kostprijs, ")
    assert (before.replace("\xa0", " "), after.replace("\xa0", " ")) == ("€ 95,00", "€ 8,00")
    assert event.ticket_types.get().price_excl_vat == 95


# --- Another date or place ------------------------------------------------------------------------------------------
def test_a_contact_who_stays_home_is_told_also_when_no_name_is_known_yet(at):
    event = factories.event()
    order = factories.order()
    order = order.__class__(**{**order.__dict__, "attendees": (Attending(), Attending())})
    registration = actions.register(event=event, order=order, at=at)

    change(event, at, **later(event, days=1))

    assert Letter.objects.filter(kind="visit_changed").get().recipient == registration.email


def test_whoever_is_reminded_of_the_old_date_is_reminded_of_the_new_one(at):
    event = factories.event(starts_at=at + timedelta(days=30))
    register(event, at)
    week = event.starts_at - timedelta(days=7)
    duties.remind(at=week)
    change(event, week, **later(event, days=30))

    for _time in range(2):
        duties.remind(at=week + timedelta(days=30))

    assert Letter.objects.filter(kind="reminder_week").count() == 2


def test_who_moves_to_a_later_visit_is_reminded_of_that_one_too(at):
    event, other = (
        factories.event(starts_at=at + timedelta(days=30)),
        factories.event(starts_at=at + timedelta(days=60)),
    )
    registration = register(event, at)
    duties.remind(at=event.starts_at - timedelta(days=7))
    actions.move(registration=registration, to=other, at=event.starts_at - timedelta(days=6), by=None, why="x")

    duties.remind(at=other.starts_at - timedelta(days=7))

    assert Letter.objects.filter(kind="reminder_week").count() == 2


def test_a_diet_is_kept_until_a_week_after_the_visit_as_it_is_planned_now(at):
    event = factories.event()
    registration = register(event, at)
    Needs.objects.create(attendee=registration.attendees.get(), diet="glutenvrij")
    moved = change(event, at, **later(event, days=60))

    kept = []
    for days in (-50, 6, 7):
        duties.purge(at=moved.ends_at + timedelta(days=days))
        kept.append(Needs.objects.count())

    assert kept == [1, 1, 0]


@needs_payments
def test_another_date_frees_everybody_from_the_terms_they_agreed_to(at):
    event = factories.event(price="100.00")
    CancellationStep.objects.create(event=event, days_before=30, fee_percent=100)
    registration = register(event, at)
    actions.confirm(registration=registration, at=at)
    foreseen = actions.foresee(event=changed(event, **later(event, days=10)), changed=["starts_at", "ends_at"], at=at)
    assert foreseen.free_to_cancel == 1

    change(event, at, **later(event, days=10))
    actions.cancel(registration=registration, at=at)

    assert registration.attendees.get().owed == Decimal("0.00")


@needs_payments
def test_a_visit_brought_forward_keeps_no_seat_held_beyond_its_start(at):
    event = factories.event(price="95.00", capacity=2, waiting_list=True, starts_at=at + timedelta(days=30))
    asked = register(event, at, approver=Approver("Baas", "baas@example.org"))
    seated = register(event, at)
    waiting = register(event, at)
    actions.cancel(registration=seated, at=at)
    assert Offer.objects.open().get().registration == waiting

    change(event, at, **later(event, days=-28, hours=-12))

    event.refresh_from_db()
    asked.refresh_from_db()
    waiting.refresh_from_db()
    offer = Offer.objects.open().get()
    assert asked.hold_expires_at == event.starts_at
    assert (offer.expires_at, waiting.hold_expires_at) == (event.last_call_at, event.last_call_at)


@needs_payments
def test_whoever_has_less_time_after_a_change_of_date_is_counted_before_and_told_until_when_after(at):
    event = factories.event(price="95.00", capacity=2, waiting_list=True, starts_at=at + timedelta(days=30))
    asked = register(event, at, approver=Approver("Baas", "baas@example.org"))
    seated = register(event, at)
    offered, waiting = register(event, at), register(event, at)
    actions.cancel(registration=seated, at=at)
    sooner = later(event, days=-28, hours=-12)

    foreseen = actions.foresee(event=changed(event, **sooner), changed=list(sooner), at=at)
    change(event, at, **sooner)

    assert foreseen.shorter == 2
    said = {
        registration.pk: letters.message(registration.letters.get(kind="visit_changed"), at=at).body
        for registration in (asked, offered, waiting)
    }
    assert "We houden uw plaatsen minder lang vrij dan we schreven: tot" in said[asked.pk]
    assert "U hebt minder tijd om te antwoorden dan we schreven: tot" in said[offered.pk]
    for pk, text in said.items():
        until = Registration.objects.get(pk=pk).hold_expires_at
        assert until is None or f"{long_date(until)}, {clock(until)}" in text
        assert "U mag vanaf nu kosteloos annuleren" not in text
    assert "U behoudt uw plaats op de wachtlijst." in said[waiting.pk]


def test_the_letter_says_what_it_was_and_what_it_is_now_and_who_was_offered_a_place_answers_from_it(at):
    event = factories.event(capacity=2, waiting_list=True)
    seated = register(event, at, seats=2)
    offered = register(event, at)
    actions.cancel(registration=seated, attendee_ids=[seated.attendees.last().pk], at=at)

    moved = change(event, at, venue="Hal 2", **later(event, days=1))

    told = letters.message(Letter.objects.get(kind="visit_changed", recipient=seated.email), at=at).body
    was, now_on = (f"{long_date(m)}, {clock(m)}" for m in (event.starts_at, moved.starts_at))
    assert f"Het was op {was} en is nu op {now_on}." in told
    assert "De plaats was Hal 1, Kaai 2, 9000 Gent en is nu Hal 2, Kaai 2, 9000 Gent." in told
    asked = letters.message(Letter.objects.get(kind="visit_changed", recipient=offered.email), at=at).body
    until = Registration.objects.get(pk=offered.pk).hold_expires_at
    assert f"Antwoord vóór {long_date(until)}, {clock(until)}." in asked
    assert offered.mailbox_token in asked


def test_who_has_a_place_offered_by_the_same_change_does_not_read_that_they_wait(at):
    event = factories.event(capacity=1, waiting_list=True)
    register(event, at)
    waiting = register(event, at)

    change(event, at, capacity=2, venue="Hal 2")

    kinds = [letter.kind for letter in waiting.letters.order_by("pk")]
    assert kinds == ["waiting", "offer", "visit_changed"]
    text = letters.message(waiting.letters.get(kind="visit_changed"), at=at).body
    assert "Wat we u aanboden, geldt voor het bezoek zoals het nu is" in text


@needs_payments
def test_the_vat_country_stays_once_a_seat_has_a_price_and_the_rate_of_sold_seats_too(at):
    free, priced = factories.event(), factories.event(price="95.00")
    register(free, at)
    registration = register(priced, at)

    assert change(free, at, vat_country="NL").vat_country == "NL"
    with pytest.raises(VatCountryStays):
        change(priced, at, vat_country="NL")
    change(priced, at, vat_rate=Decimal("6.00"))

    seat = registration.attendees.get()
    assert (Event.objects.get(pk=priced.pk).vat_country, seat.vat_rate) == ("BE", Decimal("21.00"))


@needs_payments
def test_nobody_is_moved_with_a_price_to_a_visit_with_another_vat(at):
    event, dutch = factories.event(price="95.00"), factories.event(price="95.00", vat_country="NL")
    registration = register(event, at)
    actions.confirm(registration=registration, at=at)

    with pytest.raises(OtherVat, match="21%"):
        actions.move(registration=registration, to=dutch, at=at, by=None, why="x")

    assert Registration.objects.get(pk=registration.pk).event == event


@pytest.mark.parametrize(("language", "title"), [("nl", "Bezoek aan de werf"), ("en", "Visit to the site")])
def test_the_letter_of_a_move_names_the_first_visit_in_its_own_language(at, language, title):
    event, other = factories.event(), factories.event()
    page = factories.event_page(event, title="Bezoek aan de werf")
    english = page.get_translations().get(locale__language_code="en")
    english.title = "Visit to the site"
    english.save()
    registration = register(event, at, language=language)

    actions.move(registration=registration, to=other, at=at, by=None, why="x")

    assert title in letters.message(Letter.objects.get(kind="moved"), at=at).body


# --- What is foreseen is what is done -------------------------------------------------------------------------------
def done(event, at, before_letters, before_offers):
    return (
        Letter.objects.count() - before_letters,
        sum(offer.seats for offer in Offer.objects.order_by("pk")[before_offers:]),
    )


@pytest.mark.parametrize(
    "facts",
    [
        {"capacity": 5},
        {"capacity": 7},
        {"capacity": 1},
        {"venue": "Hal 2"},
        {"venue": "Hal 2", "capacity": 8},
        {"status": "cancelled"},
        {"name": "Andere naam"},
    ],
)
def test_what_is_foreseen_is_exactly_what_is_done_and_foreseeing_writes_nothing(at, facts):
    event = factories.event(capacity=3, waiting_list=True)
    register(event, at, seats=3)
    register(event, at, seats=3)
    register(event, at)
    counts = [model.objects.count() for model in (Letter, Offer, Registration)]

    foreseen = actions.foresee(event=changed(event, **facts), changed=list(facts), at=at)

    assert [model.objects.count() for model in (Letter, Offer, Registration)] == counts
    assert Event.objects.get(pk=event.pk).name == event.name
    after = change(event, at, **facts)
    assert (foreseen.letters, foreseen.offers) == done(event, at, *counts[:2])
    written = Counter(Letter.objects.order_by("pk").values_list("kind", flat=True)[counts[0] :])
    assert dict(foreseen.by_kind) == written
    over = after.seats_taken(at) - after.capacity if after.status == "scheduled" and "capacity" in facts else 0
    assert foreseen.over_capacity == max(0, over)


@needs_payments
def test_what_a_cancelled_visit_pays_back_is_foreseen_to_the_cent(at):
    from payments.models import Refund  # noqa: PLC0415

    event = factories.event(price="95.00")
    registration = register(event, at, seats=2)
    factories.pay(registration, at=at)
    foreseen = actions.foresee(event=changed(event, status="cancelled"), changed=["status"], at=at)

    change(event, at, status="cancelled")

    assert foreseen.paid_back == Decimal("229.90")
    assert foreseen.paid_back == sum(refund.amount for refund in Refund.objects.all())
    assert foreseen.letters == Letter.objects.filter(kind__in=["visit_cancelled", "refund"]).count()


@needs_payments
def test_what_was_decided_to_be_given_back_before_is_not_foreseen_again(at):
    event = factories.event(price="95.00")
    registration = register(event, at, seats=2)
    factories.pay(registration, at=at)
    seat = registration.attendees.first()
    actions.cancel(registration=registration, attendee_ids=[seat.pk], at=at)

    foreseen = actions.foresee(event=changed(event, status="cancelled"), changed=["status"], at=at)

    assert foreseen.paid_back == Decimal("114.95")


# --- The organiser's sentence ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("facts", [{"capacity": 6}, {"venue": "Hal 2"}, {"venue": "Hal 2", "capacity": 4}])
def test_the_organisers_sentence_stands_in_as_many_letters_as_the_preview_says_and_in_every_offer(at, facts):
    event = factories.event(capacity=3, waiting_list=True)
    for seats in (3, 1, 1, 3):
        register(event, at, seats=seats)
    before = set(Letter.objects.values_list("pk", flat=True))
    foreseen = actions.foresee(event=changed(event, **facts), changed=list(facts), at=at)

    actions.change_event(event=changed(event, **facts), changed=list(facts), at=at, why="Er is een grotere bus.")

    written = Letter.objects.exclude(pk__in=before)
    saying = [letter for letter in written if "Er is een grotere bus." in letters.message(letter, at=at).body]
    assert len(saying) == foreseen.says_why > 0
    assert {letter.kind for letter in written} - {letter.kind for letter in saying} <= {"seats_kept"}


def test_the_sentence_stands_in_the_last_call_and_in_the_mail_that_a_visit_is_cancelled(at):
    event = factories.event(capacity=1, waiting_list=True, starts_at=at + timedelta(hours=6))
    for _time in range(2):
        register(event, at)

    for facts in ({"capacity": 2}, {"status": "cancelled"}):
        actions.change_event(event=changed(event, **facts), changed=list(facts), at=at, why="Zie ook onze site.")

    said = {letter.kind: letters.message(letter, at=at).body for letter in Letter.objects.order_by("pk")}
    assert {kind: "Zie ook onze site." in text for kind, text in said.items()} == {
        "confirmed": False,
        "waiting": False,
        "last_call": True,
        "visit_cancelled": True,
    }


def preview_of(client, event, **typed):
    url = reverse("tour_events:edit", args=[event.pk])
    return client.post(url, submitted(client.get(url), EVENT_ROWS, **typed))


def test_the_preview_asks_for_a_sentence_when_a_letter_carries_it_and_the_form_keeps_it(client):
    factories.ground()
    client.force_login(factories.user("Organisers"))
    event = factories.event(
        capacity=2, waiting_list=True, starts_at=(timezone.now() + timedelta(days=20)).replace(second=0, microsecond=0)
    )
    for _time in range(2):
        register(event, timezone.now(), seats=2)
    url = reverse("tour_events:edit", args=[event.pk])

    moved = preview_of(client, event, venue="Hal 2").content.decode()
    kept_free = preview_of(client, event, capacity="3")
    data = submitted(client.get(url), EVENT_ROWS, venue="Hal 2", why="De weg is open.")
    back = client.post(url, data | {"foreseen": "back"}).content.decode()
    again = client.post(url, data).content.decode()

    assert "Ze staat in 3 van deze mails zoals u ze typt, in welke taal elk ervan ook is." in moved
    assert kept_free.context["letters"] == [(CATALOGUE["seats_kept"].name, 1)]
    assert 'name="why"' not in kept_free.content.decode()
    assert '<input type="hidden" name="why" value="De weg is open.">' in back
    assert ">De weg is open.</textarea>" in again


# --- What is warned of ----------------------------------------------------------------------------------------------
@pytest.fixture
def desk(client):
    factories.ground()
    client.force_login(factories.user("Organisers"))
    return client


def coming(**facts):
    return factories.event(starts_at=(timezone.now() + timedelta(days=20)).replace(second=0, microsecond=0), **facts)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"status": "cancelled"}, ["Het bezoek annuleren kan niet ongedaan gemaakt worden."]),
        ({"starts_at": "2026-01-05 13:00"}, ["Het bezoek zou al begonnen zijn: kijk de datum na."]),
        ({"starts_at": "2046-01-05 13:00", "ends_at": "2046-01-05 16:00"}, []),
    ],
)
def test_a_visit_nobody_registered_for_is_not_cancelled_or_moved_into_the_past_without_a_word(desk, typed, said):
    event = coming()

    response = preview_of(desk, event, **typed)

    warned = ["Het bezoek annuleren kan niet ongedaan gemaakt worden.", "Het bezoek zou al begonnen zijn"]
    page = response.content.decode()
    assert [line for line in said if line not in page] == []
    assert any(line in page for line in warned) == bool(said)
    assert response.status_code == (200 if said else 302)


def test_another_order_of_the_line_says_who_gets_another_place(desk):
    event = coming(capacity=1, waiting_list=True)
    rows = [register(event, timezone.now()) for _time in range(4)]
    Registration.objects.filter(pk=rows[3].pk).update(line=Registration.Line.MEMBER)

    page = preview_of(desk, event, waiting_order="members_first")

    assert page.context["foreseen"].reordered == 3
    assert "3 wachtende inschrijvingen krijgen een andere plaats op de wachtlijst" in page.content.decode()
    assert [after for name, _before, after in page.context["changed"]] == [
        "Leden van een regeling, dan wie voor het bezoek stemde, dan anderen"
    ]


def test_the_form_of_a_visit_leads_to_its_cockpit(desk):
    event = coming()

    assert (
        reverse("tour_events:cockpit", args=[event.pk])
        in desk.get(reverse("tour_events:edit", args=[event.pk])).content.decode()
    )


def test_the_preview_names_the_host_and_writes_a_date_as_people_do(desk):
    event = coming(host=factories.organisation("Gemeente Venlo"))
    register(event, timezone.now())
    host = factories.organisation("Stad Gent")

    page = preview_of(desk, event, host=str(host.pk), starts_at="2046-01-05 13:00", ends_at="2046-01-05 16:00")

    changed = {name: (before, after) for name, before, after in page.context["changed"]}
    assert changed["Gastbedrijf"] == ("Gemeente Venlo", "Stad Gent")
    assert changed["Begint op"][1] == "5 jan 2046, 13.00 uur"

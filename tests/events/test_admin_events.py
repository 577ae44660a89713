"""The organiser's screens for events, schemes and what an organisation holds."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries
from wagtail.users.models import UserProfile

from cms.models import Organisation
from events import actions
from events.admin.events import state_word
from events.models import Event, Membership, OrganisationCode, Registration, Scheme, TicketType

#: The rows below an event on its form.
EVENT_ROWS = ("ticket_types", "vetoes", "cancellation_steps")

pytestmark = pytest.mark.django_db

NOW = timezone.now().replace(second=0, microsecond=0)


@pytest.fixture
def organiser() -> Client:
    user = get_user_model().objects.create_user("an-organiser")
    user.groups.add(Group.objects.get(name="Organisers"))
    UserProfile.objects.create(user=user, preferred_language="en")
    client = Client()
    client.force_login(user)
    return client


def an_event(name: str = "Venlo", *, starts_at: datetime | None = None, **facts: Any) -> Event:
    starts_at = starts_at or NOW + timedelta(days=30)
    event = Event.objects.create(
        **{
            "name": name,
            "status": Event.Status.SCHEDULED,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=3),
            "venue": "City hall",
            "city": "Venlo",
            "country": "NL",
            "capacity": 20,
            **facts,
        }
    )
    TicketType.objects.create(event=event, name_nl="Gratis", name_en="Free", price_excl_vat=Decimal(0))
    return event


def registered(event: Event, *names: str) -> Registration:
    people = tuple(actions.Attending(name, "Maes", f"{name.lower()}@example.org") for name in names)
    contact = actions.Contact(names[0], "Maes", f"{names[0].lower()}@example.org", "Stad Gent")
    order = actions.Order(contact=contact, attendees=people, language="nl")
    return actions.register(event=event, order=order, at=NOW)


def submitted(page: Any, prefixes: tuple[str, ...], **changes: Any) -> dict[str, Any]:
    """What the browser would send when the form on this page is saved, with some fields filled in otherwise."""
    form = page.context["form"]
    fields = {field.html_name: field.value() for field in form}
    for prefix in prefixes:
        formset = form.formsets[prefix]
        fields |= {field.html_name: field.value() for field in formset.management_form}
        for row in formset.forms:
            fields |= {field.html_name: field.value() for field in row}
    fields |= changes
    return {name: _as_typed(value) for name, value in fields.items() if value is not None and value is not False}


def _as_typed(value: Any) -> Any:
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value


def test_the_list_tells_date_place_state_and_seats_in_the_order_of_the_dates(organiser: Client) -> None:
    later = an_event("Later", starts_at=NOW + timedelta(days=60), city="Gent", capacity=2)
    an_event("Sooner", starts_at=NOW + timedelta(days=10), status=Event.Status.DRAFT)
    registered(later, "An", "Bo")
    registered(later, "Cas")

    response = organiser.get(reverse("tour_events:index"))

    with override("en"):
        rows = [
            (event.name, event.city, state_word(event, NOW), event.counted_taken, event.counted_waiting)
            for event in response.context["object_list"]
        ]
    assert rows == [("Sooner", "Venlo", "Draft", 0, 0), ("Later", "Gent", "Fully booked", 2, 1)]
    page = response.content.decode()
    assert "2 / 2" in page
    assert reverse("tour_events:cockpit", args=[later.pk]) in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Been", "Coming", "Draft"]),
        ("when=upcoming", ["Coming", "Draft"]),
        ("when=past", ["Been"]),
        ("status=draft", ["Draft"]),
        ("country=BE", ["Been"]),
        ("q=gen", ["Been"]),
        ("q=com", ["Coming"]),
        ("when=nonsense&status=%27", ["Been", "Coming", "Draft"]),
    ],
)
def test_events_are_found_by_time_status_country_name_and_city(organiser: Client, query: str, found: list[str]) -> None:
    an_event("Been", starts_at=NOW - timedelta(days=3), country="BE", city="Gent")
    an_event("Coming")
    an_event("Draft", status=Event.Status.DRAFT, starts_at=NOW + timedelta(days=40))

    response = organiser.get(f"{reverse('tour_events:index')}?{query}")

    assert [event.name for event in response.context["object_list"]] == found


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_asks_the_same_number_of_queries_for_one_event_and_for_twenty(
    organiser: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        registered(an_event(f"Visit {number}"), f"An{number}")
    organiser.get(reverse("tour_events:index"))

    with django_assert_num_queries(10):
        response = organiser.get(reverse("tour_events:index"))

    assert len(response.context["object_list"]) == count


def test_an_organiser_makes_an_event_with_its_ticket_types_in_one_form(organiser: Client) -> None:
    scheme = Scheme.objects.create(slug="gdca", name_nl="Green Deal", name_en="Green Deal")
    page = organiser.get(reverse("tour_events:add"))
    filled_in = {
        "name": "Venlo",
        "status": "scheduled",
        "starts_at": "2027-03-01 13:00",
        "ends_at": "2027-03-01 16:00",
        "venue": "City hall",
        "city": "Venlo",
        "country": "NL",
        "capacity": "30",
        "ticket_types-TOTAL_FORMS": "2",
        "ticket_types-0-name_nl": "Lid",
        "ticket_types-0-name_en": "Member",
        "ticket_types-0-scheme": str(scheme.pk),
        "ticket_types-0-price_excl_vat": "0",
        "ticket_types-0-ORDER": "1",
        "ticket_types-1-name_nl": "Gewoon",
        "ticket_types-1-name_en": "Regular",
        "ticket_types-1-price_excl_vat": "0",
        "ticket_types-1-ORDER": "2",
    }

    response = organiser.post(reverse("tour_events:add"), submitted(page, EVENT_ROWS, **filled_in))

    assert response.status_code == 302, response.context["form"].errors
    event = Event.objects.get()
    assert [(kind.name_nl, kind.scheme) for kind in event.ticket_types.all()] == [
        ("Lid", scheme),
        ("Gewoon", None),
    ]
    assert timezone.localtime(event.starts_at).hour == 13


def test_two_ticket_types_for_everyone_are_refused_in_words(organiser: Client) -> None:
    event = an_event()
    url = reverse("tour_events:edit", args=[event.pk])
    doubled = {
        "ticket_types-TOTAL_FORMS": "2",
        "ticket_types-1-name_nl": "Nog een",
        "ticket_types-1-name_en": "Another",
        "ticket_types-1-price_excl_vat": "0",
        "ticket_types-1-ORDER": "2",
    }

    response = organiser.post(url, submitted(organiser.get(url), EVENT_ROWS, **doubled))

    assert response.status_code == 200
    assert "Two rows have the same only for members of" in response.content.decode()
    assert event.ticket_types.count() == 1


def test_ticket_types_stay_in_their_order_when_one_of_them_is_written(organiser: Client) -> None:
    event = an_event()
    free = event.ticket_types.get()
    for number in range(2):
        event.ticket_types.create(
            name_nl=f"Soort {number}",
            name_en=f"Kind {number}",
            scheme=Scheme.objects.create(name_nl=f"S{number}", name_en=f"S{number}", slug=f"s{number}"),
        )
    order = list(TicketType.objects.filter(event=event).order_by("id").values_list("pk", flat=True))

    TicketType.objects.filter(pk=free.pk).update(name_en="Free for all")  # as a row without a place is written anew

    assert [kind.pk for kind in Event.objects.get(pk=event.pk).ticket_types.all()] == order
    url = reverse("tour_events:edit", args=[event.pk])
    changed = submitted(organiser.get(url), EVENT_ROWS, **{"ticket_types-0-name_en": "Free for everybody"})
    organiser.post(url, changed)
    assert [kind.pk for kind in Event.objects.get(pk=event.pk).ticket_types.all()] == order
    assert TicketType.objects.get(pk=free.pk).name_en == "Free for everybody"


def test_a_ticket_type_somebody_has_a_seat_of_is_not_removed(organiser: Client) -> None:
    event = an_event()
    registered(event, "An")
    url = reverse("tour_events:edit", args=[event.pk])
    removed = {"ticket_types-0-DELETE": "on"}

    response = organiser.post(url, submitted(organiser.get(url), EVENT_ROWS, **removed))

    assert response.status_code == 200
    assert "Free cannot be removed, because other records need it: 1 attendee." in response.content.decode()
    assert event.ticket_types.count() == 1


def test_two_ticket_types_that_change_places_are_refused_in_words_and_nothing_is_half_saved(
    organiser: Client,
) -> None:
    one, other = (Scheme.objects.create(slug=slug, name_nl=slug, name_en=slug) for slug in ("one", "other"))
    event = an_event()
    event.ticket_types.all().delete()
    for scheme in (one, other):
        TicketType.objects.create(event=event, scheme=scheme, name_nl=scheme.slug, name_en=scheme.slug)
    url = reverse("tour_events:edit", args=[event.pk])
    swapped = {
        "name": "Renamed",
        "ticket_types-0-scheme": other.pk,
        "ticket_types-1-scheme": one.pk,
    }

    response = organiser.post(url, submitted(organiser.get(url), EVENT_ROWS, **swapped))

    assert response.status_code == 200
    assert "This could not be saved" in response.content.decode()
    event.refresh_from_db()
    assert event.name == "Venlo"


def test_a_calendar_learns_that_the_visit_moved_and_not_that_its_capacity_changed(organiser: Client) -> None:
    event = an_event()
    url = reverse("tour_events:edit", args=[event.pk])
    sequences = []

    for change in ({"capacity": "25"}, {"venue": "Museum"}):
        response = organiser.post(url, submitted(organiser.get(url), EVENT_ROWS, **change))
        assert response.status_code == 302
        sequences.append(Event.objects.get().calendar_sequence)

    assert sequences == [0, 1]


def test_an_event_with_registrations_is_kept_and_the_page_says_why(organiser: Client) -> None:
    event = an_event()
    registered(event, "An", "Bo")
    url = reverse("tour_events:delete", args=[event.pk])

    asked, done = organiser.get(url), organiser.post(url)

    assert (asked.status_code, done.status_code) == (200, 409)
    for response in (asked, done):
        page = response.content.decode()
        assert "because other records need it: 2 attendees, 1 registration." in page
        assert "Set its status to cancelled instead" in page
        assert 'method="POST"' not in page
    assert Event.objects.filter(pk=event.pk).exists()


def test_an_event_nobody_registered_for_is_deleted(organiser: Client) -> None:
    event = an_event()

    response = organiser.post(reverse("tour_events:delete", args=[event.pk]))

    assert response.status_code == 302
    assert not Event.objects.exists()


def test_a_scheme_with_members_is_kept_and_one_without_goes(organiser: Client) -> None:
    scheme, empty = (Scheme.objects.create(slug=slug, name_nl=slug, name_en=slug) for slug in ("gdca", "empty"))
    Membership.objects.create(organisation=Organisation.objects.create(name="Stad Gent"), scheme=scheme)

    kept = organiser.post(reverse("tour_schemes:delete", args=[scheme.pk]))
    gone = organiser.post(reverse("tour_schemes:delete", args=[empty.pk]))

    assert (kept.status_code, gone.status_code) == (409, 302)
    assert "1 membership" in kept.content.decode()
    assert list(Scheme.objects.all()) == [scheme]


def test_the_screens_for_one_event_and_one_scheme_open(organiser: Client) -> None:
    event = an_event(host=Organisation.objects.create(name="Gemeente Venlo"))
    scheme = Scheme.objects.create(slug="gdca", name_nl="Green Deal", name_en="Green Deal")
    screens = [
        reverse(f"tour_{kind}:{view}", args=[pk])
        for kind, pk in (("events", event.pk), ("schemes", scheme.pk))
        for view in ("inspect", "edit", "history", "usage")
    ] + [reverse("tour_schemes:index"), reverse("tour_schemes:add"), reverse("tour_schemes:index") + "?q=gre"]

    assert {url: organiser.get(url).status_code for url in screens} == dict.fromkeys(screens, 200)


def test_an_organisation_gets_a_membership_a_domain_and_a_code_in_its_own_form(organiser: Client) -> None:
    organisation = Organisation.objects.create(name="Stad Gent")
    scheme = Scheme.objects.create(slug="gdca", name_nl="Green Deal", name_en="Green Deal")
    url = reverse("organisations:edit", args=[organisation.pk])
    relations = ("memberships", "email_domains", "codes")
    added = {
        "memberships-TOTAL_FORMS": "1",
        "memberships-0-scheme": str(scheme.pk),
        "memberships-0-role": "purchaser",
        "memberships-0-valid_from": "2027-01-01",
        "email_domains-TOTAL_FORMS": "1",
        "email_domains-0-domain": "stad.gent",
        "email_domains-0-verified_on": "2027-01-01",
        "codes-TOTAL_FORMS": "1",
        "codes-0-code": "GENT-2027",
    }

    response = organiser.post(url, submitted(organiser.get(url), relations, **added))

    assert response.status_code == 302
    assert [(row.scheme, row.valid_from) for row in Membership.objects.all()] == [(scheme, date(2027, 1, 1))]
    assert OrganisationCode.objects.get().organisation == organisation
    assert organisation.email_domains.get().domain == "stad.gent"

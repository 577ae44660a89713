"""Registrations in the back office: found, exported, read, and cancelled for the contact."""

import csv
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries
from wagtail.users.models import UserProfile

from cms.models import Organisation
from cms.plugins import installed_plugins, slot_functions
from events import actions
from events.models import (
    Entitlement,
    Event,
    Letter,
    Membership,
    OrganisationCode,
    Registration,
    Scheme,
    TicketType,
)
from tests import factories

pytestmark = pytest.mark.django_db

NOW = timezone.now().replace(microsecond=0)
HAS_PAYMENTS = any(plugin.name == "payments" for plugin in installed_plugins())
needs_payments = pytest.mark.skipif(not HAS_PAYMENTS, reason="without payments a seat costs nothing")
LIST = "/admin/registrations/"


@pytest.fixture
def organiser() -> Client:
    user = get_user_model().objects.create_user("an-organiser")
    user.groups.add(Group.objects.get(name="Organisers"))
    UserProfile.objects.create(user=user, preferred_language="en")
    client = Client()
    client.force_login(user)
    return client


def an_event(name: str = "Venlo", *, price: str = "0", starts_at: datetime | None = None, **facts: Any) -> Event:
    starts_at = starts_at or NOW + timedelta(days=30)
    event = Event.objects.create(
        **{
            "name": name,
            "status": Event.Status.SCHEDULED,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=3),
            "venue": "City hall",
            "city": "Venlo",
            "capacity": 50,
            **facts,
        }
    )
    TicketType.objects.create(event=event, name_nl="Gewoon", name_en="Regular", price_excl_vat=Decimal(price))
    return event


def registered(
    event: Event, *names: str, organisation: str = "Stad Gent", at: datetime = NOW, language: str = "nl", code: str = ""
) -> Registration:
    people = tuple(actions.Attending(name, "Maes", f"{name.lower()}@example.org") for name in names)
    contact = actions.Contact(names[0], "Maes", f"{names[0].lower()}@example.org", organisation, phone="+32 9 1")
    order = actions.Order(contact=contact, attendees=people, language=language, organisation_code=code)
    return actions.register(event=event, order=order, at=at)


def csv_of(response: Any) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(StringIO(text)))


def listed(response: Any) -> list[str]:
    return [registration.first_name for registration in response.context["object_list"]]


@needs_payments
def test_the_list_tells_who_for_whom_to_what_and_for_how_much(organiser: Client) -> None:
    registration = registered(an_event(price="100.00"), "An", "Bo")

    response = organiser.get(LIST)

    row = response.context["object_list"].get()
    assert (row.reference, row.contact_name, row.organisation_name, row.seats, row.total) == (
        registration.reference,
        "An Maes",
        "Stad Gent",
        2,
        Decimal("242.00"),
    )
    page = response.content.decode()
    assert "Held until paid" in page
    assert '<data value="242.00">242.00</data>' in page
    assert reverse("tour_registrations:inspect", args=[registration.pk]) in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Cas", "Bo", "Annelies"]),
        ("status=waiting", ["Cas"]),
        ("status=waiting&status=confirmed", ["Cas", "Bo", "Annelies"]),
        ("language=en", ["Bo"]),
        ("q=annelies%20maes", ["Annelies"]),
        ("q=bo@example", ["Bo"]),
        ("q=interleuven", ["Cas"]),
        ("q=dirk", ["Bo"]),
        ("q=nobody", []),
        ("created_at_from={yesterday}&created_at_to={yesterday}", ["Annelies"]),
        ("created_at_from=0001-01-01&created_at_to=9999-12-31", ["Cas", "Bo", "Annelies"]),
        ("event=nonsense&created_at_from=soon", ["Cas", "Bo", "Annelies"]),
    ],
)
def test_registrations_are_found_by_status_language_period_and_words(
    organiser: Client, query: str, found: list[str]
) -> None:
    event = an_event(capacity=3)
    yesterday = NOW - timedelta(days=1)
    registered(event, "Annelies", at=yesterday)
    registered(event, "Bo", "Dirk", language="en", at=NOW - timedelta(seconds=2))
    registered(event, "Cas", organisation="Interleuven")

    response = organiser.get(f"{LIST}?{query.format(yesterday=timezone.localdate(yesterday))}")

    assert listed(response) == found


def test_one_events_registrations_are_listed_by_its_link_and_found_by_reference(organiser: Client) -> None:
    registered(an_event("Other"), "An")
    event = an_event()
    mine = registered(event, "Bo")

    assert listed(organiser.get(f"{LIST}?event={event.pk}")) == ["Bo"]
    assert listed(organiser.get(f"{LIST}?q={mine.reference.lower()}")) == ["Bo"]


@pytest.mark.parametrize("count", [1, 20])
def test_list_and_files_ask_the_same_number_of_queries_for_one_registration_and_for_twenty(
    organiser: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    factories.member(scheme := factories.scheme(), code="STAD")
    for number in range(count):
        registered(factories.event(scheme=scheme), f"An{number}", f"Bo{number}", code="STAD")
    organiser.get(LIST)

    with django_assert_num_queries(12):
        response = organiser.get(LIST)
    with django_assert_num_queries(12):
        rows = csv_of(organiser.get(f"{LIST}?export=csv"))
    with django_assert_num_queries(12):
        organiser.get(f"{LIST}?export=xlsx").getvalue()

    assert (len(response.context["object_list"]), len(rows)) == (count, count)


def test_a_file_says_by_whose_membership_somebody_comes_whatever_organisation_they_typed(organiser: Client) -> None:
    scheme = factories.scheme(name_en="Circular Deal")
    member = factories.member(scheme, code="STAD")
    Organisation.objects.filter(pk=member.pk).update(name="Stad Gent (vzw)")
    registered(factories.event(scheme=scheme), "An", organisation="gent", code="STAD")
    registered(an_event(), "Bo")

    rows = {row["Contact"]: row for row in csv_of(organiser.get(f"{LIST}?export=csv"))}
    said = ["Organisation", "Member organisation", "Scheme", "Proof", "Evidence", "Ticket types"]

    an = [rows["An Maes"][column] for column in said]
    assert an == ["gent", "Stad Gent (vzw)", "Circular Deal", "Organisation code", "STAD (Stad Gent (vzw))", an[-1]]
    assert an[-1].startswith("1 × ")
    assert [rows["Bo Maes"][column] for column in said[1:]] == ["", "", "", "", "1 × Regular"]


def test_twenty_fit_on_a_page_and_the_rest_follow(organiser: Client) -> None:
    event = an_event()
    for number in range(21):
        registered(event, f"An{number}")

    first, second = organiser.get(LIST), organiser.get(f"{LIST}?p=2")

    assert (len(listed(first)), len(listed(second))) == (20, 1)
    assert set(listed(first)) & set(listed(second)) == set()


def test_a_file_holds_all_that_is_filtered_and_not_only_the_page(organiser: Client) -> None:
    event = an_event()
    for number in range(21):
        registered(event, f"An{number}")
    registered(an_event("Other"), "Bo")

    rows = csv_of(organiser.get(f"{LIST}?event={event.pk}&export=csv"))

    assert len(rows) == 21
    assert {row["Event"] for row in rows} == {"Venlo"}


@needs_payments
def test_csv_and_xlsx_say_the_same_with_seats_and_totals(organiser: Client) -> None:
    registration = registered(an_event(price="100.00"), "An", "Bo")

    (row,) = csv_of(organiser.get(f"{LIST}?export=csv"))
    book = load_workbook(BytesIO(organiser.get(f"{LIST}?export=xlsx").getvalue()))
    headings, values = book.active.iter_rows()
    sheet = dict(zip((cell.value for cell in headings), values, strict=True))

    assert (row["Reference"], row["Seats"], row["Total incl. VAT"]) == (registration.reference, "2", "242.00")
    assert row["Registered at"] == timezone.localtime(NOW).isoformat(timespec="minutes")
    assert list(sheet) == list(row)
    assert (sheet["Seats"].value, sheet["Total incl. VAT"].value) == (2, 242)
    assert sheet["Total incl. VAT"].number_format == "0.00"
    assert sheet["Registered at"].value == timezone.localtime(NOW).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+32 9", "'+32 9"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1+1", "'  =1+1"),
        ("\t=1+1", "'\t=1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("a\x0bb", "ab"),
        ("Stad = Gent", "Stad = Gent"),
    ],
)
def test_what_a_stranger_typed_is_no_formula_in_either_file(organiser: Client, typed: str, written: str) -> None:
    registered(an_event(), "An", organisation=typed)

    (row,) = csv_of(organiser.get(f"{LIST}?export=csv"))
    book = load_workbook(BytesIO(organiser.get(f"{LIST}?export=xlsx").getvalue()))
    headings, values = book.active.iter_rows()
    cell = next(cell for name, cell in zip(headings, values, strict=True) if name.value == "Organisation")

    assert (row["Organisation"], cell.value, cell.data_type) == (written, written, "s")


def test_a_registrations_page_tells_everything_that_happened_to_it(organiser: Client) -> None:
    organisation = Organisation.objects.create(name="Stad Gent")
    scheme = Scheme.objects.create(slug="gdca", name_nl="Green Deal", name_en="Green Deal")
    Membership.objects.create(organisation=organisation, scheme=scheme)
    OrganisationCode.objects.create(organisation=organisation, code="GENT-2027")
    event = an_event()
    TicketType.objects.create(event=event, scheme=scheme, name_nl="Lid", name_en="Member")
    registration = registered(event, "An", "Bo", code="gent-2027")
    Letter.objects.filter(registration=registration).update(
        last_error="SMTPException: no", attempts=2, next_attempt_at=None
    )

    response = organiser.get(reverse("tour_registrations:inspect", args=[registration.pk]))

    page = response.content.decode()
    for told in (
        registration.reference,
        "An Maes",
        "bo@example.org",
        "Member",
        "Confirmed",
        "GENT-2027 (Stad Gent)",
        "Given up: needs a person",
        "(2 attempts): SMTPException: no",
        registration.manage_token,
        reverse("tour_registrations:cancel", args=[registration.pk]),
    ):
        assert told in page
    assert Entitlement.objects.get().proven_at == NOW


@pytest.mark.parametrize("seats", [1, 10])
def test_a_registrations_page_asks_the_same_number_of_queries_for_one_seat_and_for_ten(
    organiser: Client, seats: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    registration = registered(an_event(), *(f"An{number}" for number in range(seats)))
    url = reverse("tour_registrations:inspect", args=[registration.pk])
    organiser.get(url)

    # The site whose addresses it names among them; and two for each plugin that tells something here: payments asks
    # for the payments and for the documents.
    with django_assert_num_queries(22 + 2 * len(list(slot_functions("admin.registration")))):
        organiser.get(url)


def given_up(client: Client, url: str, seats: list[str]) -> Any:
    """What follows is read, and confirmed."""
    asked = client.post(url, {"seats": seats})
    return client.post(url, {"seats": seats, "seen": asked.context["seen"]}, follow=False)


def test_giving_up_one_seat_asks_first_and_then_frees_it(organiser: Client) -> None:
    event = an_event()
    registration = registered(event, "An", "Bo")
    url = reverse("tour_registrations:cancel", args=[registration.pk])
    _an, bo = registration.attendees.all()

    asked = organiser.get(url)
    said = organiser.post(url, {"seats": [str(bo.pk)]}).context["warnings"]
    seats_after_asking = event.seats_taken(NOW)
    done = given_up(organiser, url, [str(bo.pk)])

    assert (asked.status_code, seats_after_asking) == (200, 2)
    assert said == [
        "2 letters go out: Cancelled, to the contact (an@example.org), "
        "Cancelled, to whoever had the seat (bo@example.org)."
    ]
    assert (done.status_code, event.seats_taken(NOW)) == (302, 1)
    assert registration.letters.filter(kind="cancelled").count() == 1
    told = organiser.get(reverse("tour_registrations:inspect", args=[registration.pk])).context["history"]
    assert [(line.who, line.deed) for line in told if line.about == "Bo Maes" and line.changes][:1] == [
        ("an-organiser", "Seats given up")
    ]


def test_giving_up_all_seats_ends_the_registration_and_its_page_offers_no_more(organiser: Client) -> None:
    registration = registered(an_event(), "An", "Bo")
    url = reverse("tour_registrations:cancel", args=[registration.pk])
    seats = [str(seat.pk) for seat in registration.attendees.all()]

    given_up(organiser, url, seats)
    again = organiser.post(url, {"seats": seats}, follow=True)

    registration.refresh_from_db()
    assert registration.status == Registration.Status.CANCELLED
    assert again.status_code == 200
    assert url not in organiser.get(reverse("tour_registrations:inspect", args=[registration.pk])).content.decode()


def test_no_seat_is_given_up_at_the_desk_of_a_visit_that_has_taken_place(organiser: Client) -> None:
    event = an_event()
    registration = registered(event, "An")
    url = reverse("tour_registrations:cancel", args=[registration.pk])
    Event.objects.update(starts_at=NOW - timedelta(hours=4), ends_at=NOW - timedelta(hours=1))

    asked = organiser.get(url).content.decode()

    assert "the visit has taken place" in asked
    assert 'name="seats"' not in asked
    assert url not in organiser.get(reverse("tour_registrations:inspect", args=[registration.pk])).content.decode()


@pytest.mark.parametrize("sent", [{}, {"seats": ["999999999"]}, {"seats": ["one"]}])
def test_seats_nobody_chose_are_not_given_up(organiser: Client, sent: dict[str, Any]) -> None:
    registration = registered(an_event(), "An", "Bo")

    response = organiser.post(reverse("tour_registrations:cancel", args=[registration.pk]), sent)

    assert response.status_code == 200
    assert response.context["form"].errors["seats"]
    assert registration.attendees.live().count() == 2


def test_the_reason_why_a_deed_is_refused_is_shown(organiser: Client) -> None:
    event = an_event()
    registration = registered(event, "An")
    other = an_event()
    Event.objects.filter(pk=other.pk).update(capacity=1)
    registered(other, "Bo")

    response = organiser.post(
        reverse("tour_registrations:move", args=[registration.pk]), {"to": str(other.pk), "why": "Op vraag"}
    )

    assert "This visit is fully booked." in response.content.decode()
    registration.refresh_from_db()
    assert registration.event == event


def test_nobody_can_add_change_or_delete_a_registration_by_hand() -> None:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("root"))
    pk = registered(an_event(), "An").pk

    urls = [f"{LIST}new/", *(f"{LIST}{verb}/{pk}/" for verb in ("edit", "delete", "copy", "history", "usage"))]

    assert {client.get(url, follow=True).status_code for url in urls} == {404}
    assert client.get(LIST).status_code == 200

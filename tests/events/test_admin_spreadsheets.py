"""The files an organiser takes along: whom they name, and how a spreadsheet shows them."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from events import actions
from events.models import Event
from tests import factories
from tests.events.desk import event, logged_in, register

pytestmark = pytest.mark.django_db


def test_the_export_names_the_participants(organiser: Client, now) -> None:
    register(event(now), now, seats=2)

    response = organiser.get(reverse("tour_registrations:index"), {"export": "csv"})

    assert "An Peeters, Bo Nr1" in b"".join(response.streaming_content).decode()


def book_of(response: Any) -> Any:
    return load_workbook(BytesIO(b"".join(response.streaming_content)))


def test_the_export_names_the_addresses_of_who_comes_and_of_nobody_who_gave_the_seat_up_or_was_forgotten(
    organiser: Client, now
) -> None:
    made = event(now)
    two = register(made, now, seats=3)
    an, bo, gone = two.attendees.order_by("pk")
    actions.cancel(registration=two, attendee_ids=[gone.pk], at=now)
    Event.objects.update(starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1))
    actions.erase_person(email=bo.email, at=now)

    text = b"".join(organiser.get(reverse("tour_registrations:index"), {"export": "csv"}).streaming_content).decode()

    (row,) = csv.DictReader(StringIO(text))
    assert (row["Participants"], row["E-mail of the participants"]) == ("An Peeters, (forgotten)", an.email)


def test_whoever_reads_the_addresses_in_the_file_reads_them_on_screen_too(now) -> None:
    one = register(event(now), now, seats=2)
    colleague = one.attendees.order_by("pk")[1].email
    seen = {}
    for group in ("Organisers", "Finance", "Editors"):
        client = logged_in(group)
        screen = client.get(reverse("tour_registrations:inspect", args=[one.pk]))
        file = client.get(reverse("tour_registrations:index"), {"export": "csv"})
        in_file = file.status_code == 200 and colleague in b"".join(file.streaming_content).decode()
        seen[group] = (screen.status_code == 200 and colleague in screen.content.decode(), in_file)

    assert seen == {"Organisers": (True, True), "Finance": (True, True), "Editors": (False, False)}


def test_a_worksheet_keeps_its_heading_in_sight_over_columns_as_wide_as_what_they_hold(organiser: Client, now) -> None:
    made = event(now, name="Een bezoek met een lange naam in de haven van Antwerpen")
    one = register(made, now, seats=9)

    sheet = book_of(organiser.get(reverse("tour_registrations:index"), {"export": "xlsx"})).worksheets[0]

    widths = {cell.value: sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]}
    assert sheet.freeze_panes == "A2"
    assert all(cell.font.bold for cell in sheet[1])
    assert (widths["Event"], widths["Reference"]) == (len(made.name) + 2, len(one.reference) + 2)
    assert (widths["Seats"], widths["E-mail of the participants"]) == (8, 60)
    assert sheet["A2"].value == one.reference


def test_the_member_list_has_the_same_heading_and_widths(organiser: Client, now) -> None:
    member = factories.member(factories.scheme())

    response = organiser.get(reverse("tour_schemes:export_members"), {"format": "xlsx"})

    sheet = load_workbook(BytesIO(response.content)).worksheets[0]
    assert (sheet.freeze_panes, sheet["A1"].font.bold) == ("A2", True)
    assert sheet.column_dimensions["A"].width == max(len(member.name), len("organisation")) + 2


def test_a_list_with_no_rows_is_a_heading(organiser: Client) -> None:
    sheet = book_of(organiser.get(reverse("tour_registrations:index"), {"export": "xlsx"})).worksheets[0]

    assert (sheet.max_row, sheet["A1"].value, sheet.freeze_panes) == (1, "Reference", "A2")

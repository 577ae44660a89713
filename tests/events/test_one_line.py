"""A text of one line is one line: what strangers fill in stands in our mails, and makes no lines of its own there."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from cms.validators import check_one_line
from events import actions
from events.billing_form import BillingForm
from events.forms import AttendeeForm, Registering
from events.models import Registration
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/api/v1/registrations/"
#: A line break, a tab, a separator of lines, an override and an isolate of direction, a character of a terminal.
ODD = ("An\r\nBcc: evil@x.org", "An\tB", "An\u2028B", "An\u202eB", "An\u2066B", "An\x1b[2J", "An\x85B")
PERSON = {"first_name": "An", "last_name": "Peeters", "email": "an@example.org"}


@pytest.fixture
def visit():
    event = factories.event(starts_at=timezone.now() + timedelta(days=30), price="95.00")
    factories.event_page(event)
    return event


@pytest.mark.parametrize("text", ODD)
def test_what_makes_lines_or_turns_the_reading_is_no_text_of_one_line(text):
    with pytest.raises(ValidationError):
        check_one_line(text)


@pytest.mark.parametrize(
    "text",
    ["", "Zoë D’Haene-Ørsted", "李小龍", "נועם לוי", "نور\u200cالدین", "O'Neill & Co. (België) n°\u00a07", "👩‍🔧"],
)
def test_names_of_the_world_are(text):
    check_one_line(text)


def whole(event):
    return {
        "event": event.pk,
        "locale": "en",
        "contact": PERSON | {"phone": "09 123"},
        "organisation": {"name": "Gemeente Proef"},
        "attendees": [dict(PERSON)],
        "organisation_code": "",
        "approver": {"name": "Chef Claes", "email": "chef@example.org"},
        "billing": {"name": "Gemeente", "street": "Markt 1", "postal_code": "9000", "city": "Gent"},
        "accept_terms": True,
    }


PLACES = [
    *(("contact", name) for name in ("first_name", "last_name", "email", "phone")),
    ("organisation", "name"),
    ("organisation", "enterprise_number"),
    *(("attendees", 0, name) for name in ("first_name", "last_name", "email")),
    ("organisation_code",),
    ("approver", "name"),
    ("approver", "email"),
    *(("billing", name) for name in ("name", "street", "postal_code", "city", "email", "peppol_id", "purchase_order")),
]


@pytest.mark.parametrize("path", ["", "quote/"])
def test_no_text_of_an_order_over_http_takes_them(client, visit, path):
    refused = []
    for place in PLACES:
        body = whole(visit)
        inner = body
        for step in place[:-1]:
            inner = inner[step]
        # An address may be odd only in its name of a host: what stands before the @ is checked by Django.
        inner[place[-1]] = "a@ex\u202eample.org" if place[-1] == "email" else "A\u202eB"
        answer = client.post(f"{URL}{path}", json.dumps(body), content_type="application/json")
        refused.append((answer.status_code, tuple(answer.json()["errors"][0]["loc"][1:])))

    assert refused == [(422, place) for place in PLACES]
    assert (Registration.objects.count(), mail.outbox) == (0, [])


@pytest.mark.parametrize("text", ODD)
def test_no_name_over_http_takes_any_of_them(client, visit, text):
    body = whole(visit) | {"contact": PERSON | {"first_name": text}}
    answer = client.post(URL, json.dumps(body), content_type="application/json")

    assert (answer.status_code, [error["loc"] for error in answer.json()["errors"]]) == (
        422,
        [["body", "contact", "first_name"]],
    )


def test_nor_does_the_form(visit):
    texts = {
        **dict.fromkeys(("first_name", "last_name", "phone", "organisation_name", "approver_name"), "A\u202eB"),
        **dict.fromkeys(("email", "approver_email", "billing_email"), "a@ex\u202eample.org"),
        **dict.fromkeys(("billing_name", "billing_street", "billing_postal_code", "billing_city"), "A\nB"),
        **dict.fromkeys(("purchase_order",), "A\tB"),
        **{f"colleagues-0-{name}": "A\u2028B" for name in ("first_name", "last_name")},
        "colleagues-0-email": "b@ex\u202eample.org",
    }
    numbers = {"colleagues-TOTAL_FORMS": "1", "colleagues-INITIAL_FORMS": "0"}
    registering = Registering(visit, texts | numbers | {"attends": "on", "accept_terms": "on"})

    assert not registering.is_valid()
    found = set(registering.form.errors) | {f"colleagues-0-{name}" for name in registering.colleagues.forms[0].errors}
    assert found >= set(texts)


def test_nor_do_a_substitute_and_the_desk(client):
    visit = factories.event(starts_at=timezone.now() + timedelta(days=30))
    registration = actions.register(event=visit, order=factories.order(email="an@example.org"), at=timezone.now())
    seat = registration.attendees.get()
    headers = {"Authorization": f"Bearer {registration.manage_token}"}
    odd = PERSON | {"first_name": "An\nB"}
    answer = client.post(
        f"{URL}{registration.reference}/substitute/",
        json.dumps(odd | {"attendee": seat.pk}),
        content_type="application/json",
        headers=headers,
    )
    page = client.post(reverse("events:substitute", args=[registration.manage_token, seat.pk]), odd)

    assert (answer.status_code, page.status_code) == (422, 422)
    assert set(AttendeeForm(odd).errors) == {"first_name"}
    seat.refresh_from_db()
    assert seat.first_name == "An"
    client.force_login(factories.user("Organisers"))
    said = client.post(
        reverse("tour_events:desk", args=[visit.pk]),
        {
            **dict.fromkeys(("first_name", "last_name", "phone", "organisation_name"), "A\u202eB"),
            "email": "a@ex\u202eample.org",
            "people": "Bo\u202e; Claes; bo@example.org",
        },
    )
    assert set(said.context["form"].errors) >= {
        *("first_name", "last_name", "phone", "organisation_name", "email", "people"),
    }


def test_every_text_field_of_billing_is_of_one_line():
    texts = [
        name for name, field in BillingForm.base_fields.items() if type(field).__name__ in {"CharField", "EmailField"}
    ]
    assert [name for name in texts if check_one_line not in BillingForm.base_fields[name].validators] == []

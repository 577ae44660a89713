"""The API contract: what it says, what it refuses, and that nothing a client sends makes it fall over."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from events.models import Registration
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/api/v1/registrations/"
JSON = {"content_type": "application/json"}


@pytest.fixture
def now():
    return timezone.now()


def body(event, seats=1, **changes):
    people = [{"first_name": "An", "last_name": f"Nr{n}", "email": f"an{n}@example.org"} for n in range(seats)]
    return {
        "event": event.pk,
        "locale": "en",
        "contact": {"first_name": "An", "last_name": "Peeters", "email": "an0@example.org", "phone": "09 123"},
        "organisation": {"name": "Gemeente Proef", "country": "BE", "vat_number": "BE 0428.759.497"},
        "attendees": people,
        "accept_terms": True,
    } | changes


def post(client, data, **headers):
    return client.post(URL, json.dumps(data), **JSON, headers=headers)


def soon(now, **facts):
    return factories.event(starts_at=now + timedelta(days=30), **facts)


def shown(now, **facts):
    """One everybody can read about: the API registers for no other."""
    event = soon(now, **facts)
    factories.event_page(event)
    return event


def test_a_free_registration_answers_all_the_contract_names(client, now):
    event = shown(now)

    answer = post(client, body(event, seats=2))

    assert answer.status_code == 201
    data = answer.json()
    registration = Registration.objects.get()
    attendees = data.pop("attendees")
    assert data == {
        "reference": registration.reference,
        "event": event.pk,
        "status": "confirmed",
        "total_incl_vat": "0.00",
        "currency": "EUR",
        "hold_expires_at": None,
        "place_in_line": None,
        "checkout_url": None,
        "manage_url": f"http://testserver/en/r/{registration.manage_token}/",
        "manage_token": registration.manage_token,
    }
    assert [{k: a[k] for k in ("first_name", "status", "ticket_type", "price_incl_vat")} for a in attendees] == [
        {"first_name": "An", "status": "confirmed", "ticket_type": "Cost price", "price_incl_vat": "0.00"}
    ] * 2
    assert (registration.vat_number, registration.language) == ("BE0428759497", "en")


def test_the_same_idempotency_key_gives_the_same_registration_and_another_body_is_refused(client, now):
    event = shown(now)

    first = post(client, body(event), **{"Idempotency-Key": "k-1"})
    again = post(client, body(event), **{"Idempotency-Key": "k-1"})
    other = post(client, body(event, seats=2), **{"Idempotency-Key": "k-1"})

    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    assert (other.status_code, other.json()["errors"][0]["loc"]) == (422, ["header", "Idempotency-Key"])


def test_reading_and_cancelling_want_the_manage_token_of_this_registration(client, now):
    event = shown(now)
    made = post(client, body(event, seats=2)).json()
    other = post(client, body(shown(now))).json()
    url = f"{URL}{made['reference']}/"
    mine = {"Authorization": f"Bearer {made['manage_token']}"}

    assert client.get(url).status_code == 401
    assert client.get(url, headers={"Authorization": f"Bearer {other['manage_token']}"}).status_code == 401
    assert client.get(url, headers={"Authorization": f"Bearer {made['manage_token']}x"}).status_code == 401
    assert client.get(url, headers=mine).json()["status"] == "confirmed"

    first = made["attendees"][0]["id"]
    one = client.post(f"{url}cancel/", json.dumps({"attendees": [first]}), **JSON, headers=mine).json()
    assert (one["status"], [a["status"] for a in one["attendees"]]) == ("confirmed", ["cancelled", "confirmed"])
    everyone = client.post(f"{url}cancel/", "{}", **JSON, headers=mine).json()
    assert (everyone["status"], [a["status"] for a in everyone["attendees"]]) == ("cancelled", ["cancelled"] * 2)
    assert event.seats_left(now) == 10


@pytest.mark.parametrize(
    ("changes", "loc"),
    [
        ({"bogus": 1}, ["body", "bogus"]),
        ({"accept_terms": False}, ["body", "accept_terms"]),
        ({"attendees": []}, ["body", "attendees"]),
        (
            {"attendees": [{"first_name": "A", "last_name": "B", "email": f"a{n}@example.org"} for n in range(11)]},
            ["body", "attendees"],
        ),
        (
            {"attendees": [{"first_name": "A", "last_name": "B", "email": "a@example.org"}] * 2},
            ["body", "attendees", 1, "email"],
        ),
        (
            {"attendees": [{"first_name": "A\x00", "last_name": "B", "email": "a@example.org"}]},
            ["body", "attendees", 0, "first_name"],
        ),
        (
            {"attendees": [{"first_name": "A" * 1_000, "last_name": "B", "email": "a@example.org"}]},
            ["body", "attendees", 0, "first_name"],
        ),
        (
            {"attendees": [{"first_name": " ", "last_name": "B", "email": "a@example.org"}]},
            ["body", "attendees", 0, "first_name"],
        ),
        (
            {"attendees": [{"first_name": "A", "last_name": "B", "email": "geen adres"}]},
            ["body", "attendees", 0, "email"],
        ),
        ({"organisation": {"name": "X", "vat_number": "BE 0428.759.498"}}, ["body", "organisation", "vat_number"]),
        ({"organisation": {"name": "X", "country": "XX"}}, ["body", "organisation", "country"]),
        ({"event": 10**30}, ["body", "event"]),
        ({"event": 999_999}, ["body", "event"]),
        ({"locale": "fr"}, ["body", "locale"]),
        ({"organisation_code": "ONBEKEND-1"}, ["body", "organisation_code"]),
    ],
)
def test_bad_input_is_a_problem_that_names_the_field_and_writes_nothing(client, now, changes, loc):
    event = shown(now, scheme=factories.scheme())
    event.ticket_types.create(name_nl="Vrij", name_en="Free")

    answer = post(client, body(event) | changes)

    problem = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert problem["errors"][0]["loc"] == loc
    assert problem["errors"][0]["msg"]
    assert Registration.objects.count() == 0


@pytest.mark.parametrize("sent", ["", "{", "[]", "null", '"x"', '{"event": NaN}', "\x00", '{"event": 1e400}'])
def test_what_is_no_registration_at_all_is_a_4xx(client, sent):
    answer = client.post(URL, sent, **JSON)

    assert (answer.status_code in {400, 422}, answer["Content-Type"]) == (True, "application/problem+json")


def test_a_megabyte_is_refused_before_it_is_read(client, now):
    answer = post(client, body(shown(now)) | {"organisation_code": "A" * 1_000_000})

    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")


@pytest.mark.parametrize(
    ("facts", "status", "code"),
    [
        ({"status": "cancelled"}, 409, "event_cancelled"),
        ({"registration_closes_at": "past"}, 409, "registration_closed"),
        ({"capacity": 1}, 409, "fully_booked"),
    ],
)
def test_a_visit_that_takes_nobody_is_a_conflict(client, now, facts, status, code):
    closed = {name: now - timedelta(days=1) if value == "past" else value for name, value in facts.items()}

    answer = post(client, body(shown(now, **closed), seats=2))

    told = answer.json()
    assert (answer.status_code, told["type"], told["errors"][0]["type"]) == (status, code, code)
    assert Registration.objects.count() == 0


def test_refusals_speak_the_language_of_the_request(client, now):
    event = shown(now, capacity=1)

    english = post(client, body(event, seats=2)).json()["detail"]
    dutch = post(client, body(event, seats=2, locale="nl")).json()["detail"]

    assert (english, dutch) == (
        "Only 1 place is left, fewer than you ask for.",
        "Er is nog maar 1 plaats vrij, minder dan u vraagt.",
    )


def test_a_conflict_with_an_earlier_registration_names_the_address(client, now):
    event = shown(now)
    post(client, body(event))

    answer = post(client, body(event))

    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (409, ["body", "attendees"])
    assert "an0@example.org" in answer.json()["detail"]


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_takes_a_constant_number_of_queries(client, now, count, django_assert_num_queries):
    scheme = factories.scheme()
    for _event in range(count):
        factories.event_page(soon(now, scheme=scheme))
    client.get("/api/v1/events/?locale=nl")

    with django_assert_num_queries(7):
        data = client.get("/api/v1/events/?locale=nl").json()

    assert (len(data["items"]), data["total"], data["next"]) == (count, count, None)


def test_both_languages_tell_the_same_seats_under_their_own_title(client, now):
    event = soon(now, capacity=7)
    factories.event_page(event, title="Werkkledij")
    post(client, body(event, seats=3))

    dutch = client.get("/api/v1/events/?locale=nl").json()["items"][0]
    english = client.get("/api/v1/events/?locale=en").json()["items"][0]

    assert (dutch["title"], dutch["seats_left"]) == ("Werkkledij", 4)
    assert (english["id"], english["seats_left"]) == (dutch["id"], 4)
    assert english["html_url"].startswith("http://testserver/en/programme/visit-")


def test_a_list_is_paged_and_says_where_it_goes_on(client, now):
    for _event in range(3):
        factories.event_page(soon(now))

    first = client.get("/api/v1/events/?limit=2").json()
    second = client.get(first["next"].removeprefix("http://testserver")).json()

    assert (len(first["items"]), len(second["items"]), second["next"]) == (2, 1, None)


@pytest.mark.parametrize(
    "query", ["bogus=1", "limit=0", "limit=1000", "offset=99999999999999999999", "locale=fr", "limit=x"]
)
def test_a_query_we_do_not_know_is_a_422_never_ignored(client, query):
    answer = client.get(f"/api/v1/events/?{query}")

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")


def test_an_unknown_or_draft_event_is_a_404(client, now):
    draft = soon(now, status="draft")
    factories.event_page(draft)

    for pk in (draft.pk, 999_999, 10**30):
        assert client.get(f"/api/v1/events/{pk}/").status_code == 404


def test_a_nul_byte_in_an_address_is_a_400(client):
    for path in ("/api/v1/events/?locale=%00", "/nl/search/?q=%00", "/nl/%00/"):
        assert client.get(path).status_code == 400


def test_the_openapi_document_names_every_endpoint_of_the_contract(client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]

    assert {
        "/api/v1/events/",
        "/api/v1/events/{event_id}/",
        "/api/v1/registrations/",
        "/api/v1/registrations/{reference}/",
        "/api/v1/registrations/{reference}/cancel/",
    } <= set(paths)


@pytest.mark.parametrize(("length", "status", "made"), [(200, 201, 1), (201, 422, 0)])
def test_a_key_is_as_long_as_the_contract_says(client, now, length, status, made):
    answer = post(client, body(shown(now)), **{"Idempotency-Key": "k" * length})

    assert (answer.status_code, Registration.objects.count()) == (status, made)
    if status == 422:
        assert answer.json()["errors"] == [
            {
                "loc": ["header", "Idempotency-Key"],
                "msg": "Use at most 200 characters.",
                "type": "string_too_long",
            }
        ]


@pytest.mark.parametrize("path", ["", "quote/"])
@pytest.mark.parametrize("wrong", [True, "1", 1.5, None, [1]])
def test_the_number_of_a_visit_is_a_number(client, now, path, wrong):
    """`true` would be the visit with number 1."""
    shown(now)
    answer = client.post(f"{URL}{path}", json.dumps(body(shown(now)) | {"event": wrong}), **JSON)

    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", "event"])
    assert answer.json()["errors"][0]["type"].startswith("int_")


@pytest.mark.parametrize("name", ["accept_terms", "accepts_part", "asks_for_more"])
@pytest.mark.parametrize("wrong", ["yes", 1, "true"])
def test_a_yes_is_true_and_nothing_else(client, now, name, wrong):
    answer = post(client, body(shown(now)) | {name: wrong})

    assert [(error["loc"], error["type"]) for error in answer.json()["errors"]] == [(["body", name], "bool_type")]


def test_a_yes_of_one_person_or_of_the_invoice_is_true_and_nothing_else(client, now):
    event = shown(now)
    follows = post(client, body(event) | {"attendees": [{"to_follow": "yes"}]})
    order = post(client, body(event) | {"billing": {"po_follows": 1}})

    assert [answer.json()["errors"][0]["loc"] for answer in (follows, order)] == [
        ["body", "attendees", 0, "to_follow"],
        ["body", "billing", "po_follows"],
    ]


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("cancel/", {"attendees": ["SEAT"]}),
        ("cancel/", {"attendees": [True]}),
        ("substitute/", {"attendee": "SEAT", "first_name": "Bo", "last_name": "B", "email": "bo@example.org"}),
        ("substitute/", {"attendee": True, "first_name": "Bo", "last_name": "B", "email": "bo@example.org"}),
    ],
)
def test_the_number_of_a_seat_is_a_number(client, now, path, sent):
    made = post(client, body(shown(now))).json()
    seat = str(made["attendees"][0]["id"])
    data = json.dumps(sent).replace("SEAT", seat)
    headers = {"Authorization": f"Bearer {made['manage_token']}"}
    answer = client.post(f"{URL}{made['reference']}/{path}", data, **JSON, headers=headers)

    assert (answer.status_code, answer.json()["errors"][0]["type"]) == (422, "int_type")
    assert Registration.objects.get().attendees.get().email == "an0@example.org"


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"accept_terms": False}, "terms"),
        ({"event": 999_999}, "unknown_event"),
        ({"attendees": [{"first_name": "An", "last_name": "B", "email": "a@example.org"}] * 2}, "same_email"),
        ({"attendees": [{"first_name": "An", "last_name": "B", "email": "x", "to_follow": True}]}, "name"),
        ({"organisation_code": "ONBEKEND-1"}, "code_unknown"),
        ({"billing": {"method": "invoice", "kind": "private"}}, "billing"),
    ],
)
def test_each_refusal_has_its_code_at_the_top_and_at_its_place(client, now, changes, kind):
    event = shown(now, scheme=factories.scheme())
    told = post(client, body(event) | changes).json()

    assert (told["type"], {error["type"] for error in told["errors"]}) == (kind, {kind})


def test_every_address_is_of_the_site_that_is_asked_whatever_the_settings_name(client, settings):
    page = factories.event_page()
    settings.WAGTAILADMIN_BASE_URL = "http://elsewhere.example"

    [item] = client.get("/api/v1/events/?locale=nl&when=all").json()["items"]

    assert item["html_url"] == f"http://testserver{page.url}"

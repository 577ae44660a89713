"""What the page of a registration can do, a client of the API can do: with the same tokens, and the same refusals."""

import json
from datetime import timedelta

import pytest
from django.core import checks
from django.utils import timezone

from events import actions
from events.addresses import confirm_mailbox_url, manage_url, seat_url
from events.models import Approval, Event, Registration
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/api/v1/registrations/"


@pytest.fixture
def now():
    return timezone.now()


class Api:
    """A client that knows nothing but the API and a token."""

    def __init__(self, client, registration, token=None):
        self.client, self.reference = client, registration.reference
        self.headers = {"Authorization": f"Bearer {registration.manage_token if token is None else token}"}

    def get(self, path=""):
        return self.client.get(f"{URL}{self.reference}/{path}", headers=self.headers)

    def post(self, path, body=None):
        data = json.dumps(body or {})
        return self.client.post(
            f"{URL}{self.reference}/{path}", data, content_type="application/json", headers=self.headers
        )


def registered(now, *, seats=1, email="an@example.org", event=None, **facts):
    event = event or factories.event(starts_at=now + timedelta(days=30), **facts)
    order = factories.order(seats=seats, email=email, language="en")
    return actions.register(event=event, order=order, at=now)


def shown(now, **facts):
    event = factories.event(starts_at=now + timedelta(days=30), **facts)
    factories.event_page(event)
    return event


def refusal(answer):
    """Its code: the same at the top and at its place, but for a body that is none."""
    told = answer.json()
    [kind] = {error["type"] for error in told["errors"]}
    assert told["type"] == ("about:blank" if kind == "extra_forbidden" else kind)
    return answer.status_code, kind


def body(event, **changes):
    return {
        "event": event.pk,
        "locale": "en",
        "contact": {"first_name": "An", "last_name": "Peeters", "email": "an@example.org"},
        "organisation": {"name": "Gemeente Proef"},
        "attendees": [{"first_name": "An", "last_name": "Peeters", "email": "an@example.org"}],
        "accept_terms": True,
    } | changes


def test_the_journey_tells_what_the_page_tells_and_what_can_be_done(client, now):
    factories.ground()
    registration = registered(now, seats=2)
    first, second = registration.attendees.order_by("pk")

    answer = Api(client, registration).get("journey/").json()

    assert answer["steps"] == ["substitute", "cancel", "calendar"]
    assert answer["contact"] == {
        "first_name": "An",
        "last_name": "Peeters",
        "email": "an@example.org",
        "phone": "",
        "organisation": "Gemeente Proef",
    }
    assert [(seat["id"], seat["email"], seat["is_named"]) for seat in answer["seats"]] == [
        (first.pk, "an@example.org", True),
        (second.pk, second.email, True),
    ]
    assert (answer["status"], answer["offer"], answer["parts"], answer["cancellation_terms"]) == (
        "confirmed",
        None,
        [],
        [],
    )
    assert answer["html_url"] == manage_url(registration)


@pytest.mark.parametrize("path", ["journey/", "cancellation/", "calendar/", "my-data/"])
@pytest.mark.parametrize("token", ["", "nonsense", "other"])
def test_none_of_it_is_read_without_the_token_of_this_very_registration(path, token, client, now):
    registration = registered(now)
    other = registered(now, email="bo@example.org")

    answer = Api(client, registration, other.manage_token if token == "other" else token).get(path)
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


@pytest.mark.parametrize("path", ["pay/", "confirm/", "withdraw/", "accept-part/"])
def test_nor_done(path, client, now):
    registration = registered(now)
    assert Api(client, registration, registered(now, email="bo@example.org").manage_token).post(path).status_code == 401


@pytest.mark.parametrize("path", ["pay/", "confirm/", "withdraw/", "accept-part/"])
def test_an_unknown_key_is_refused_and_an_unknown_parameter_too(path, client, now):
    registration = registered(now)
    api = Api(client, registration, registration.mailbox_token if path == "confirm/" else None)

    assert refusal(api.post(path, {"all": True})) == (422, "extra_forbidden")
    assert refusal(api.post(f"{path}?all=1")) == (422, "extra_forbidden")


def test_the_mailbox_is_confirmed_with_the_mailed_token_alone(client, now):
    scheme = factories.scheme()
    factories.member(scheme, domain="example.org")
    event = factories.event(starts_at=now + timedelta(days=30), scheme=scheme)
    registration = registered(now, event=event)
    assert registration.status == "unconfirmed_email"
    assert Api(client, registration).get("journey/").json()["steps"][0] == "confirm_mailbox"
    assert Api(client, registration).post("confirm/").status_code == 401

    mailed = Api(client, registration, registration.mailbox_token)
    answer = mailed.post("confirm/")
    assert (answer.status_code, answer.json()["status"], answer.json()["checkout_url"]) == (200, "confirmed", None)
    assert mailed.post("confirm/").json()["status"] == "confirmed"
    actions.cancel(registration=registration, at=now)
    assert refusal(mailed.post("confirm/")) == (409, "nothing_to_confirm")


def test_an_offer_is_answered_with_either_token_and_the_mailed_one_proves_the_mailbox(client, now):
    scheme = factories.scheme()
    factories.member(scheme, domain="example.org")
    event = factories.event(starts_at=now + timedelta(days=30), scheme=scheme, capacity=1, waiting_list=True)
    first = registered(now, event=event)
    actions.confirm_mailbox(registration=first, at=now)
    second = registered(now, event=event, email="bo@example.org")
    actions.cancel(registration=first, at=now)

    api = Api(client, second)
    told = api.get("journey/").json()
    assert (told["steps"][0], told["offer"]["seats"]) == ("answer_offer", 1)
    answer = Api(client, second, second.mailbox_token).post("offer/", {"answer": "accept"})
    assert (answer.status_code, answer.json()["status"]) == (200, "confirmed")


def test_a_waiting_group_says_that_fewer_are_welcome(client, now):
    event = factories.event(starts_at=now + timedelta(days=30), capacity=2, waiting_list=True)
    registered(now, event=event)
    group = registered(now, event=event, seats=2, email="bo@example.org")
    api = Api(client, group)
    assert api.get("journey/").json()["steps"] == ["accept_part", "substitute", "cancel"]

    answer = api.post("accept-part/")
    assert (answer.status_code, answer.json()["status"]) == (200, "offered")
    told = api.get("journey/").json()
    assert [seat["is_offered"] for seat in told["seats"]] == [True, False]
    assert refusal(api.post("accept-part/")) == (409, "not_in_line")

    api.post("offer/", {"answer": "accept"})
    [rest] = api.get("journey/").json()["parts"]
    assert (rest["status"], rest["seats"]) == ("waiting", 1)
    other = Registration.objects.get(reference=rest["reference"])
    assert Api(client, other, rest["manage_token"]).get("journey/").json()["status"] == "waiting"


def test_what_cancelling_comes_to_is_told_before_and_of_seats_of_its_own_only(client, now):
    registration = registered(now, seats=2)
    first = registration.attendees.order_by("pk")[0].pk
    api = Api(client, registration)

    assert api.get(f"cancellation/?attendees={first}").json() == {
        "attendees": [first],
        "kept": "0.00",
        "given_back": "0.00",
        "credited": "0.00",
        "currency": "EUR",
    }
    assert len(api.get("cancellation/").json()["attendees"]) == 2
    assert refusal(api.get("cancellation/?attendees=999999")) == (422, "unknown_attendee")
    assert Registration.objects.get().status == "confirmed"


def test_withdrawing_is_refused_where_no_visit_grants_it_and_done_where_one_does(client, now):
    assert refusal(Api(client, registered(now)).post("withdraw/")) == (409, "no_withdrawal")
    granted = registered(now, email="bo@example.org", withdrawal_days=14)
    api = Api(client, granted)
    assert "withdraw" in api.get("journey/").json()["steps"]

    assert api.post("withdraw/").json()["status"] == "cancelled"


def test_a_free_registration_has_nothing_to_pay(client, now):
    assert refusal(Api(client, registered(now)).post("pay/")) == (409, "nothing_to_pay")


def test_the_calendar_entry_is_the_one_of_the_page_and_there_once_it_is_certain(client, now):
    registration = registered(now)
    answer = Api(client, registration).get("calendar/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.content.startswith(b"BEGIN:VCALENDAR\r\n")

    waiting = registered(now, email="bo@example.org", requires_approval=True)
    assert refusal(Api(client, waiting).get("calendar/")) == (409, "not_confirmed")


def test_own_data_are_for_who_reads_the_mailbox_and_nobody_else(client, now):
    registration = registered(now)
    registered(now, email="bo@example.org")

    assert Api(client, registration).get("my-data/").status_code == 401
    data = Api(client, registration, registration.mailbox_token).get("my-data/").json()
    assert (data["email"], [found["reference"] for found in data["as_contact"]]) == (
        "an@example.org",
        [registration.reference],
    )
    actions.cancel(registration=registration, at=now)
    actions.erase_person(email="an@example.org", at=now)
    assert Api(client, registration, registration.mailbox_token).get("my-data/").status_code == 401


# --- Who has no registration of their own ---------------------------------------------------------------------------


def asked(client, token, body=None):
    headers = {"Authorization": f"Bearer {token}"}
    if body is None:
        return client.get(f"{URL}approval/", headers=headers)
    return client.post(f"{URL}approval/", json.dumps(body), content_type="application/json", headers=headers)


@pytest.mark.skipif(not factories.has_payments(), reason="an approver is asked for a price")
def test_an_approver_reads_what_is_asked_and_answers_once(client, now):
    event = factories.event(starts_at=now + timedelta(days=30), price="95.00")
    approver = actions.Approver("Chef Claes", "chef@example.org")
    order = factories.order(email="an@example.org", language="en", approver=approver)
    registration = actions.register(event=event, order=order, at=now)
    approval = Approval.objects.get()

    question = asked(client, approval.token).json()
    assert (question["state"], question["asked_by"], question["approver"], question["total_incl_vat"]) == (
        "open",
        "An Peeters",
        "Chef Claes",
        "114.95",
    )
    assert [seat["name"] for seat in question["seats"]] == ["An Peeters"]
    answer = asked(client, approval.token, {"answer": "approve", "remark": "Ga kijken."})
    assert (answer.status_code, answer.json()["state"], answer.json()["remark"]) == (200, "approved", "Ga kijken.")
    registration.refresh_from_db()
    assert registration.status == "held"
    assert refusal(asked(client, approval.token, {"answer": "reject"})) == (409, "answered_already")
    assert [found["answer"] for found in Api(client, registration).get("journey/").json()["approvals"]] == ["approved"]


@pytest.mark.parametrize("token", ["", "nonsense", "manage"])
def test_another_token_answers_no_question_and_gives_up_no_seat(token, client, now):
    registration = registered(now, requires_approval=True)
    token = registration.manage_token if token == "manage" else token

    assert asked(client, token).status_code == 401
    assert asked(client, token, {"answer": "approve"}).status_code == 401
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get(f"{URL}seat/", headers=headers).status_code == 401


def test_a_participant_gives_up_the_own_seat_and_sees_nothing_of_the_others(client, now):
    registration = registered(now, seats=2)
    own = registration.attendees.order_by("pk")[1]
    headers = {"Authorization": f"Bearer {own.token}"}

    told = client.get(f"{URL}seat/", headers=headers)
    assert (told.json()["first_name"], told.json()["can_be_given_up"]) == ("Bo", True)
    assert "an@example.org" not in told.content.decode()
    given_up = client.post(f"{URL}seat/cancel/", "{}", content_type="application/json", headers=headers)
    assert (given_up.json()["status"], given_up.json()["can_be_given_up"]) == ("cancelled", False)
    Event.objects.update(starts_at=now - timedelta(hours=1))
    first = registration.attendees.order_by("pk")[0]
    headers = {"Authorization": f"Bearer {first.token}"}
    late = client.post(f"{URL}seat/cancel/", "{}", content_type="application/json", headers=headers)
    assert refusal(late) == (409, "too_late_to_cancel")


# --- Before the order -----------------------------------------------------------------------------------------------


def quoted(client, data):
    return client.post(f"{URL}quote/", json.dumps(data), content_type="application/json")


def test_a_quote_tells_what_it_comes_to_and_writes_nothing(client, now):
    scheme = factories.scheme(name_en="Green Deal")
    member = factories.member(scheme, code="GREEN", quota_per_event=1)
    event = shown(now, scheme=scheme, capacity=2, waiting_list=True)
    people = [{"first_name": "An", "last_name": f"Nr{n}", "email": f"an{n}@example.org"} for n in range(2)]

    answer = quoted(client, body(event, attendees=people, organisation_code="GREEN", accept_terms=False)).json()

    assert (answer["scheme"], answer["asks_for_more"], answer["can_pay_instead"], answer["quota_left"]) == (
        "Green Deal",
        True,
        False,
        1,
    )
    assert [step["status"] for step in answer["ahead"]] == ["awaiting_approval", "confirmed"]
    assert (answer["will_wait"], answer["seats_left"], answer["total_incl_vat"]) == (False, 2, "0.00")
    assert (Registration.objects.count(), member.memberships.count()) == (0, 1)


def test_a_quote_is_refused_as_the_registration_would_be(client, now):
    event = shown(now)
    assert refusal(quoted(client, body(event, organisation_code="NEE"))) == (422, "code_unknown")
    assert refusal(quoted(client, body(event) | {"event": 999999})) == (422, "unknown_event")
    Event.objects.update(starts_at=now - timedelta(days=1), ends_at=now - timedelta(hours=20))
    assert refusal(quoted(client, body(event))) == (409, "registration_closed")


def test_whether_an_organisation_is_in_is_told_by_name_five_at_most(client, now):
    scheme = factories.scheme(name_en="Green Deal")
    for _number in range(6):
        factories.member(scheme)

    answer = client.get(f"{URL}members/?q=Organisatie&locale=en").json()
    assert (len(answer["items"]), answer["more"], answer["items"][0]["scheme"]) == (5, True, "Green Deal")
    assert client.get(f"{URL}members/?q=geen%20enkele").json() == {"items": [], "more": False}
    for short in ("ab", "", "%20%20a%20", "%20%20%20"):
        told = client.get(f"{URL}members/?q={short}", headers={"Accept-Language": "en"})
        assert (told.status_code, told.json()["errors"]) == (
            422,
            [{"loc": ["query", "q"], "msg": "Use at least 3 characters.", "type": "string_too_short"}],
        )
    assert client.get(f"{URL}members/?q=abc&all=1").status_code == 422


# --- A front end of one's own ---------------------------------------------------------------------------------------


def test_mails_lead_to_the_front_end_that_is_named_with_the_token_it_needs(settings, now):
    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {
        "REGISTRATION_ADDRESSES": {"manage": "https://front.example/{language}/mine/{token}"}
    }
    registration = registered(now)

    assert manage_url(registration) == f"https://front.example/en/mine/{registration.manage_token}"
    assert confirm_mailbox_url(registration).startswith("http://testserver/en/confirm/")
    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {
        "REGISTRATION_ADDRESSES": {"seat": "https://front.example/s/{token}"}
    }
    seat = registration.attendees.get()
    assert seat_url(seat) == f"https://front.example/s/{seat.token}"


@pytest.mark.parametrize(
    "wrong", [{"home": "https://a.example/{token}"}, {"seat": "https://a.example/"}, {"seat": "x"}]
)
def test_a_front_end_that_cannot_be_is_said_when_the_site_starts(wrong, settings):
    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {"REGISTRATION_ADDRESSES": wrong}
    assert [found.id for found in checks.run_checks() if found.id == "events.E002"] == ["events.E002"]

"""Who is registered is found out by nobody who tries addresses: five times an hour, then not at all."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cms.headless.throttle import forget_uses
from cms.models import ApiUse
from events import actions, guessing
from events.models import Registration
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/api/v1/registrations/"
#: Of an hour of which forty minutes are left.
NOW = timezone.now().replace(minute=20, second=0, microsecond=0)
KNOWN = [f"bekend{number}@example.org" for number in range(4)]


@pytest.fixture(autouse=True)
def the_hour_does_not_end(monkeypatch):
    """The edges ask the time themselves; the deeds are given it."""
    monkeypatch.setattr("events.registrations_api.timezone.now", lambda: NOW)


@pytest.fixture
def visit():
    """With four people who are registered."""
    event = factories.event(starts_at=NOW + timedelta(days=30), capacity=40)
    factories.event_page(event)
    for email in KNOWN:
        actions.register(event=event, order=factories.order(email=email), at=NOW)
    return event


def person(email):
    return {"first_name": "An", "last_name": "Peeters", "email": email}


def over_http(client, visit, *emails, **extra):
    body = {
        "event": visit.pk,
        "locale": "en",
        "contact": person("vreemd@example.org"),
        "organisation": {"name": "Niemand"},
        "attendees": [person(email) for email in emails],
        "accept_terms": True,
    }
    return client.post(URL, json.dumps(body), content_type="application/json", **extra)


def at_the_form(client, visit, email, name="register"):
    """The order of one who typed this address, as the overview's button sends it."""
    address = reverse(f"events:{name}", args=[visit.page_in("nl").pk])
    typed = person(email) | {
        "colleagues-TOTAL_FORMS": "0",
        "colleagues-INITIAL_FORMS": "0",
        "attends": "on",
        "organisation_name": "Niemand",
        "organisation_country": "BE",
        "accept_terms": "on",
        "step": "review",
    }
    review = client.post(address, typed).content.decode()
    shown = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', review))
    return client.post(address, shown | {"step": "order"})


def test_after_five_the_api_says_nothing_of_anybody_for_the_rest_of_the_hour(client, visit):
    said = [over_http(client, visit, KNOWN[number % 4]) for number in range(5)]
    then = [over_http(client, visit, email) for email in (KNOWN[0], "onbekend@example.org")]

    assert [answer.status_code for answer in [*said, *then]] == [409] * 5 + [429] * 2
    assert [answer.json()["errors"][0]["type"] for answer in then] == ["too_many_tried"] * 2
    assert {answer["Retry-After"] for answer in then} == {"2400"}
    # The same for one who is registered and one who is not.
    assert then[0].content == then[1].content
    assert Registration.objects.count() == len(KNOWN)


@pytest.mark.parametrize("name", ["register", "embed_register"])
def test_the_form_counts_with_the_api_and_says_so_on_the_page(client, visit, name):
    for number in range(2):
        assert over_http(client, visit, KNOWN[number]).status_code == 409
    said = [at_the_form(client, visit, KNOWN[number], name) for number in range(3)]
    then = at_the_form(client, visit, "onbekend@example.org", name)

    assert [answer.status_code for answer in said] == [422] * 3
    assert KNOWN[0] in said[0].content.decode()
    assert (then.status_code, 0 < int(then["Retry-After"]) <= 3600) == (429, True)
    html = then.content.decode()
    assert ('id="error-summary"' in html, 'value="onbekend@example.org"' in html) == (True, True)
    assert over_http(client, visit, KNOWN[0]).status_code == 429
    assert Registration.objects.count() == len(KNOWN)


def test_whoever_mistypes_and_corrects_it_is_registered(client, visit):
    assert at_the_form(client, visit, KNOWN[0]).status_code == 422
    assert at_the_form(client, visit, KNOWN[1]).status_code == 422
    assert over_http(client, visit, "geen adres").status_code == 422
    assert over_http(client, visit, "nieuw@example.org", KNOWN[2]).status_code == 409

    assert at_the_form(client, visit, "nieuw@example.org").status_code in {302, 303}
    assert Registration.objects.filter(email="nieuw@example.org").exists()


def test_only_such_refusals_count_and_each_network_for_itself(client, visit):
    for number in range(6):
        assert over_http(client, visit, f"nieuw{number}@example.org").status_code == 201
        assert over_http(client, visit, "geen adres").status_code == 422
    assert ApiUse.objects.filter(ends_at__gt=NOW + timedelta(minutes=2)).count() == 0
    for _time in range(5):
        over_http(client, visit, KNOWN[0])

    assert over_http(client, visit, KNOWN[0]).status_code == 429
    assert over_http(client, visit, KNOWN[0], REMOTE_ADDR="192.0.2.7").status_code == 409


def test_a_list_of_people_is_refused_without_a_name(client, visit):
    two = over_http(client, visit, "nieuw@example.org", *KNOWN[:2]).json()["errors"]
    three = over_http(client, visit, "nieuw@example.org", *KNOWN[:3])

    assert KNOWN[0] in two[0]["msg"]
    assert (three.status_code, three.json()["errors"]) == (
        409,
        [
            {
                "loc": ["body", "attendees"],
                "msg": "Some of these people are registered for this visit already.",
                "type": "already_registered",
            }
        ],
    )


def test_changing_a_name_is_no_way_round(client, visit):
    mine = actions.register(event=visit, order=factories.order(email="eigen@example.org"), at=NOW)
    seat = mine.attendees.get()
    headers = {"Authorization": f"Bearer {mine.manage_token}"}

    def over_the_api(email):
        body = json.dumps(person(email) | {"attendee": seat.pk})
        return client.post(f"{URL}{mine.reference}/substitute/", body, content_type="application/json", headers=headers)

    page = reverse("events:substitute", args=[mine.manage_token, seat.pk])
    assert [over_the_api(KNOWN[number]).status_code for number in range(3)] == [409] * 3
    assert [client.post(page, person(KNOWN[number])).status_code for number in range(2)] == [422] * 2

    assert over_the_api("onbekend@example.org").status_code == 429
    assert client.post(page, person("onbekend@example.org")).status_code == 429
    seat.refresh_from_db()
    assert seat.email == "eigen@example.org"


def test_the_next_hour_begins_anew_and_nothing_leads_back_to_an_address(client, visit, monkeypatch):
    for _time in range(6):
        last = over_http(client, visit, KNOWN[0])
    assert last.status_code == 429
    [count] = ApiUse.objects.filter(ends_at__gt=NOW + timedelta(minutes=2))
    assert (count.count, len(count.caller), "127.0.0.1" in count.caller) == (guessing.MOST, 64, False)
    later = NOW + timedelta(hours=1)
    monkeypatch.setattr("events.registrations_api.timezone.now", lambda: later)

    assert over_http(client, visit, KNOWN[0]).status_code == 409
    forget_uses(at=later)
    assert not ApiUse.objects.filter(pk=count.pk).exists()

"""What a visitor stumbles over: a switch of language, an old link, a cookie that was not sent, a payment under way."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from events import actions
from events.models import Registration
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


def typed(**changes):
    return {
        "first_name": "An",
        "last_name": "Peeters",
        "email": "an@example.org",
        "attends": "on",
        "organisation_name": "Stad Proef",
        "organisation_country": "BE",
        "accept_terms": "on",
        "colleagues-TOTAL_FORMS": "0",
        "colleagues-INITIAL_FORMS": "0",
    } | changes


def test_the_switch_on_the_search_page_leads_to_the_same_question_in_the_other_language(client):
    factories.ground()

    dutch = client.get("/nl/zoeken/?q=licht").content.decode()
    english = client.get("/en/search/?q=licht").content.decode()

    assert 'href="/en/search/?q=licht"' in dutch
    assert 'href="/nl/zoeken/?q=licht"' in english


def test_the_switch_on_a_page_that_does_not_exist_leads_home(client):
    factories.ground()

    assert 'href="/en/" lang="en"' in client.get("/nl/bestaat-niet/").content.decode()


def test_the_switch_on_the_overview_takes_what_was_typed_along(client, now):
    page = factories.event_page(factories.event(starts_at=now + timedelta(days=30)))
    english = page.get_translation(factories.english_locale())

    answer = client.post(f"/nl/register/{page.pk}/", typed())

    assert f'form="order" formaction="/en/register/{english.pk}/" name="step" value="review"' in answer.content.decode()
    there = client.post(f"/en/register/{english.pk}/", typed(step="review")).content.decode()
    assert "an@example.org" in there and "Check your registration" in there


def test_the_browser_may_show_the_overview_again_when_it_goes_back(client, now):
    page = factories.event_page(factories.event(starts_at=now + timedelta(days=30)))

    answer = client.post(f"/nl/register/{page.pk}/", typed())

    assert answer["Cache-Control"] == "private, max-age=600"


def test_each_line_of_the_error_summary_says_which_field_it_is_about(client, now):
    page = factories.event_page(factories.event(starts_at=now + timedelta(days=30)))
    empty = typed(first_name="", last_name="", email="", organisation_name="", **{"colleagues-TOTAL_FORMS": "1"})

    answer = client.post(f"/nl/register/{page.pk}/", empty | {"colleagues-0-first_name": "Bo"})

    told = [message for _id, message in answer.context["errors"]]
    assert told == [
        "Vul uw voornaam in.",
        "Vul uw achternaam in.",
        "Vul uw e-mailadres in.",
        "Vul de naam van uw organisatie in.",
        "Vul de achternaam van collega 1 in.",
        "Vul het e-mailadres van collega 1 in.",
    ]


@pytest.mark.parametrize("attendees", ["999999999999", "abc", "{gone}"])
def test_an_old_cancel_link_proposes_nobody_elses_seat(client, now, attendees):
    event = factories.event(starts_at=now + timedelta(days=30))
    registration = actions.register(event=event, order=factories.order(seats=2), at=now)
    gone = registration.attendees.first()
    actions.cancel(registration=registration, attendee_ids=[gone.pk], at=now)
    with translation.override("nl"):
        url = reverse("events:cancel", args=[registration.manage_token])

    answer = client.get(url, {"attendees": attendees.format(gone=gone.pk)})

    assert answer.status_code == 303
    assert registration.attendees.live().count() == 1


def test_a_form_without_our_cookie_is_refused_in_the_readers_language_on_a_page_of_ours(now):
    page = factories.event_page(factories.event(starts_at=now + timedelta(days=30)))

    answer = Client(enforce_csrf_checks=True).post(f"/nl/register/{page.pk}/", typed(step="order"))

    assert (answer.status_code, Registration.objects.count()) == (403, 0)
    assert "We konden dit niet verwerken" in answer.content.decode()


@pytest.mark.parametrize("data", [{}, {"answer": "maybe"}, {"answer": "reject", "remark": "x\x00y"}])
def test_an_approver_answers_with_one_of_the_two_buttons_or_not_at_all(client, now, data):
    if not factories.has_payments():
        pytest.skip("a boss approves what costs money")
    event = factories.event(price="95.00", starts_at=now + timedelta(days=30))
    order = factories.order(approver=actions.Approver("Baas", "baas@example.org"))
    registration = actions.register(event=event, order=order, at=now)
    with translation.override("nl"):
        url = reverse("events:approval", args=[registration.approvals.get().token])

    answer = client.post(url, data)

    registration.refresh_from_db()
    assert (answer.status_code, registration.status) == (422, Registration.Status.AWAITING_APPROVAL)


def test_the_api_refuses_an_empty_list_of_seats_to_cancel(client, now):
    event = factories.event(starts_at=now + timedelta(days=30))
    registration = actions.register(event=event, order=factories.order(seats=2), at=now)

    answer = client.post(
        f"/api/v1/registrations/{registration.reference}/cancel/",
        '{"attendees": []}',
        content_type="application/json",
        headers={"Authorization": f"Bearer {registration.manage_token}"},
    )

    assert (answer.status_code, registration.attendees.live().count()) == (422, 2)


@pytest.mark.parametrize(("locale", "text"), [("en", "Give a list."), ("nl", "Geef een lijst.")])
def test_the_api_finds_faults_in_the_language_the_body_names(client, locale, text):
    answer = client.post(
        "/api/v1/registrations/", f'{{"locale": "{locale}", "attendees": "An"}}', content_type="application/json"
    )

    told = {tuple(error["loc"]): error["msg"] for error in answer.json()["errors"]}
    assert told["body", "attendees"] == text


def test_the_api_registers_for_no_visit_the_public_cannot_read_about(client, now):
    event = factories.event(starts_at=now + timedelta(days=30))
    page = factories.event_page(event, both=False)
    page.unpublish()
    body = (
        f'{{"event": {event.pk}, "contact": {{"first_name": "An", "last_name": "P", "email": "a@example.org"}},'
        '"organisation": {"name": "X"}, "accept_terms": true,'
        '"attendees": [{"first_name": "An", "last_name": "P", "email": "a@example.org"}]}'
    )

    answer = client.post("/api/v1/registrations/", body, content_type="application/json")

    assert (answer.status_code, Registration.objects.count()) == (422, 0)
    assert answer.json()["errors"][0]["type"] == "unknown_event"

"""A visit on other people's sites: framed there and only there, without a cookie, and with every step of the form."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.models import Registration
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def strict():
    """A browser that sends no cookie to a frame of somebody else, against a site that checks CSRF."""
    return Client(enforce_csrf_checks=True)


def page(now, **facts):
    return factories.event_page(factories.event(starts_at=now + timedelta(days=30), **facts), title="Naar de haven")


def typed(**changes):
    return {
        "colleagues-TOTAL_FORMS": "0",
        "colleagues-INITIAL_FORMS": "0",
        "first_name": "An",
        "last_name": "Peeters",
        "email": "an@example.org",
        "attends": "on",
        "organisation_name": "Gemeente Proef",
        "organisation_country": "BE",
        "accept_terms": "on",
        "step": "review",
    } | changes


def hidden(html):
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))


def ancestors(answer):
    return re.search(r"frame-ancestors ([^;]+)", answer["Content-Security-Policy"]).group(1)


def test_only_these_addresses_may_be_framed_and_each_by_whom_the_settings_name(client, now, settings):
    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {
        "EMBED_REGISTRATION_SITES": ["https://gemeente.example"]
    }
    shown = page(now)
    card = client.get(reverse("events:embed_card", args=[shown.pk]))
    form = client.get(reverse("events:embed_register", args=[shown.pk]))
    site = client.get(shown.url)

    assert [ancestors(answer) for answer in (card, form, site)] == [
        "'self' https:",
        "'self' https://gemeente.example",
        "'self'",
    ]
    assert ["X-Frame-Options" in answer for answer in (card, form, site)] == [False, False, True]
    # The rest of the policy is as strict as everywhere.
    policy = card["Content-Security-Policy"]
    assert policy.replace("'self' https:", "'self'") == site["Content-Security-Policy"]


def test_registering_may_be_framed_by_nobody_until_somebody_is_named(client, now):
    assert ancestors(client.get(reverse("events:embed_register", args=[page(now).pk]))) == "'self'"


def test_the_card_tells_the_visit_and_leads_to_its_own_page(client, now):
    shown = page(now)
    html = client.get(reverse("events:embed_card", args=[shown.pk])).content.decode()

    assert "Naar de haven" in html
    assert f'href="{shown.full_url}#register"' in html
    assert '<base target="_blank">' in html


def test_a_whole_registration_in_the_frame_needs_no_cookie_and_sets_none(strict, now):
    shown = page(now)
    url = reverse("events:embed_register", args=[shown.pk])
    form = strict.get(url)
    review = strict.post(url, typed())
    order = hidden(review.content.decode()) | {"step": "order"}
    ordered = strict.post(url, order)
    done = strict.get(ordered["Location"])

    registration = Registration.objects.get()
    assert (form.status_code, review.status_code, ordered.status_code, done.status_code) == (200, 200, 303, 200)
    assert (registration.status, registration.email) == ("confirmed", "an@example.org")
    for answer in (form, review, ordered, done):
        assert (dict(answer.cookies), "csrfmiddlewaretoken" in answer.content.decode()) == ({}, False)
    assert registration.reference in done.content.decode()
    # A second click is the same order.
    strict.post(url, order)
    assert Registration.objects.count() == 1


def test_errors_stay_in_the_frame_with_what_was_typed(strict, now):
    url = reverse("events:embed_register", args=[page(now).pk])
    answer = strict.post(url, typed(email="geen adres"))

    html = answer.content.decode()
    assert (answer.status_code, f'action="{url}" target="_self"' in html, 'value="geen adres"' in html) == (
        422,
        True,
        True,
    )
    more = strict.post(url, typed(step="more"))
    assert (more.status_code, "colleagues-0-first_name" in more.content.decode()) == (200, True)


def test_who_is_logged_in_elsewhere_makes_no_difference(now):
    """No session counts, so that a forged request rides on nothing."""
    organiser = Client(enforce_csrf_checks=True)
    organiser.force_login(factories.user("Organisers"))
    url = reverse("events:embed_register", args=[page(now).pk])
    review = organiser.post(url, typed())
    organiser.post(url, hidden(review.content.decode()) | {"step": "order"})

    assert Registration.objects.get().channel == "site"


def test_the_sites_own_form_still_asks_its_token(strict, now):
    answer = strict.post(reverse("events:register", args=[page(now).pk]), typed())
    assert answer.status_code == 403


@pytest.mark.skipif(not factories.has_payments(), reason="paying needs payments")
def test_paying_leaves_the_frame_by_a_click(strict, now):
    shown = page(now, price="95.00")
    url = reverse("events:embed_register", args=[shown.pk])
    review = strict.post(url, typed())
    ordered = strict.post(url, hidden(review.content.decode()) | {"step": "order"})
    html = strict.get(ordered["Location"]).content.decode()

    registration = Registration.objects.get()
    assert registration.status == "held"
    there = reverse("events:embed_pay", args=[registration.manage_token])
    assert f'<form method="post" action="{there}" target="_top">' in html
    # The stand-in is not there in this test: the way back is the registration's own page.
    assert strict.post(there)["Location"].startswith(f"/nl/r/{registration.manage_token}/")
    assert strict.get(there).status_code == 405


@pytest.mark.parametrize("name", ["embed_card", "embed_register"])
def test_a_page_that_is_not_public_is_in_no_frame(name, client, now):
    shown = page(now)
    shown.unpublish()
    assert client.get(reverse(f"events:{name}", args=[shown.pk])).status_code == 404
    private = page(now)
    private.view_restrictions.create(restriction_type="login")
    assert client.get(reverse(f"events:{name}", args=[private.pk])).status_code == 404


@pytest.mark.parametrize("show", ["card", "register"])
def test_frame_and_text_speak_one_language(client, now, show):
    """`data-lang` beside the number of the page in the other language."""
    shown = page(now)
    english = shown.event.pages.get(locale__language_code="en")

    asked = client.get(f"/en/embed/{show}/{shown.pk}/")
    assert (asked.status_code, asked["Location"]) == (302, f"/en/embed/{show}/{english.pk}/")
    assert client.get(asked["Location"]).status_code == 200
    english.unpublish()
    asked = client.get(f"/en/embed/{show}/{shown.pk}/")
    assert (asked.status_code, asked["Location"]) == (302, f"/nl/embed/{show}/{shown.pk}/")
    html = client.get(asked["Location"]).content.decode()
    assert ('<html lang="nl"' in html, "Naar de haven" in html) == (True, True)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_visit_that_is_gone_is_said_in_the_frame_and_in_no_more_frames_than_the_visit_was(client, settings, language):
    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {
        "EMBED_REGISTRATION_SITES": ["https://gemeente.example"]
    }
    card, form = (client.get(f"/{language}/embed/{show}/9999/") for show in ("card", "register"))

    assert [(answer.status_code, ancestors(answer)) for answer in (card, form)] == [
        (404, "'self' https:"),
        (404, "'self' https://gemeente.example"),
    ]
    for answer in (card, form):
        html = answer.content.decode()
        assert ("X-Frame-Options" in answer, f'href="/{language}/"' in html, "embed-frame" in html) == (
            False,
            True,
            True,
        )
    # What was never to be framed is not by asking for what is not there.
    assert ancestors(client.get(f"/{language}/embed/other/9999/")) == "'self'"


def test_a_draft_has_no_card(client, now):
    shown = factories.event_page(factories.event(status="draft", starts_at=now + timedelta(days=3)))
    assert client.get(reverse("events:embed_card", args=[shown.pk])).status_code == 404


def test_the_script_is_at_an_address_that_stays_and_asks_nothing_of_anybody(client):
    answer = client.get("/embed.js")
    script = answer.content.decode()

    assert (answer["Content-Type"], answer["Cross-Origin-Resource-Policy"]) == (
        "text/javascript; charset=utf-8",
        "cross-origin",
    )
    assert "message.origin !== origin" in script
    assert not re.search(r"fetch\(|XMLHttpRequest|document\.cookie|localStorage", script)


def test_the_organiser_copies_the_snippet_of_each_language(client, now):
    shown = page(now)
    shown.title = 'De "haven" <van> Gent'
    shown.save_revision().publish()
    client.force_login(factories.user("Organisers"))
    answer = client.get(reverse("tour_events:embed", args=[shown.event_id]))

    snippets = answer.context["snippets"]
    assert [snippet.heading.partition(":")[0] for snippet in snippets] == ["Nederlands"] * 2 + ["English"] * 2
    assert str(snippets[0].script) == (
        f'<script src="http://testserver/embed.js" data-visit="{shown.pk}" data-show="card" data-lang="nl" '
        'data-title="De &quot;haven&quot; &lt;van&gt; Gent" async></script>'
    )
    assert str(snippets[0].frame).endswith('width="100%" height="960"></iframe>')
    assert str(snippets[1].frame).endswith('width="100%" height="3440"></iframe>')
    html = answer.content.decode()
    # Without its script there is no button: nothing on the page that does nothing.
    assert ('src="/static/events/snippets.js"' in html, "<button" in html.partition("tour-snippet")[2]) == (True, False)
    assert "&lt;script src=&quot;http://testserver/embed.js&quot;" in html
    assert "&amp;quot;haven&amp;quot;" in html  # what is copied is still escaped for the page it goes to
    client.force_login(factories.user("Editors"))
    assert client.get(reverse("tour_events:embed", args=[shown.event_id])).status_code == 200

"""The demonstration beside a site of somebody's own: nothing of it is on their site, in their books or mail."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import Site

import payments.demo
from cases.demo_content import CASES
from cms import demo, health, plugins, sites
from cms.actions.demo import DemoRefused, load_demo
from cms.models import DemoLoad, OrganiserSettings
from events.demo_content import EVENTS
from events.models import Attendee, Event, EventPage, Letter, Registration
from events.results import chapter
from payments.models import Experiment, Invoice, LedgerEntry, Payment, SellerSettings
from tests import factories

pytestmark = pytest.mark.django_db

HOST, BESIDE = {"host": "testserver"}, {"host": "tour.localhost"}


def organiser() -> dict:
    kept = OrganiserSettings.load()
    return {field.attname: getattr(kept, field.attname) for field in kept._meta.concrete_fields}


@pytest.fixture
def without_stripe(settings):
    """A site as the guide leaves it: demo content may be loaded, nothing is known of Stripe."""
    kept = {name: value for name, value in settings.BEST_PRACTICE_TOUR.items() if not name.startswith("STRIPE_")}
    settings.BEST_PRACTICE_TOUR = kept | {"DEMO_CONTENT": True}


@pytest.fixture
def theirs(without_stripe, at_once) -> EventPage:
    """Somebody's own site with a programme and one visit, and the demonstration beside it."""
    page = factories.event_page(factories.event(name="Van hen"))
    kept = OrganiserSettings.load()
    kept.name, kept.email = "Stad Proef", "tour@proef.example"
    kept.save()
    before = organiser()
    with at_once():
        load_demo(at=timezone.now())
    assert organiser() == before
    return page


def told(headers: dict, address: str) -> list[str]:
    return [item["title"] for item in Client().get(address, headers=headers).json()["items"]]


def test_it_is_not_on_their_site_in_any_list_or_at_any_address_and_not_in_their_books(theirs):
    demonstrated = sorted(content["title"].nl for content in EVENTS)
    [own] = [site for site in Site.objects.all() if site.is_default_site]
    assert Site.objects.get(hostname=demo.DEMO_HOST).root_page_id == demo.demo_home().pk != own.root_page_id

    every = "/api/v1/events/?locale=nl&when=all&limit=100"
    assert told(HOST, every) == [theirs.title]
    assert sorted(told(BESIDE, every)) == demonstrated
    assert told(HOST, "/api/v1/cases/?locale=nl") == []
    assert len(told(BESIDE, "/api/v1/cases/?locale=nl")) == len(CASES)
    for address in ("/nl/", theirs.get_parent().url, "/sitemap-nl.xml", "/llms.txt", reverse("events:public_calendar")):
        answer = Client().get(address, headers=HOST)
        said = answer.content.decode()
        assert (answer.status_code, [title for title in demonstrated if title in said]) == (200, []), address
        assert "tour.localhost" not in said, address
    invented = EventPage.objects.filter(locale__language_code="nl", event__capacity__gte=40).exclude(pk=theirs.pk)
    page = invented.upcoming(timezone.now()).first()
    only_there = [
        f"/api/v1/events/{page.event_id}/",
        f"/api/v1/pages/{page.pk}/",
        reverse("events:visit_calendar", args=[page.pk]),
        reverse("events:embed_card", args=[page.pk]),
    ]
    for address in only_there:
        assert [Client().get(address, headers=one).status_code for one in (HOST, BESIDE)] == [404, 200], address
    assert refusal_of_registering(page.event) == (422, "unknown_event")
    assert visits_told(HOST) == ["0", "0", "0", "1"]
    assert visits_told(BESIDE)[0] != "0"

    books = [model.objects.count() for model in (Invoice, Payment, LedgerEntry, Experiment)]
    assert (books, SellerSettings.load().legal_name) == ([0, 0, 0, 0], "")
    others = Event.objects.exclude(pk=theirs.event_id)
    assert set(others.values_list("ticket_types__price_excl_vat", flat=True)) == {0}
    stand = {standing.plugin.name: standing for standing in health.standings()}
    assert [standing.demo for standing in stand.values()] == ["loaded", "loaded", "loaded", "refused"]
    assert stand["payments"].demo_said == DemoLoad.objects.get(plugin="payments").said
    with override("en"), pytest.raises(DemoRefused, match="Invoices are numbered without gaps"):
        payments.demo.load()


def refusal_of_registering(event: Event) -> tuple[int, str]:
    """What their API says to an order for this visit."""
    person = {"first_name": "An", "last_name": "Peeters", "email": "an@proef.example"}
    order = {
        "event": event.pk,
        "locale": "nl",
        "contact": person,
        "attendees": [person],
        "organisation": {"name": "Gemeente Proef", "country": "BE"},
        "accept_terms": True,
    }
    answer = Client().post("/api/v1/registrations/", json.dumps(order), "application/json", headers=HOST)
    return answer.status_code, answer.json()["errors"][0]["type"]


def visits_told(headers: dict) -> list[str]:
    """The figures about visits on the results page of this site."""
    request = RequestFactory().get("/nl/", headers=headers)
    with sites.asked(request):
        return [figure.number for figure in chapter(at=timezone.now()).figures]


def test_nobody_is_written_to_when_it_is_loaded_nor_by_a_duty_for_half_a_year_and_it_is_loaded_once(theirs, at_once):
    assert (Letter.objects.count(), len(mail.outbox)) == (0, 0)
    assert Registration.objects.count() == Registration.objects.filter(email__endswith="@demo.invalid").count() > 0
    assert not Attendee.objects.exclude(email__endswith="@demo.invalid").exists()
    counted = [Site.objects.count(), EventPage.objects.count(), Registration.objects.count()]
    with at_once():
        load_demo(at=timezone.now())
    assert [Site.objects.count(), EventPage.objects.count(), Registration.objects.count()] == counted

    for days in (0, 1, 5, 12, 20, 30, 45, 60, 90, 180):
        for _name, duty in plugins.duties():
            with at_once():
                duty(at=timezone.now() + timedelta(days=days))
    assert (Letter.objects.count(), [letter.subject for letter in mail.outbox]) == (0, [])


def test_on_a_new_site_without_stripe_all_of_it_is_there_but_what_is_paid_online(without_stripe, at_once):
    with at_once():
        call_command("load_demo", verbosity=0)

    assert [standing.demo for standing in health.standings()] == ["loaded"] * 4
    assert not Payment.objects.filter(session_id__isnull=False).exists()
    counted = Invoice.objects.count()
    assert counted > 0
    with at_once():
        load_demo(at=timezone.now())
    assert Invoice.objects.count() == counted


def test_a_site_with_a_seller_of_its_own_gets_no_invented_invoices(without_stripe):
    seller = SellerSettings.load()
    seller.legal_name = "Stad Proef"
    seller.save()

    with override("en"), pytest.raises(DemoRefused, match="a seller or invoices of its own"):
        payments.demo.load()
    assert Invoice.objects.count() == 0

"""Two organisers have the form of one visit open: neither undoes what the other changed, and each reads of it."""

import json
from datetime import timedelta
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils import timezone

from events import actions
from events.locks import lock_event
from events.models import CancellationStep, Event, Letter, TicketType, Veto
from tests import factories

pytestmark = pytest.mark.django_db
needs_payments = pytest.mark.skipif(not factories.has_payments(), reason="seats are free only without payments")


class Fields(HTMLParser):
    """What a browser sends of the forms on a page that have a field `opened`: the edit form, and its preview."""

    def __init__(self, page):
        super().__init__()
        self.found, self._named, self._select, self._is_chosen = {}, "", "", False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        name = facts.get("name", "")
        if tag == "input" and name and facts.get("type") not in ("submit", "button"):
            if facts.get("type") != "checkbox" or "checked" in facts:
                self.found[name] = facts.get("value") or ("on" if facts.get("type") == "checkbox" else "")
        elif tag == "textarea" and name:
            self.found[name], self._named = "", name
        elif tag == "select":
            self._select, self.found[name] = name, ""
        elif tag == "option" and "selected" in facts:
            self.found[self._select] = facts.get("value") or ""

    def handle_data(self, data):
        if self._named:
            self.found[self._named] += data.removeprefix("\n")

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._named = ""


@pytest.fixture
def event(client):
    factories.ground()
    client.force_login(factories.user("Organisers"))
    starts_at = (timezone.now() + timedelta(days=20)).replace(second=0, microsecond=0)
    return factories.event(capacity=3, waiting_list=True, starts_at=starts_at)


def url(event):
    return reverse("tour_events:edit", args=[event.pk])


def opened(client, event):
    return Fields(client.get(url(event)).content.decode()).found


def saved(client, event, form, **typed):
    return client.post(url(event), form | typed)


def confirmed(client, event, page):
    """The button "Yes, save it" of this preview."""
    assert "foreseen" in page.context
    return client.post(url(event), Fields(page.content.decode()).found | {"foreseen": "yes"})


STAYS = "Iemand anders wijzigde dit bezoek sinds u het opende. Dat blijft zo: "


def told(response):
    """What of a colleague's stays, as the page says it."""
    said = [str(message).strip() for message in response.context["messages"]]
    (line,) = [line for line in said if line.startswith(STAYS)]
    return line.removeprefix(STAYS).split("; ")


def full(event, waiting=2):
    for seats in (3, waiting):
        actions.register(event=event, order=factories.order(seats=seats), at=timezone.now())


def test_confirming_a_preview_does_not_undo_what_a_colleague_saved_after_it_was_shown(client, event):
    full(event)
    preview = saved(client, event, opened(client, event), street="Voorbeeldweg 33")
    other = opened(client, event)
    assert confirmed(client, event, saved(client, event, other, capacity="5")).status_code == 302

    again = confirmed(client, event, preview)

    assert Event.objects.get().street == "Kaai 2"
    assert told(again) == ["Capaciteit: 5"]
    assert again.context["changed"] == [("Straat en nummer", "Kaai 2", "Voorbeeldweg 33")]
    assert confirmed(client, event, again).status_code == 302
    event.refresh_from_db()
    assert (event.capacity, event.street) == (5, "Voorbeeldweg 33")


def test_a_form_opened_before_a_colleagues_change_saves_its_own_change_alone_after_a_preview(client, event):
    form = opened(client, event)
    Event.objects.update(capacity=9, waiting_list=False)

    preview = saved(client, event, form, name="Andere naam")

    assert told(preview) == ["Capaciteit: 9", "Wachtlijst: nee"]
    assert preview.context["changed"] == [("Naam", event.name, "Andere naam")]
    assert confirmed(client, event, preview).status_code == 302
    event.refresh_from_db()
    assert (event.name, event.capacity, event.waiting_list) == ("Andere naam", 9, False)


def test_what_both_changed_is_asked_again_with_what_was_typed_and_the_next_save_makes_it_so(client, event):
    form = opened(client, event)
    Event.objects.update(capacity=9, venue="Museum")

    refused = saved(client, event, form, capacity="12", street="Kaai 4")

    assert refused.context["form"].errors == {
        "capacity": [
            "Capaciteit: iemand anders wijzigde dit sinds u het opende, naar “9”. Wat u invulde, staat er nog: "
            "bewaar opnieuw om het zo te maken."
        ]
    }
    assert told(refused) == ["Locatie: Museum"]
    assert Event.objects.values_list("capacity", "venue", "street").get() == (9, "Museum", "Kaai 2")
    again = Fields(refused.content.decode()).found
    assert (again["capacity"], again["venue"], again["street"]) == ("12", "Museum", "Kaai 4")
    preview = saved(client, event, again)
    confirmed(client, event, preview) if preview.status_code == 200 else None
    assert Event.objects.values_list("capacity", "venue", "street").get() == (12, "Museum", "Kaai 4")


def test_the_same_change_made_twice_is_no_quarrel(client, event):
    form = opened(client, event)
    Event.objects.update(capacity=9)

    response = saved(client, event, form, capacity="9")

    assert response.status_code == 302
    assert Event.objects.get().capacity == 9


def test_a_visit_cancelled_meanwhile_stays_cancelled_and_the_preview_says_so(client, event):
    form = opened(client, event)
    actions.cancel_event(event=event, at=timezone.now())

    preview = saved(client, event, form, name="Andere naam")

    assert told(preview) == ["Status: Geannuleerd"]
    assert confirmed(client, event, preview).status_code == 302
    event.refresh_from_db()
    assert (event.name, event.status) == ("Andere naam", "cancelled")


def test_a_preview_confirmed_twice_writes_its_letters_once(client, event):
    full(event)
    preview = saved(client, event, opened(client, event), street="Kaai 4")
    assert confirmed(client, event, preview).status_code == 302
    written = Letter.objects.count()

    confirmed(client, event, preview)

    assert Letter.objects.count() == written


@needs_payments
def test_ticket_types_and_the_ladder_changed_meanwhile_are_kept_and_ones_own_rows_are_saved(client, event):
    free = event.ticket_types.get()
    CancellationStep.objects.create(event=event, days_before=14, fee_percent=50)
    form = opened(client, event)
    TicketType.objects.update(price_excl_vat=Decimal("20.00"))
    CancellationStep.objects.create(event=event, days_before=7, fee_percent=100)

    preview = saved(
        client,
        event,
        form,
        **{"ticket_types-0-name_nl": "Gewoon", "cancellation_steps-0-fee_percent": "60"},
    )

    assert set(told(preview)) == {
        "tickettype “Kostprijs”, Prijs excl. btw: 20,00",
        "annuleringstrap “7”: toegevoegd",
    }
    assert confirmed(client, event, preview).status_code == 302
    free.refresh_from_db()
    assert (free.name_nl, free.price_excl_vat) == ("Gewoon", Decimal("20.00"))
    assert list(event.cancellation_steps.values_list("days_before", "fee_percent")) == [(14, 60), (7, 100)]


@needs_payments
def test_a_price_both_changed_is_refused_with_the_colleagues_and_kept_as_typed(client, event):
    form = opened(client, event)
    TicketType.objects.update(price_excl_vat=Decimal("20.00"))

    refused = saved(client, event, form, **{"ticket_types-0-price_excl_vat": "25"})

    (error,) = refused.context["form"].non_field_errors()
    assert error.startswith("tickettype “Kostprijs”, Prijs excl. btw: iemand anders wijzigde dit")
    assert "“20,00”" in error
    assert event.ticket_types.get().price_excl_vat == 20
    prices = refused.context["form"].formsets["ticket_types"].forms[0]["price_excl_vat"]
    assert prices.value() == "25"


def test_a_row_a_colleague_removed_is_new_again_when_something_was_typed_into_it_and_gone_when_not(client, event):
    for days in (14, 7):
        CancellationStep.objects.create(event=event, days_before=days, fee_percent=50)
    form = opened(client, event)
    CancellationStep.objects.all().delete()

    refused = saved(client, event, form, **{"cancellation_steps-1-fee_percent": "80"})

    (error,) = refused.context["form"].non_field_errors()
    assert error.startswith("annuleringstrap “7”: iemand anders wijzigde dit sinds u het opende, naar “verwijderd”")
    assert told(refused) == ["annuleringstrap “14”: verwijderd"]
    rows = refused.context["form"].formsets["cancellation_steps"].forms
    assert [(row["id"].value(), row["days_before"].value(), row["fee_percent"].value()) for row in rows] == [
        ("", "7", "80")
    ]


def test_a_form_that_says_nonsense_of_how_it_was_opened_is_saved_like_one_that_says_nothing(client, event):
    for nonsense in ("", "[", "[1]", '{"a": 1}', "null"):
        form = opened(client, event) | {"opened": nonsense, "name": f"Naam {nonsense!r}"}

        assert client.post(url(event), form).status_code == 302, nonsense
        assert Event.objects.get().name == f"Naam {nonsense!r}"


def test_who_saves_a_moment_after_somebody_else_saves_nothing_and_loses_nothing(client, event, monkeypatch):
    form = opened(client, event)

    def somebody_was_first(pk):
        Event.objects.update(capacity=9)
        return lock_event(pk)

    monkeypatch.setattr("events.admin.changing.lock_event", somebody_was_first)
    refused = saved(client, event, form, name="Andere naam", capacity="12")
    monkeypatch.undo()

    assert refused.context["form"].non_field_errors() == [
        "Iemand anders bewaarde dit bezoek op hetzelfde moment. Van u is nog niets bewaard: bewaar opnieuw."
    ]
    assert Event.objects.values_list("name", "capacity").get() == (event.name, 3)
    Event.objects.update(capacity=9)  # the colleague's, which went with this transaction here
    again = saved(client, event, Fields(refused.content.decode()).found)
    assert again.context["form"].errors["capacity"][0].startswith("Capaciteit: iemand anders wijzigde dit")
    assert again.context["form"]["name"].value() == "Andere naam"


def test_what_the_form_says_it_was_opened_with_is_what_a_browser_sends_of_it(client, event):
    organisation = factories.organisation()
    Event.objects.update(
        host=organisation, letter_intro_nl='Welkom!\r\nBreng "uw" badge mee & <b>hamer</b>.', withdrawal_days=14
    )
    TicketType.objects.create(event=event, name_nl="Leden", name_en="Members", scheme=factories.scheme())
    Veto.objects.create(event=event, organisation=organisation, reason="Concurrent")
    CancellationStep.objects.create(event=event, days_before=7, fee_percent=100)

    posted = opened(client, event)

    said = {name: values for name, values in json.loads(posted["opened"]).items() if any(values)}
    assert said == {name: [posted[name]] for name in said}
    assert {"host", "waiting_list", "vetoes-0-organisation", "ticket_types-1-scheme"} <= set(said)

"""Visits in the content API: chosen fields, dates, facets, and what is not arranged yet."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from events.models import Event, EventPage
from tests import factories
from tests.cms.headless.making import API, READING, conforms

pytestmark = READING


def soon(days: int = 30, **facts: Any) -> Any:
    return factories.event(starts_at=timezone.now() + timedelta(days=days), **facts)


@pytest.mark.parametrize("number", [1, 3, 20])
def test_a_list_of_every_field_asks_the_database_as_often(
    client: Client, number: int, django_assert_num_queries: Any
) -> None:
    scheme = factories.scheme()
    for _ in range(number):
        factories.event_page(soon(scheme=scheme), case=factories.case_page())
    address = f"{API}/events/?fields=*"
    client.get(address)

    with django_assert_num_queries(8):
        answer = client.get(address)

    told = answer.json()
    assert (told["total"], len(told["items"])) == (number, number)
    assert {len(item["translations"]) for item in told["items"]} == {1}
    assert all(item["case"]["title"] and item["seats_left"] == 10 for item in told["items"])
    conforms(answer, "/api/v1/events/")
    conforms(client.get(f"{API}/events/?facets=city,country,language"), "/api/v1/events/")


@pytest.mark.parametrize("number", [1, 3, 20])
def test_the_list_of_pages_tells_seats_and_prices_too(
    client: Client, number: int, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        factories.event_page(soon(price="95.00"))
    address = f"{API}/pages/?type=events.EventPage&locale=nl&fields=*"
    client.get(address)

    with django_assert_num_queries(7):
        answer = client.get(address)

    conforms(answer, "/api/v1/pages/")
    assert {item["event"]["ticket_types"][0]["price_incl_vat"] for item in answer.json()["items"]} == {"114.95"}
    # Seats and prices are asked again each time.
    assert answer["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["Gents", "Venloos"]),
        ("when=all", ["Oud", "Gents", "Venloos"]),
        ("when=past", ["Oud"]),
        ("city=Gent", ["Gents"]),
        ("city__in=Gent,Venlo&order=-starts_at", ["Venloos", "Gents"]),
        ("country=NL", ["Venloos"]),
        ("order=-title", ["Venloos", "Gents"]),
        ("waiting_list=true", ["Venloos"]),
        ("capacity__gte=20", ["Venloos"]),
        ("id__in=0", []),
    ],
)
def test_visits_are_narrowed_by_the_facts_of_the_event(client: Client, asked: str, found: list[str]) -> None:
    factories.event_page(soon(-30), title="Oud")
    factories.event_page(soon(10), title="Gents")
    factories.event_page(soon(40, city="Venlo", country="NL", waiting_list=True, capacity=20), title="Venloos")

    told = client.get(f"{API}/events/?{asked}").json()

    assert [item["title"] for item in told["items"]] == found


def test_a_window_of_days_takes_the_whole_of_both(client: Client) -> None:
    made = soon(10)
    factories.event_page(made, title="Gents")
    day = timezone.localtime(made.starts_at).date()

    def found(first: Any, last: Any) -> int:
        told = client.get(f"{API}/events/?starts_at__gte={first}&starts_at__lte={last}&when=all")
        return int(told.json()["total"])

    before, after = day - timedelta(days=1), day + timedelta(days=1)
    assert [found(day, day), found(before, before), found(after, after), found(before, after)] == [1, 0, 0, 1]


def test_facets_count_visits(client: Client) -> None:
    factories.event_page(soon())
    factories.event_page(soon())
    factories.event_page(soon(city="Venlo", country="NL"))

    facets = client.get(f"{API}/events/?locale=en&facets=city,country").json()["facets"]

    assert [[(one["value"], one["label"], one["count"]) for one in facet["options"]] for facet in facets] == [
        [("Gent", "Gent", 2), ("Venlo", "Venlo", 1)],
        [("BE", "Belgium", 2), ("NL", "Netherlands", 1)],
    ]


def test_a_visit_that_is_not_arranged_yet_is_nowhere(client: Client) -> None:
    page = factories.event_page(soon(status=Event.Status.DRAFT), title="Nog geheim")
    other = factories.event_page(soon())

    assert client.get(f"{API}/pages/{page.pk}/").status_code == 404
    for address in (
        "pages/?fields=*",
        "events/?fields=*&when=all",
        f"pages/{other.pk}/?expand=breadcrumbs,children",
        f"pages/{page.get_parent().pk}/children/",
        f"pages/{page.get_parent().pk}/link-integrity/",
    ):
        assert "Nog geheim" not in client.get(f"{API}/{address}").content.decode()
    assert client.get(f"{API}/resolve/?path={page.get_url()}").status_code == 404


def test_a_private_case_is_not_told_by_its_visit(client: Client) -> None:
    case = factories.case_page(title="Geheim")
    page = factories.event_page(soon(), case=case)
    PageViewRestriction.objects.create(page=case, restriction_type=PageViewRestriction.LOGIN)

    told = client.get(f"{API}/pages/{page.pk}/")
    listed = client.get(f"{API}/events/?fields=case")

    assert (told.json()["case"], listed.json()["items"][0]["case"]) == (None, None)
    assert "Geheim" not in told.content.decode() + listed.content.decode()


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ("bogus=1", "bogus"),
        ("event__status=draft", "event__status"),
        ("case__title=x", "case__title"),
        ("seats_left__gte=1", "seats_left__gte"),
        ("language=xx", "language"),
        ("starts_at__gte=morgen", "starts_at__gte"),
        ("when=never", "when"),
        ("facets=title", "facets"),
        ("order=seats_left", "order"),
        ("fields=registrations", "fields"),
    ],
)
def test_what_cannot_be_asked_of_visits_is_a_422(client: Client, asked: str, parameter: str) -> None:
    factories.event_page(soon())

    answer = client.get(f"{API}/events/?{asked}")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"][:2] == ["query", parameter]


def test_the_page_of_a_visit_says_where_it_is_read(client: Client) -> None:
    page = factories.event_page(soon(), title="Gents")

    [told] = client.get(f"{API}/events/?fields=page,html_url,locale").json()["items"]

    assert (told["id"], told["page"]["id"], told["locale"]) == (page.event_id, page.pk, "nl")
    assert told["page"]["html_url"] == told["html_url"] == EventPage.objects.get(pk=page.pk).full_url

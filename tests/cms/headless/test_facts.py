"""Capability 9, 13 and 14: strict questions about pages, vocabularies, menu, settings, link integrity."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, ReferenceIndex

from cms.models import OrganiserSettings
from tests import factories
from tests.cms.headless.making import API, READING, page

pytestmark = READING


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("title=Alfa", ["Alfa"]),
        ("title=Alfa&title=Beta", ["Alfa", "Beta"]),
        ("title__contains=alf", ["Alfa"]),
        ("title__in=Beta,Gamma", ["Beta"]),
        ("title__in=Beta,", ["Beta"]),
        ("slug=beta", ["Beta"]),
        ("in_footer=true", ["Beta"]),
        ("in_footer=false", ["Alfa"]),
        ("intro__isnull=false", ["Alfa"]),
        ("intro__isnull=true", ["Beta"]),
        ("first_published_at__gte=2027-03-01", ["Beta"]),
        ("first_published_at__lte=2027-02-01", ["Alfa"]),
        ("first_published_at__lt=2027-02-01", []),
        ("first_published_at__gt=2027-02-01", ["Beta"]),
        ("first_published_at=2027-02-01", ["Alfa"]),
        ("first_published_at__gte=2027-02-01T12:00:00+01:00", ["Alfa", "Beta"]),
        ("first_published_at__gte=2027-02-01T12:00:01%2B01:00", ["Beta"]),
        ("order=title", ["Alfa", "Beta"]),
        ("order=-title", ["Beta", "Alfa"]),
        ("order=in_footer,-title", ["Alfa", "Beta"]),
        ("locale=en", []),
    ],
)
def test_pages_of_a_type_are_narrowed_by_its_fields(client: Client, asked: str, found: list[str]) -> None:
    for title, facts in (("Alfa", {"intro": "Kort."}), ("Beta", {"in_footer": True})):
        made = page(title=title, slug=title.lower(), **facts)
        month = 2 if title == "Alfa" else 3
        moment = timezone.make_aware(timezone.datetime(2027, month, 1, 12))
        Page.objects.filter(pk=made.pk).update(first_published_at=moment)

    told = client.get(f"{API}/pages/?type=cms.StandardPage&fields=title&{asked}")

    assert told.status_code == 200
    assert [item["title"] for item in told.json()["items"]] == found


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ("bogus=1", "bogus"),
        ("in_footer=true", "in_footer"),
        ("type=cms.StandardPage&in_footer=yes", "in_footer"),
        ("type=cms.StandardPage&in_footer__in=true", "in_footer__in"),
        ("type=cms.StandardPage&body__contains=x", "body__contains"),
        ("type=cms.Organisation", "type"),
        ("locale=fr", "locale"),
        ("order=title&order=slug", "order"),
        ("facets=title", "facets"),
        ("id__in=1,a", "id__in"),
        ("id__gte=1e5", "id__gte"),
        ("id__in=26.9", "id__in"),
        ("id=१", "id"),
        ("first_published_at__gte=now", "first_published_at__gte"),
        ("first_published_at__gte=2027-13-01T00:00", "first_published_at__gte"),
        ("first_published_at__gte=2027-01-01&first_published_at__gte=2027-01-02", "first_published_at__gte"),
        (f"title__in={'a,' * 200}a", "title__in"),
        (f"title={'a' * 300}", "title"),
    ],
)
def test_what_cannot_be_asked_of_pages_is_a_422(client: Client, asked: str, parameter: str) -> None:
    page()

    answer = client.get(f"{API}/pages/?{asked}")

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["errors"][0]["loc"][:2] == ["query", parameter]


def test_pages_are_found_by_where_they_stand_and_counted(client: Client) -> None:
    home = factories.ground()
    above = page(title="Boven", both=True)
    below = page(title="Onder", under=above)

    def found(asked: str) -> list[str]:
        return [one["title"] for one in client.get(f"{API}/pages/?fields=title&{asked}").json()["items"]]

    assert found(f"child_of={home.pk}") == ["Boven"]
    assert found(f"descendant_of={home.pk}") == ["Boven", "Onder"]
    assert found(f"translation_of={above.pk}") == [above.get_translations().get().title]
    assert client.get(f"{API}/pages/?child_of={below.pk + 999}").status_code == 422
    facets = client.get(f"{API}/pages/?facets=type,locale").json()["facets"]
    assert {one["name"]: {o["value"]: o["count"] for o in one["options"]} for one in facets} == {
        "type": {"cms.StandardPage": 3, "cms.HomePage": 2},
        "locale": {"nl": 3, "en": 2},
    }


def test_every_vocabulary_is_public_in_both_languages(client: Client) -> None:
    factories.ground()
    names = [one["name"] for one in client.get(f"{API}/vocabularies/").json()["items"]]
    assert {"country", "language", "organisation-kind"} <= set(names)

    for name in names:
        dutch = client.get(f"{API}/vocabularies/{name}/?locale=nl").json()
        english = client.get(f"{API}/vocabularies/{name}/?locale=en").json()
        assert (dutch["name"], dutch["locale"]) == (name, "nl")
        assert [one["value"] for one in dutch["items"]] == [one["value"] for one in english["items"]]
        assert all(one["label"] for one in dutch["items"])
        assert dutch["items"]

    belgium = client.get(f"{API}/vocabularies/country/?locale=en").json()["items"][0]
    assert belgium == {"value": "BE", "label": "Belgium"}
    assert client.get(f"{API}/vocabularies/bogus/").status_code == 404


def test_the_settings_say_who_runs_the_site_and_nothing_else(client: Client) -> None:
    terms = page(title="Voorwaarden", both=True)
    organiser = OrganiserSettings.load()
    organiser.name, organiser.email, organiser.terms_page = "De Tour", "tour@example.org", terms
    organiser.save()

    dutch, english = (client.get(f"{API}/settings/?locale={code}").json() for code in ("nl", "en"))

    assert (dutch["terms_page"]["id"], english["terms_page"]["locale"]) == (terms.pk, "en")
    assert english == {
        "site_name": "Tour",
        "locale": "en",
        "languages": [{"code": "nl", "name": "Dutch"}, {"code": "en", "name": "English"}],
        "time_zone": "Europe/Brussels",
        "html_url": "http://testserver/en/",
        "organiser": {
            "name": "De Tour",
            "address": "",
            "email": "tour@example.org",
            "phone": "",
            "enterprise_number": "",
        },
        "terms_page": english["terms_page"],
        "privacy_page": None,
    }


def test_the_menu_is_the_sites_own_in_either_language(client: Client) -> None:
    made = page(title="Over ons", slug="over", show_in_menus=True, both=True)
    page(title="Voet", in_footer=True)

    dutch, english = (client.get(f"{API}/navigation/?locale={code}").json() for code in ("nl", "en"))

    assert [(one["title"], one["html_url"], one["is_current"]) for one in dutch["menu"]] == [
        ("Over ons", "http://testserver/nl/over/", False)
    ]
    assert [one["title"] for one in english["menu"]] == [made.get_translations().get().title]
    assert [[one["title"] for one in told["footer"]] for told in (dutch, english)] == [["Voet"], []]
    assert english["home"]["title"] == "Home"


def test_link_integrity_says_what_would_break_and_what_it_leads_to(client: Client) -> None:
    made = page(title="Doel")
    below = page(title="Eronder", under=made)
    linking = page(title="Wijzer", body=[("text", f'<p><a linktype="page" id="{made.pk}">zie</a></p>')])
    ReferenceIndex.create_or_update_for_object(linking)

    told = client.get(f"{API}/pages/{made.pk}/link-integrity/").json()
    other = client.get(f"{API}/pages/{linking.pk}/link-integrity/").json()

    assert [(one["page"]["id"], one["field"]) for one in told["breaches"]] == [(linking.pk, "body.text")]
    assert [one["id"] for one in told["below"]] == [below.pk]
    assert told["leads_to"] == []
    assert [one["id"] for one in other["leads_to"]] == [made.pk]


@pytest.mark.parametrize("number", [1, 3, 20])
def test_these_take_as_many_queries_whatever_there_is(
    client: Client, number: int, django_assert_num_queries: Any
) -> None:
    made = page(title="Doel")
    for _ in range(number):
        linking = page(
            under=made,
            show_in_menus=True,
            in_footer=True,
            body=[("text", f'<p><a linktype="page" id="{made.pk}">zie</a></p>')],
        )
        ReferenceIndex.create_or_update_for_object(linking)
        page(show_in_menus=True, in_footer=True)
    expand = "breadcrumbs,navigation,translations,children,link-integrity"
    for address, queries in (
        ("navigation/", 7),
        (f"pages/{made.pk}/?fields=title&expand={expand}", 16),
        (f"resolve/?path={made.get_url()}&fields=title", 10),
    ):
        client.get(f"{API}/{address}")
        with django_assert_num_queries(queries):
            assert client.get(f"{API}/{address}").status_code == 200

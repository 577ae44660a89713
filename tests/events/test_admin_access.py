"""Who sees what in the back office: each screen for exactly the right group."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.plugins import installed_plugins
from events import actions
from events.admin.deeds import DEEDS
from events.models import Event, Registration, Scheme, TicketType
from events.wagtail_hooks import TourGroup

pytestmark = pytest.mark.django_db

HAS_PAYMENTS = any(plugin.name == "payments" for plugin in installed_plugins())
GROUPS = ("Editors", "Organisers", "Finance")

ALL, DESK, WHO_COMES = {"Editors", "Organisers", "Finance"}, {"Organisers"}, {"Organisers", "Finance"}
#: Screen -> the groups it opens for. A screen that is not here makes the first test below fail.
EVENTS_SCREENS = {
    **{f"tour_events:{name}": ALL for name in ("index", "index_results", "inspect", "embed")},
    **{f"tour_events:{name}": DESK for name in ("add", "edit", "delete", "history", "history_results", "usage")},
    **{f"tour_events:{name}": WHO_COMES for name in ("cockpit", "letters", "letter_preview")},
    "tour_events:desk": DESK,
    "tour_events:needs": DESK,
    **{f"tour_registrations:{name}": WHO_COMES for name in ("index", "index_results", "inspect", "columns")},
    **{f"tour_registrations:{name}": DESK for name in DEEDS},
    **{f"tour_registrations:{name}": DESK for name in ("person", "attendance", "letter")},
    **{
        f"tour_schemes:{name}": DESK
        for name in (
            "index",
            "index_results",
            "inspect",
            "add",
            "edit",
            "delete",
            "history",
            "history_results",
            "usage",
        )
    },
    **{f"tour_schemes:{name}": DESK for name in ("import_members", "export_members")},
    **{f"visit_pages:{name}": {"Editors", "Organisers"} for name in ("index", "index_results")},
    "visit_pages:choose_parent": {"Editors"},
}
MONEY_SCREENS = {
    "tour_payments:index": {"Organisers", "Finance"},
    "tour_refunds:index": {"Organisers", "Finance"},
    "tour_stripe_events:index": {"Finance"},
    "tour_ledger:index": {"Finance"},
    "tour_concerns:index": {"Organisers", "Finance"},
    "tour_payouts:index": {"Finance"},
    "tour_disputes:index": {"Finance"},
    "tour_closed_months:index": {"Finance"},
    **{
        f"{name}_report": {"Finance"}
        for name in ("free_seats", "vat", "fees", "refunds", "deferred", "payouts", "journal")
    },
    "partners_report": {"Finance"},
    "vat_on_documents": {"Finance"},
    "tour_bank_statements:index": {"Finance"},
    "tour_bank_statements:import": {"Finance"},
    "tour_bank_movements:index": {"Finance"},
    "tour_bulk_refunds:index": {"Organisers", "Finance"},
    "tour_partnerships:index": {"Organisers", "Finance"},
    "tour_partnerships:add": {"Organisers", "Finance"},
    "paid_tickets": {"Finance"},
    "paid_tickets_results": {"Finance"},
}
SCREENS = EVENTS_SCREENS | (MONEY_SCREENS if HAS_PAYMENTS else {})


def somebody_of(group: str) -> Client:
    user = get_user_model().objects.create_user(f"one-of-{group.lower()}")
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def rows() -> dict[str, Any]:
    """A free event with one registration; the keys are the namespaces of their screens."""
    starts_at = timezone.now() + timedelta(days=30)
    event = Event.objects.create(
        name="Venlo",
        status=Event.Status.SCHEDULED,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3),
        venue="City hall",
        city="Venlo",
        country="NL",
        capacity=20,
    )
    TicketType.objects.create(event=event, name_nl="Gratis", name_en="Free", price_excl_vat=Decimal(0))
    order = actions.Order(
        contact=actions.Contact("An", "Maes", "an@example.org", "Stad Gent"),
        attendees=(actions.Attending("An", "Maes", "an@example.org"),),
        language="nl",
    )
    registration = actions.register(event=event, order=order, at=timezone.now())
    scheme = Scheme.objects.create(slug="gdca", name_nl="Green Deal", name_en="Green Deal")
    return {"tour_events": event, "tour_registrations": registration, "tour_schemes": scheme}


def patterns() -> dict[str, list[str]]:
    """Every screen the chapter registers, with what its address takes."""
    viewsets = [viewset() for viewset in TourGroup.items]
    return {
        f"{viewset.name}:{pattern.name}": list(pattern.pattern.converters)
        for viewset in viewsets
        for pattern in viewset.get_urlpatterns()
    }


def address(screen: str, rows: dict[str, Any]) -> str:
    row = rows.get(screen.partition(":")[0])
    given = {
        "pk": lambda: row.pk,
        "letter": lambda: row.letters.get().pk,
        "kind": lambda: "confirmed",
        "language": lambda: "nl",
    }
    return reverse(screen, args=[given[name]() for name in patterns().get(screen, [])])


def test_every_screen_there_is_has_a_claim_about_who_may_open_it() -> None:
    assert {screen for screen in SCREENS if screen.startswith(("tour_", "visit_pages:"))} >= set(patterns())
    assert set(EVENTS_SCREENS) == set(patterns())


def opens(client: Client, url: str) -> bool:
    """Wagtail sends whoever may not enter back to its own home."""
    response = client.get(url)
    assert (response.status_code, response.headers.get("Location")) in {(200, None), (302, "/admin/")}
    return bool(response.status_code == 200)


@pytest.mark.parametrize("group", GROUPS)
def test_each_screen_opens_for_exactly_the_right_groups(group: str, rows: dict[str, Any]) -> None:
    client = somebody_of(group)

    opened = {screen for screen in SCREENS if opens(client, address(screen, rows))}

    assert opened == {screen for screen, groups in SCREENS.items() if group in groups}


def test_who_is_not_logged_in_sees_none_of_them(rows: dict[str, Any]) -> None:
    for screen in SCREENS:
        response = Client().get(address(screen, rows))

        assert response.status_code == 302
        assert response.headers["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("group", ["Editors", "Finance"])
def test_only_organisers_can_cancel_for_the_contact(group: str, rows: dict[str, Any]) -> None:
    registration = rows["tour_registrations"]
    client = somebody_of(group)

    client.post(address("tour_registrations:cancel", rows), {"seats": [str(registration.attendees.get().pk)]})

    registration.refresh_from_db()
    assert registration.status == Registration.Status.CONFIRMED


@pytest.mark.parametrize("group", GROUPS)
def test_the_menu_offers_only_what_opens(group: str, rows: dict[str, Any]) -> None:
    home = somebody_of(group).get("/admin/").content.decode()

    offered = {screen for screen in SCREENS if screen.endswith(":index") and f'"{reverse(screen)}"' in home} | (
        {"paid_tickets"} if HAS_PAYMENTS and f'"{reverse("paid_tickets")}"' in home else set()
    )

    assert offered == {
        screen
        for screen, groups in SCREENS.items()
        if group in groups and (screen.endswith(":index") or screen == "paid_tickets")
    }


def test_editors_see_seats_but_no_way_to_who_has_them(rows: dict[str, Any]) -> None:
    page = somebody_of("Editors").get(reverse("tour_events:index")).content.decode()

    assert "1 / 20" in page
    assert reverse("tour_registrations:index") not in page
    assert address("tour_events:cockpit", rows) not in page


def test_who_may_look_but_not_act_sees_no_button_that_leads_nowhere(rows: dict[str, Any]) -> None:
    page = somebody_of("Finance").get(address("tour_events:cockpit", rows)).content.decode()

    assert "Maes" in page
    assert address("tour_events:edit", rows) not in page
    assert address("tour_events:desk", rows) not in page


def test_finance_gets_neither_the_key_to_the_contacts_page_nor_the_letters(rows: dict[str, Any]) -> None:
    url = address("tour_registrations:inspect", rows)
    key = rows["tour_registrations"].manage_token

    seen_by_finance = somebody_of("Finance").get(url).content.decode()
    seen_by_organisers = somebody_of("Organisers").get(url).content.decode()

    assert (key in seen_by_finance, key in seen_by_organisers) == (False, True)
    cancel = address("tour_registrations:cancel", rows)
    assert (cancel in seen_by_finance, cancel in seen_by_organisers) == (False, True)
    assert ('id="letters"' in seen_by_finance, 'id="letters"' in seen_by_organisers) == (False, True)

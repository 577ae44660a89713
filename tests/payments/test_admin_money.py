"""Finance's lists: they tell what moved, offer nothing to change, and one button for a notice that failed."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from wagtail.users.models import UserProfile

from cms.plugins import installed_plugins
from events import actions
from events.models import Event, TicketType

if not any(plugin.name == "payments" for plugin in installed_plugins()):
    pytest.skip("payments is not installed", allow_module_level=True)

from payments.actions import bank, notices
from payments.actions.bookkeeping import book_fee, book_payment, book_refund
from payments.models import Dispute, LedgerEntry, Payment, Refund, StripeEvent
from payments.slots import registration_money
from tests import factories
from tests.payments.statements_support import camt, entry

pytestmark = pytest.mark.django_db

NOW = timezone.now().replace(microsecond=0)
#: List -> how many queries its page asks, whatever it holds.
QUERIES = {"tour_payments": 10, "tour_refunds": 10, "tour_stripe_events": 11, "tour_ledger": 10}
LISTS = tuple(QUERIES)


def one_of(group: str) -> Any:
    user = get_user_model().objects.create_user(f"one-of-{group.lower()}")
    user.groups.add(Group.objects.get(name=group))
    UserProfile.objects.create(user=user, preferred_language="en")
    return user


@pytest.fixture
def finance() -> Client:
    client = Client()
    client.force_login(one_of("Finance"))
    return client


def paid_and_given_back(number: int = 0) -> Payment:
    """A row for each of the lists."""
    event = Event.objects.create(
        name=f"Visit {number}",
        status=Event.Status.SCHEDULED,
        starts_at=NOW + timedelta(days=30),
        ends_at=NOW + timedelta(days=30, hours=3),
        venue="City hall",
        city="Venlo",
        capacity=20,
    )
    TicketType.objects.create(event=event, name_nl="Gewoon", name_en="Regular", price_excl_vat=Decimal("10.00"))
    email = f"an{number}@example.org"
    order = actions.Order(
        contact=actions.Contact("An", "Maes", email, "Stad Gent"),
        attendees=(actions.Attending("An", "Maes", email),),
        language="en",
    )
    registration = actions.register(event=event, order=order, at=NOW)
    payment = Payment.objects.create(
        registration=registration,
        amount=Decimal("12.10"),
        status="paid",
        paid_at=NOW,
        session_id=f"cs_{number}",
        session_url="https://pay.example/secret",
    )
    book_payment(payment, source=f"ch_{number}", occurred_at=NOW, at=NOW)
    book_fee(payment, fee=Decimal("0.43"), source=f"txn_{number}", occurred_at=NOW, at=NOW)
    refund = Refund.objects.create(payment=payment, amount=Decimal("12.10"), reason="seat_gone", status="succeeded")
    book_refund(refund, source=f"re_{number}", occurred_at=NOW, at=NOW)
    a_notice(number)
    return payment


def a_notice(number: int = 0, **facts: Any) -> StripeEvent:
    fresh = {"event_id": f"evt_{number}", "type": "checkout.session.completed", "object_id": "cs_1"}
    return StripeEvent.objects.create(**fresh | facts)


@pytest.mark.parametrize(("name", "queries"), list(QUERIES.items()))
@pytest.mark.parametrize("count", [1, 20])
def test_each_list_asks_the_same_number_of_queries_for_one_row_and_for_twenty(
    finance: Client, name: str, queries: int, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        paid_and_given_back(number)
    url = reverse(f"{name}:index")
    finance.get(url)

    with django_assert_num_queries(queries):
        response = finance.get(url)

    assert len(response.context["object_list"]) == (count if name != "tour_ledger" or count == 20 else 3)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("payments/?status=paid", 1),
        ("payments/?status=failed", 0),
        ("payments/?q=cs_0", 1),
        ("payments/?paid_at_from={today}", 1),
        ("payments/?paid_at_to={yesterday}", 0),
        ("refunds/?status=succeeded&q=maes", 1),
        ("refunds/?status=failed", 0),
        ("stripe-events/?status=received&type=checkout.session.completed", 1),
        ("stripe-events/?q=cs_1", 1),
        ("ledger/?kind=fee", 1),
        ("ledger/?kind=fee&kind=payment", 2),
        ("ledger/?q=re_0&occurred_at_from={today}", 1),
        ("ledger/?kind=nonsense&ordering=nonsense", 3),
    ],
)
def test_rows_are_found_by_status_kind_period_and_words(finance: Client, path: str, found: int) -> None:
    paid_and_given_back()
    today = timezone.localdate(NOW)

    response = finance.get("/admin/" + path.format(today=today, yesterday=today - timedelta(days=1)))

    assert len(response.context["object_list"]) == found


def test_each_row_has_a_page_and_each_list_a_file_and_none_shows_the_contacts_payment_page(finance: Client) -> None:
    payment = paid_and_given_back()
    rows = zip(
        LISTS,
        (payment, payment.refunds.get(), StripeEvent.objects.get(), LedgerEntry.objects.first()),
        strict=True,
    )

    pages = [finance.get(reverse(f"{name}:inspect", args=[row.pk])) for name, row in rows if row]
    files = [finance.get(reverse(f"{name}:index") + "?export=csv") for name in LISTS]

    assert [page.status_code for page in pages] == [200, 200, 200, 200]
    assert not any("pay.example" in page.content.decode() for page in pages)
    assert [file.status_code for file in files] == [200, 200, 200, 200]
    assert not any(b"pay.example" in b"".join(file.streaming_content) for file in files)


def test_not_even_a_superuser_adds_changes_or_deletes_a_row_by_hand() -> None:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("root"))
    paid_and_given_back()
    urls = [reverse(f"{name}:index") for name in LISTS]

    assert {client.get(url).status_code for url in urls} == {200}
    assert {
        client.get(f"{url}{verb}", follow=True).status_code
        for url in urls
        for verb in ("new/", "edit/1/", "delete/1/", "copy/1/")
    } == {404}


def test_a_notice_that_failed_is_processed_again_by_a_button(finance: Client, monkeypatch: Any) -> None:
    event = a_notice(status="failed", error="GatewayDown: no answer", attempts=1)
    asked_for = []
    monkeypatch.setitem(notices.HANDLERS, event.type, lambda object_id, *, at: asked_for.append(object_id) or object_id)
    url = reverse("tour_stripe_events:process", args=[event.pk])

    offered = url in finance.get(reverse("tour_stripe_events:inspect", args=[event.pk])).content.decode()
    response = finance.post(url, follow=True)

    event.refresh_from_db()
    assert (offered, asked_for) == (True, ["cs_1"])
    assert (event.status, event.attempts, event.error) == ("processed", 2, "")
    assert "Done. Status: Processed" in response.content.decode()
    assert url not in response.content.decode()


def test_a_notice_that_fails_again_says_why(finance: Client, monkeypatch: Any) -> None:
    event = a_notice(status="failed")

    def fails(object_id: str, *, at: Any) -> None:
        raise RuntimeError("still no answer")

    monkeypatch.setitem(notices.HANDLERS, event.type, fails)

    response = finance.post(reverse("tour_stripe_events:process", args=[event.pk]), follow=True)

    assert "It failed again: RuntimeError: still no answer" in response.content.decode()


def test_a_notice_is_not_processed_by_opening_an_address_or_when_it_was_before(finance: Client) -> None:
    event = a_notice(status="processed", attempts=1)
    url = reverse("tour_stripe_events:process", args=[event.pk])

    assert finance.get(url).status_code == 405
    assert "nothing to do again" in finance.post(url, follow=True).content.decode()
    event.refresh_from_db()
    assert event.attempts == 1


def test_organisers_process_no_notices() -> None:
    client = Client()
    client.force_login(one_of("Organisers"))
    event = a_notice(status="failed")

    client.post(reverse("tour_stripe_events:process", args=[event.pk]))

    event.refresh_from_db()
    assert (event.status, event.attempts) == ("failed", 0)


@pytest.mark.parametrize(("group", "told"), [("Finance", True), ("Organisers", True), ("Editors", False)])
def test_a_registrations_page_tells_its_payments_and_refunds_to_who_may_see_them(group: str, told: bool) -> None:
    payment = paid_and_given_back()
    request = RequestFactory().get("/admin/")
    request.user = one_of(group)

    html = registration_money({"request": request, "registration": payment.registration})

    assert (reverse("tour_payments:inspect", args=[payment.pk]) in html) == told
    assert (reverse("tour_refunds:inspect", args=[payment.refunds.get().pk]) in html) == told


def test_a_registration_nobody_asked_money_for_has_no_word_about_money() -> None:
    payment = paid_and_given_back()
    registration = payment.registration
    other = type(registration)(pk=0)
    request = RequestFactory().get("/admin/")
    request.user = one_of("Finance")

    assert registration_money({"request": request, "registration": other}) == ""


@pytest.mark.parametrize(("status", "said"), [("needs_response", "Answer the bank"), ("lost", "Nothing more")])
def test_a_dispute_says_what_to_do_and_leads_to_its_payment_and_registration(
    finance: Client, status: str, said: str
) -> None:
    payment = paid_and_given_back()
    dispute = Dispute.objects.create(
        dispute_id="dp_1", payment=payment, status=status, reason="general", amount="12.10"
    )

    page = finance.get(f"/admin/disputes/inspect/{dispute.pk}/").content.decode()

    assert said in page
    assert f'href="/admin/payments/inspect/{payment.pk}/"' in page
    assert f'href="/admin/registrations/inspect/{payment.registration_id}/"' in page


def test_days_are_written_the_same_in_every_column_and_on_every_page(finance: Client) -> None:
    factories.seller()
    statement = camt(entry("5.00", day="2026-11-09"), opened="2026-11-08", closed="2026-11-09")
    imported = bank.import_statement(content=statement, file_name="", by=None, at=NOW)
    movement = imported.statements[0].transactions.get()

    pages = [finance.get(f"/admin/bank-movements/{path}") for path in ("", f"inspect/{movement.pk}/")]

    assert [("9 Nov 2026" in page.content.decode(), "Nov. 9" in page.content.decode()) for page in pages] == [
        (True, False),
        (True, False),
    ]

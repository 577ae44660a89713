"""Ordering by invoice where people do it: the form, the phone; and what the pages say then."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import actions as events
from events import letters
from events.billing import Billing
from events.models import CancellationStep, Registration
from payments.models import BillingDetails, Invoice, SellerSettings
from tests import factories
from tests.payments.ordering_support import hidden, page, send, typed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def seller(db: Any) -> Any:
    return factories.seller()


@pytest.fixture
def now() -> Any:
    return timezone.now()


# --- The form -------------------------------------------------------------------------------------------------------


def test_the_review_shows_buyer_day_and_terms_before_the_button_and_the_order_is_certain_at_once(
    client: Client, now: Any
) -> None:
    shown = page(now)
    CancellationStep.objects.create(event=shown.event, days_before=14, fee_percent=50)

    review = send(client, shown).content.decode()

    due = timezone.localdate() + timedelta(days=30)
    before = review[: review.index('name="step" value="order"')]
    for said in ("Gemeente Proef, dienst aankoop", "Markt 1", "facturen@example.org", "0198765470", "BB-42", "50%"):
        assert said in before
    assert str(due.day) in before and str(due.year) in before
    answer = client.post(f"/nl/register/{shown.pk}/", hidden(review) | {"step": "order"})
    made = Registration.objects.get()
    assert (answer.status_code, made.status, made.billing_method) == (303, "confirmed", "invoice")
    invoice = Invoice.objects.get()
    assert (invoice.buyer_vat_number, invoice.buyer_kind, invoice.due_on) == ("BE0198765470", "public", due)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"purchase_order": ""}, "purchase_order"),
        ({"billing_kind": "private"}, "billing_kind"),
        ({"vat_number": "BE 0198.765.471"}, "vat_number"),
        ({"enterprise_number": "0198.765.471"}, "enterprise_number"),
        ({"enterprise_number": "", "vat_number": ""}, "enterprise_number"),
        ({"billing_peppol_id": "facturen"}, "billing_peppol_id"),
        ({"billing_street": ""}, "billing_street"),
        ({"billing_postal_code": ""}, "billing_postal_code"),
        ({"billing_city": ""}, "billing_city"),
        ({"billing_email": "facturen"}, "billing_email"),
        ({"billing": "cash"}, "billing"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_at_its_field_and_in_the_summary_and_nothing_typed_is_lost(
    client: Client, now: Any, wrong: dict[str, str], field: str
) -> None:
    answer = send(client, page(now), **wrong)

    html = answer.content.decode()
    summary = html[html.index('id="error-summary"') :]
    summary = summary[: summary.index("</ul>")]
    target = f"id_{field}_0" if field == "billing" else f"id_{field}"
    assert answer.status_code == 422
    assert re.findall(r'href="#([^"]+)"', summary) == [target]
    assert f'id="{target}"' in html and f'id="id_{field}_error"' in html
    assert 'value="dienst' not in html and "Gemeente Proef, dienst aankoop" in html
    assert Registration.objects.count() == 0


def test_an_order_number_may_follow(client: Client, now: Any) -> None:
    shown = page(now)

    review = send(client, shown, purchase_order="", po_follows="on").content.decode()
    client.post(f"/nl/register/{shown.pk}/", hidden(review) | {"step": "order"})

    assert (BillingDetails.objects.get().po_follows, Invoice.objects.count()) == (True, 0)


@pytest.mark.parametrize(("days", "status"), [(15, 200), (14, 422)])
def test_the_form_takes_it_as_long_as_the_event_does(client: Client, now: Any, days: int, status: int) -> None:
    assert send(client, page(now, days=days)).status_code == status


def test_an_event_that_is_never_by_invoice_does_not_offer_it(client: Client, now: Any) -> None:
    shown = page(now, invoice_until_days=None)

    assert 'name="billing"' not in client.get(shown.get_url()).content.decode()
    assert 'name="billing_street"' in client.get(shown.get_url()).content.decode()


def test_a_free_event_asks_nothing_about_invoices(client: Client, now: Any) -> None:
    shown = page(now, price=None)

    html = client.get(shown.get_url()).content.decode()

    assert [name for name in ("billing", "billing_street", "vat_number") if f'name="{name}"' in html] == []


def test_who_pays_online_needs_none_of_it_and_may_fill_it_in(client: Client, now: Any) -> None:
    shown = page(now)
    empty = dict.fromkeys([name for name in typed() if name.startswith("billing_")], "")
    numbers = {"enterprise_number": "", "vat_number": "", "purchase_order": ""}

    for changes in (empty | numbers, {"billing_kind": "business", "enterprise_number": ""}):
        assert send(client, shown, **({"billing": "online"} | changes)).status_code == 200


def test_a_foreign_number_is_not_judged_by_belgian_digits(client: Client, now: Any) -> None:
    changes = {"organisation_country": "NL", "enterprise_number": "12345678", "vat_number": ""}

    assert send(client, page(now), **changes).status_code == 200


# --- The phone ------------------------------------------------------------------------------------------------------


def organiser() -> Client:
    client = Client()
    client.force_login(factories.user("Organisers"))
    return client


def test_an_order_by_phone_may_be_by_invoice_with_the_same_rules(now: Any) -> None:
    event = page(now).event
    url = reverse("tour_events:desk", args=[event.pk])
    told = typed(language="nl")

    refused = organiser().post(url, told | {"purchase_order": ""})
    assert list(refused.context["form"].errors) == ["purchase_order"]
    organiser().post(url, told)

    made = Registration.objects.get()
    assert (made.channel, made.status, made.enterprise_number) == ("desk", "confirmed", "0198765470")
    assert Invoice.objects.get().purchase_order == "BB-42"


# --- What the pages say ---------------------------------------------------------------------------------------------


def ordered(now: Any, language: str = "en", **facts: Any) -> Registration:
    order = factories.order(
        seats=2, language=language, billing_method="invoice", billing=Billing(name="Proef nv", email="b@example.org")
    )
    return events.register(event=page(now, **facts).event, order=order, at=now)


def test_the_manage_page_says_by_invoice_and_the_day_and_nothing_about_losing_the_seat(
    client: Client, now: Any, settings: Any
) -> None:
    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {"STRIPE_API_KEY": ""}
    made = ordered(now)
    invoice = Invoice.objects.get()

    html = client.get(f"/en/r/{made.manage_token}/").content.decode()

    assert f"Invoice {invoice.number}: €229.90, due on" in html
    assert "Your places are certain." in html
    assert "Pay this invoice online" not in html  # no payment service here: by bank only
    assert [text for text in ("to keep your places", "is still to be paid", "Pay now") if text in html] == []


def test_the_manage_page_offers_to_pay_online_where_that_is_possible(client: Client, stripe: Any, now: Any) -> None:
    made = ordered(now)

    html = client.get(f"/en/r/{made.manage_token}/").content.decode()

    assert reverse("payments:pay_invoice", args=["x", "F"])[3:6] == "/b/"
    assert "Pay this invoice online" in html


@pytest.mark.parametrize("language", ["nl", "en"])
def test_cancelling_says_what_is_credited_and_promises_no_money_that_never_came(
    client: Client, now: Any, language: str
) -> None:
    made = ordered(now, language)
    CancellationStep.objects.create(event=made.event, days_before=90, fee_percent=50)
    Registration.objects.update(terms=[[90, 50]])

    html = client.get(f"/{language}/r/{made.manage_token}/cancel/").content.decode()

    amounts = set(re.findall(r"11\d[.,]\d\d", html))
    assert len(amounts) == 2  # kept 114.96, credited 114.94
    assert "you get" not in html.lower().replace("\n", " ")


def test_the_confirmation_of_an_order_that_waits_for_its_number_says_until_when(now: Any) -> None:
    made = events.register(
        event=page(now).event,
        order=factories.order(
            language="en", billing_method="invoice", billing=Billing(name="Stad", kind="public", po_follows=True)
        ),
        at=now,
    )

    body = letters.message(made.letters.get(kind="confirmed"), at=now).body

    until = timezone.localdate() + timedelta(days=7)
    assert f"until {until.day} {until:%B %Y}" in body and "free of charge." not in body.splitlines()


def test_finance_sees_what_is_open_and_the_cockpit_what_is_late(now: Any) -> None:
    long_ago = now - timedelta(days=40)
    made = events.register(
        event=factories.event(price="95.00", starts_at=now + timedelta(days=60), invoice_until_days=14),
        order=factories.order(billing_method="invoice"),
        at=long_ago,
    )
    finance = Client()
    finance.force_login(factories.user("Finance"))

    report = finance.get("/admin/reports/open-invoices/")
    file = finance.get("/admin/reports/open-invoices/?export=csv")
    rows = b"".join(file.streaming_content).decode().splitlines()
    cockpit = organiser().get(reverse("tour_events:cockpit", args=[made.event_id]))

    assert report.status_code == 200 and Invoice.objects.get().number in report.content.decode()
    one_month_late = ["0.00", "114.95", "0.00", "0.00", "0.00", "114.95"]
    assert rows[1].split(",")[7:] == [Invoice.objects.get().payment_reference, "114.95", *one_month_late]
    assert rows[-1].split(",")[-2:] == ["0.00", "114.95"]  # none older than a month, and all of it
    assert [to_do.url for to_do in cockpit.context["to_dos"]] == [
        f"/admin/reports/open-invoices/?event={made.event_id}"
    ]
    other = factories.event()
    assert (
        Invoice.objects.get().number
        not in finance.get(f"/admin/reports/open-invoices/?event={other.pk}").content.decode()
    )
    assert finance.get("/admin/").content.decode().count("open-invoices") >= 1


@pytest.mark.parametrize("count", [1, 20])
def test_the_report_asks_the_same_number_of_queries(now: Any, count: int, django_assert_num_queries: Any) -> None:
    event = factories.event(price="95.00", starts_at=now + timedelta(days=60), invoice_until_days=14, capacity=40)
    for _time in range(count):
        events.register(event=event, order=factories.order(billing_method="invoice"), at=now)
    finance = Client()
    finance.force_login(factories.user("Finance"))
    finance.get("/admin/reports/open-invoices/")

    with django_assert_num_queries(6):
        b"".join(finance.get("/admin/reports/open-invoices/?export=csv").streaming_content)


def test_the_settings_of_the_seller_are_saved_on_their_screen() -> None:
    client = Client()
    client.force_login(factories.user("Finance"))
    url = reverse("wagtailsettings:edit", args=["payments", "sellersettings", SellerSettings.load().pk])
    shown = client.get(url)
    form = shown.context["form"]
    posted = {name: form.initial.get(name, "") for name in form.fields} | {"remind_after_days": "3, 10"}
    posted = {name: "" if value is None else value for name, value in posted.items()}

    answer = client.post(url, posted)

    assert (answer.status_code, SellerSettings.objects.get().remind_after_days) == (302, [3, 10])

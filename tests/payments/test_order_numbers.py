"""A purchase order number that follows: the invoice waits for it some days; one that is out is replaced, once."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from events import actions as events
from events.admin.told import history
from events.billing import Billing
from payments import actions, duties
from payments.actions.bookkeeping import book_payment
from payments.addresses import billing_token
from payments.models import BillingDetails, Invoice, Payment
from payments.open_items import open_amount, open_invoices, open_on
from payments.refusals import OrderNumberKnown, OrderNumberMissing
from payments.settlement import StripeSettlement
from tests import factories
from tests.concurrency import at_once
from tests.conftest import NOON
from tests.payments.statements_support import camt, entry

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TOWN = Billing(
    name="Gemeente Proef", kind="public", enterprise_number="0198765470", po_follows=True, email="f@example.org"
)


@pytest.fixture(autouse=True)
def seller(db: Any) -> Any:
    return factories.seller()


def ordered(at: Any = NOON, *, visit_in: int = 60, seats: int = 1, billing: Billing = TOWN) -> Any:
    event = factories.event(price="95.00", invoice_until_days=1, starts_at=at + timedelta(days=visit_in))
    order = factories.order(seats=seats, billing_method="invoice", billing=billing)
    return events.register(event=event, order=order, at=at)


def numbers() -> list[tuple[str, str]]:
    return list(Invoice.objects.order_by("pk").values_list("kind", "purchase_order"))


def sent_without(at: Any = NOON, **facts: Any) -> tuple[Any, Invoice]:
    made = ordered(at, **facts)
    duties.issue_documents(at=at + 8 * DAY)
    return made, Invoice.objects.get(registration=made)


def test_the_invoice_waits_for_the_number_and_goes_out_with_it() -> None:
    made = ordered()
    duties.issue_documents(at=NOON + 7 * DAY)
    assert (made.status, numbers()) == ("confirmed", [])
    assert StripeSettlement().state(made).order_until == date(2027, 1, 19)

    actions.add_purchase_order(registration=made, number=" BB-7 ", at=NOON + 7 * DAY)

    assert numbers() == [("invoice", "BB-7")]
    with translation.override("en"):
        given = [change for change in history(made) if change.deed == "Purchase order number given"]
    assert [change.who for change in given] == ["the contact or a participant"]
    assert BillingDetails.objects.get().purchase_order == "BB-7"


def test_after_the_sellers_days_it_goes_out_without() -> None:
    _made, invoice = sent_without()

    assert (invoice.purchase_order, invoice.issued_on) == ("", date(2027, 1, 20))


@pytest.mark.parametrize(("visit_in", "waits"), [(60, 7), (5, 4), (2, 1), (1, 0)])
def test_it_never_waits_until_the_day_of_the_visit(visit_in: int, waits: int) -> None:
    event = factories.event(price="95.00", invoice_until_days=0, starts_at=NOON + timedelta(days=visit_in))
    order = factories.order(billing_method="invoice", billing=TOWN)
    made = events.register(event=event, order=order, at=NOON)

    duties.issue_documents(at=NOON + timedelta(days=waits))
    assert made.invoices.count() == (0 if waits else 1)
    duties.issue_documents(at=NOON + timedelta(days=waits + 1))
    assert made.invoices.count() == 1


def test_a_cancelled_order_waits_for_no_number() -> None:
    made = ordered()

    events.cancel(registration=made, at=NOON)
    duties.issue_documents(at=NOON + 8 * DAY)

    assert numbers() == []


def test_an_invoice_that_is_out_is_credited_and_issued_again_once() -> None:
    made, first = sent_without(seats=2)

    for _time in range(3):
        actions.add_purchase_order(registration=made, number="BB-7", at=NOON + 9 * DAY)

    assert numbers() == [("invoice", ""), ("credit_note", ""), ("invoice", "BB-7")]
    new = Invoice.objects.get(purchase_order="BB-7")
    assert [open_amount(first), open_amount(new)] == [Decimal("0.00"), Decimal("229.90")]
    assert (new.gross, new.due, new.due_on) == (first.gross, Decimal("229.90"), first.due_on)
    assert "BB-7" in new.ubl and "BB-7" not in first.ubl
    assert [invoice.number for invoice in open_invoices(date(2027, 1, 21))] == [new.number]


def test_a_replacement_of_one_that_is_nearly_due_leaves_the_fewest_days_to_pay() -> None:
    made, first = sent_without()

    actions.add_purchase_order(registration=made, number="BB-7", at=NOON + 40 * DAY)

    new = Invoice.objects.get(purchase_order="BB-7")
    assert (first.due_on, new.due_on) == (date(2027, 2, 19), date(2027, 2, 28))


@pytest.mark.parametrize("paid", ["100.00", "114.95"])
def test_what_was_paid_counts_for_the_new_one(paid: str) -> None:
    made, first = sent_without()
    payment = Payment.objects.create(
        registration=made, amount=Decimal(paid), status="paid", pays=first, paid_at=NOON, settled_at=NOON
    )
    book_payment(payment, source="bank-1", occurred_at=NOON, at=NOON)

    actions.add_purchase_order(registration=made, number="BB-7", at=NOON + 9 * DAY)

    new = Invoice.objects.get(purchase_order="BB-7")
    payment.refresh_from_db()
    assert (payment.pays, new.replaces, new.prepaid) == (first, first, Decimal(paid))
    assert open_amount(first) == Decimal("0.00")
    assert open_amount(new) == new.due == Decimal("114.95") - Decimal(paid)


def test_the_debtors_of_a_past_day_stay_as_they_were_when_a_number_follows() -> None:
    made, first = sent_without()
    content = camt(entry("114.95", structured=first.payment_reference), name="S1")
    actions.import_statement(content=content, file_name="", by=None, at=NOON + 9 * DAY)
    before = list(open_on(date(2027, 1, 31)))

    actions.add_purchase_order(registration=made, number="BB-7", at=NOON + 30 * DAY)

    assert before == list(open_on(date(2027, 1, 31))) == []
    assert list(open_on(date(2027, 2, 28))) == []


def test_a_transfer_with_the_first_ones_communication_pays_what_took_its_place() -> None:
    made, first = sent_without()
    actions.add_purchase_order(registration=made, number="BB-7", at=NOON + 9 * DAY)
    content = camt(entry("114.95", structured=first.payment_reference), name="S1")

    actions.import_statement(content=content, file_name="", by=None, at=NOON + 10 * DAY)

    new = Invoice.objects.get(purchase_order="BB-7")
    assert (Payment.objects.get().pays, open_amount(new), open_amount(first)) == (new, Decimal("0.00"), Decimal("0.00"))


def test_only_what_was_left_of_it_is_issued_again() -> None:
    made, first = sent_without(seats=2)
    events.cancel(registration=made, attendee_ids=[made.attendees.first().pk], at=NOON + 9 * DAY)

    actions.add_purchase_order(registration=made, number="BB-7", at=NOON + 9 * DAY)

    assert Invoice.objects.get(purchase_order="BB-7").gross == Decimal("114.95") == first.gross / 2


def test_another_number_later_is_refused_and_an_empty_one_too() -> None:
    made = ordered()
    actions.add_purchase_order(registration=made, number="BB-7", at=NOON)

    with pytest.raises(OrderNumberKnown, match="BB-7"):
        actions.add_purchase_order(registration=made, number="BB-8", at=NOON)
    with pytest.raises(OrderNumberMissing):
        actions.add_purchase_order(registration=made, number="  ", at=NOON)
    assert numbers() == [("invoice", "BB-7")]


def test_ten_clicks_at_once_replace_it_once(transactional_db: Any) -> None:
    factories.seller()
    made, _first = sent_without()

    results = at_once([lambda: actions.add_purchase_order(registration=made, number="BB-7", at=NOON + 9 * DAY)] * 10)

    assert [result for result in results if isinstance(result, Exception)] == []
    assert [kind for kind, _number in numbers()] == ["invoice", "credit_note", "invoice"]


# --- The page -------------------------------------------------------------------------------------------------------


def page(made: Any, name: str = "billing") -> str:
    return reverse(f"payments:{name}", args=[billing_token(made)])


def test_the_page_asks_for_the_number_and_takes_it(client: Client) -> None:
    made = ordered(billing=Billing(**(vars(TOWN) | {"kind": "business"})))
    shown = client.get(page(made))
    assert (shown.status_code, shown["X-Robots-Tag"], "no-store" in shown["Cache-Control"]) == (200, "noindex", True)
    assert 'name="purchase_order"' in shown.content.decode()

    answer = client.post(page(made, "order_number"), {"purchase_order": "BB-7"}, follow=True)

    assert answer.status_code == 200
    assert numbers() == [("invoice", "BB-7")]
    assert 'name="purchase_order"' not in answer.content.decode()


@pytest.mark.parametrize("typed", ["", "x" * 36, "\x00"])
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(client: Client, typed: str) -> None:
    made = ordered()

    answer = client.post(page(made, "order_number"), {"purchase_order": typed})

    said = answer.content.decode()
    assert (answer.status_code, 'href="#purchase_order"' in said, 'aria-invalid="true"' in said) == (422, True, True)
    assert numbers() == []


def test_opening_the_page_changes_nothing_and_its_token_opens_no_registration(client: Client) -> None:
    made, _first = sent_without()
    before = Invoice.objects.count()

    assert client.get(page(made)).status_code == 200
    assert client.get(reverse("events:manage", args=[billing_token(made)])).status_code == 404
    assert client.get(reverse("payments:billing", args=[made.manage_token])).status_code == 404
    assert client.get(page(made, "order_number")).status_code == 405
    assert Invoice.objects.count() == before


def test_the_page_shows_the_open_amount_with_its_transfer(client: Client) -> None:
    made, first = sent_without()

    said = client.get(page(made)).content.decode()

    assert first.payment_reference_text in said
    assert "BE17999123456721" in said and "<svg" in said


def test_paying_from_the_page_goes_to_stripe_and_back_to_the_page(client: Client, stripe: Any, now: Any) -> None:
    made, first = sent_without(now - 9 * DAY)

    answer = client.post(reverse("payments:pay_invoice", args=[billing_token(made), first.number]))
    payment = Payment.objects.get()
    assert (answer.status_code, answer["Location"], payment.pays) == (302, payment.session_url, first)
    stripe.pay(payment.session_id)
    back = client.get(reverse("payments:return"), {"token": billing_token(made), "session_id": payment.session_id})

    assert back["Location"].startswith(page(made))
    assert open_amount(first) == 0
    again = client.post(reverse("payments:pay_invoice", args=[billing_token(made), first.number]))
    assert again["Location"] == page(made) + "?from=nothing"


def test_somebody_elses_invoice_is_a_dead_link(client: Client) -> None:
    made, _first = sent_without()
    _other, theirs = sent_without()

    assert client.post(reverse("payments:pay_invoice", args=[billing_token(made), theirs.number])).status_code == 404

"""Reminders: before an invoice is due and after it, each once, and none once it is paid or credited."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from events import actions as events
from events import letters
from events.billing import Billing
from events.models import Letter
from payments import actions, duties
from payments.actions.bookkeeping import book_payment
from payments.models import Invoice, Payment, SellerSettings
from tests import factories
from tests.concurrency import at_once
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FIRM = Billing(name="Proef nv", street="Kaai 1", postal_code="9000", city="Gent", email="boekhouding@example.org")


@pytest.fixture(autouse=True)
def seller(db: Any) -> Any:
    return factories.seller()


def ordered(language: str = "nl", **facts: Any) -> Invoice:
    """Issued on NOON, due 30 days later."""
    event = factories.event(price="95.00", invoice_until_days=1, starts_at=NOON + timedelta(days=60), **facts)
    order = factories.order(language=language, billing_method="invoice", billing=FIRM)
    return events.register(event=event, order=order, at=NOON).invoices.get()


def reminded() -> list[tuple[str, str]]:
    rows = Letter.objects.filter(kind__in=["invoice_due", "invoice_late"]).order_by("pk")
    return [(kind, occasion.rpartition("-")[2]) for kind, occasion in rows.values_list("kind", "occasion")]


def day(number: int) -> Any:
    return NOON + timedelta(days=number)


def pay(invoice: Invoice, amount: str) -> None:
    payment = Payment.objects.create(
        registration=invoice.registration,
        amount=Decimal(amount),
        status="paid",
        pays=invoice,
        paid_at=NOON,
        settled_at=NOON,
    )
    book_payment(payment, source=f"bank-{payment.pk}", occurred_at=NOON, at=NOON)


def test_a_clock_that_runs_for_sixty_days_reminds_three_times() -> None:
    ordered()
    seen = {}

    for number in range(60):
        for _twice in range(2):
            duties.remind_invoices(at=day(number))
        seen[number] = len(reminded())

    assert [number for number in range(1, 60) if seen[number] != seen[number - 1]] == [25, 37, 51]
    assert reminded() == [("invoice_due", "before"), ("invoice_late", "7"), ("invoice_late", "21")]


def test_a_duty_that_was_down_writes_only_the_last_one() -> None:
    ordered()

    for number in (55, 56):
        duties.remind_invoices(at=day(number))

    assert reminded() == [("invoice_late", "21")]


@pytest.mark.parametrize("how", ["paid", "credited", "cancelled"])
def test_it_stops_when_nothing_is_open(how: str) -> None:
    invoice = ordered()
    duties.remind_invoices(at=day(25))
    if how == "paid":
        pay(invoice, "114.95")
    elif how == "credited":
        actions.issue_credit_note(invoice=invoice, reason="Fout.", at=day(26))
    else:
        events.cancel(registration=invoice.registration, at=day(26))

    for number in range(26, 90):
        duties.remind_invoices(at=day(number))

    assert reminded() == [("invoice_due", "before")]


def test_one_that_was_sent_with_few_days_to_pay_is_not_reminded_before_it_is_due() -> None:
    event = factories.event(price="95.00", invoice_until_days=1, starts_at=NOON + timedelta(days=4))
    order = factories.order(billing_method="invoice", billing=FIRM)
    events.register(event=event, order=order, at=NOON)
    SellerSettings.objects.update(remind_before_days=7)

    for number in range(8):
        duties.remind_invoices(at=day(number))

    assert reminded() == []


def test_the_days_are_the_sellers() -> None:
    ordered()
    SellerSettings.objects.update(remind_before_days=None, remind_after_days=[3])

    for number in range(60):
        duties.remind_invoices(at=day(number))

    assert reminded() == [("invoice_late", "3")]


def test_no_days_at_all_is_no_reminder() -> None:
    ordered()
    SellerSettings.objects.update(remind_before_days=None, remind_after_days=[])

    assert duties.remind_invoices(at=day(59)) is None


def test_an_impossible_day_is_refused() -> None:
    with pytest.raises(ValidationError):
        factories.seller(remind_after_days=[0])


def test_nobody_loses_a_place_for_it() -> None:
    invoice = ordered()

    for number in range(60):
        duties.remind_invoices(at=day(number))

    invoice.registration.refresh_from_db()
    assert invoice.registration.status == "confirmed"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Still open: €64.95", "BE17999123456721", "+++127/", "/en/b/"]),
        ("nl", ["64,95", "BE17999123456721", "+++127/", "/nl/b/"]),
    ],
)
def test_the_letter_says_what_is_open_and_how_to_pay_it(language: str, words: list[str], mailoutbox: Any) -> None:
    invoice = ordered(language)
    pay(invoice, "50.00")

    duties.remind_invoices(at=day(40))
    letter = invoice.registration.letters.get(kind="invoice_late")
    assert letters.send(letter.pk, at=day(40))

    (mail,) = mailoutbox
    assert mail.to == ["boekhouding@example.org"]
    html = mail.alternatives[0][0]
    assert [word for word in words if word not in mail.body or word not in html] == []
    assert invoice.registration.manage_token not in mail.body + html
    assert [name for name, _file, _kind in mail.attachments] == [f"{invoice.number}.pdf"]


def test_ten_workers_at_once_write_it_once(transactional_db: Any) -> None:
    factories.seller()
    ordered()

    results = at_once([lambda: actions.remind_invoices(at=day(40))] * 10)

    assert sum(result for result in results if isinstance(result, int)) == 1
    assert reminded() == [("invoice_late", "7")]


def test_one_reminder_that_cannot_be_written_keeps_no_other_waiting() -> None:
    broken, whole = ordered(), ordered()
    with connection.cursor() as cursor:
        # A registration the database lets nobody write a letter to.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        refused = f"CHECK (registration_id <> {broken.registration_id}) NOT VALID"
        cursor.execute(f"ALTER TABLE events_letter ADD CONSTRAINT not_this {refused}")

    duties.remind_invoices(at=day(25))

    assert [letter.registration for letter in Letter.objects.filter(kind="invoice_due")] == [whole.registration]

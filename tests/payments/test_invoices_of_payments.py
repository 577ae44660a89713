"""What was paid online is invoiced, once; what went back is credited, once; through the stand-in."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import gettext, override

from events import actions as events
from events.models import CancellationStep, Event
from payments import actions, duties
from payments.actions import decide, issue_credit_note, issue_invoice
from payments.actions.issuing import waiting_payments
from payments.models import (
    Concern,
    Invoice,
    LedgerLine,
    NumberSeries,
    Payment,
    Refund,
    SellerSettings,
)
from payments.sandbox import Sandbox
from tests import factories
from tests.concurrency import at_once
from tests.conftest import NOON
from tests.payments.documents_support import paid, registration, seats_of, vat_rules
from tests.payments.invoices_support import LATER, euros, figures_of, paid_online

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def seller(db: Any) -> Any:
    vat_rules()
    return factories.seller()


# --- What follows from money, through the stand-in ------------------------------------------------------------------


def test_an_online_payment_is_invoiced_once_however_often_it_is_told(
    stripe: Sandbox, now: Any, notify: Any, mailoutbox: Any
) -> None:
    made, payment = paid_online(stripe, now, seats=2)

    notify("checkout.session.completed", times=3)
    actions.sync_checkout(payment.session_id, at=now)
    duties.sweep_payments(at=now + LATER)
    duties.issue_documents(at=now + LATER)

    invoice = Invoice.objects.get()
    assert (invoice.registration, invoice.payment, invoice.cause) == (made, payment, f"payment-{payment.pk}")
    assert figures_of(invoice) == euros("190.00", "39.90", "0.00", "229.90", "229.90")
    assert invoice.due == 0
    assert made.letters.filter(kind="invoice").count() == 1


@pytest.mark.django_db(transaction=True)
def test_tellers_at_the_same_moment_make_one_invoice(stripe: Sandbox, now: Any) -> None:
    event = factories.event(price="95.00", starts_at=now + timedelta(days=60))
    made = events.register(event=event, order=factories.order(), at=now)
    payment = actions.start_checkout(registration=made, at=now)
    stripe.pay(payment.session_id)

    results = at_once([lambda: actions.sync_checkout(payment.session_id, at=now)] * 10)

    assert [result for result in results if isinstance(result, Exception)] == []
    assert list(Invoice.objects.values_list("number", flat=True)) == [f"F{now.year}-0001"]


def test_what_is_given_back_is_credited_once_with_the_lines_of_the_refund(stripe: Sandbox, now: Any) -> None:
    made, _payment = paid_online(stripe, now, seats=2)
    first, _second = seats_of(made)
    events.cancel(registration=made, attendee_ids=[first.pk], at=now)

    for _time in range(3):
        duties.carry_out_refunds(at=now)
        actions.sync_refund(Refund.objects.get().refund_id, at=now)
        duties.issue_documents(at=now)

    note = Invoice.objects.credit_notes().get()
    assert (note.refund, note.refers_to.kind, note.prepaid) == (Refund.objects.get(), "invoice", note.gross)
    assert [(line.attendee_id, line.gross) for line in note.lines.all()] == [(first.pk, Decimal("114.95"))]
    with override(made.language):
        assert note.reason == gettext("Places cancelled.")


def test_a_part_kept_by_the_terms_stays_invoiced(stripe: Sandbox, now: Any) -> None:
    event = factories.event(price="95.00", starts_at=now + timedelta(days=10))
    CancellationStep.objects.create(event=event, days_before=14, fee_percent=50)
    made = events.register(event=event, order=factories.order(), at=now)
    payment = actions.start_checkout(registration=made, at=now)
    stripe.pay(payment.session_id)
    actions.sync_checkout(payment.session_id, at=now)

    events.cancel(registration=made, at=now)
    duties.carry_out_refunds(at=now)

    refund, note = Refund.objects.get(), Invoice.objects.credit_notes().get()
    assert note.gross == refund.amount
    assert Decimal("57.00") < refund.amount < Decimal("58.00")
    ledger = LedgerLine.objects.filter(entry__kind__in=["payment", "refund"], entry__registration=made)
    documents = Invoice.objects.all()
    sign = {"invoice": 1, "credit_note": -1}
    for name in ("net", "gross"):
        assert sum(getattr(line, name) for line in ledger) == sum(sign[d.kind] * getattr(d, name) for d in documents)
    assert sum(line.vat for line in ledger) == sum(sign[d.kind] * (d.vat + d.rounding) for d in documents)


def test_money_whose_seat_was_gone_has_no_invoice_and_giving_it_back_no_credit_note(stripe: Sandbox, now: Any) -> None:
    event = factories.event(price="95.00", capacity=1, starts_at=now + timedelta(days=60))
    late = events.register(event=event, order=factories.order(), at=now)
    payment = actions.start_checkout(registration=late, at=now)
    stripe.pay(payment.session_id)
    late.refresh_from_db()
    after = late.hold_expires_at + timedelta(seconds=5)
    events.register(event=event, order=factories.order(), at=after)

    actions.sync_checkout(payment.session_id, at=after)
    duties.carry_out_refunds(at=after)
    duties.issue_documents(at=after)

    assert (Refund.objects.get().status, Invoice.objects.count()) == ("succeeded", 0)


def test_money_that_was_not_what_was_asked_has_no_documents(stripe: Sandbox, now: Any) -> None:
    event = factories.event(price="95.00", starts_at=now + timedelta(days=60))
    made = events.register(event=event, order=factories.order(), at=now)
    payment = actions.start_checkout(registration=made, at=now)
    stripe.pay(payment.session_id)
    Payment.objects.update(amount=Decimal("100.00"))
    actions.sync_checkout(payment.session_id, at=now)

    by = factories.user("Finance")
    decide(concern=Concern.objects.get(), decision="give_back", by=by, remark="Fout.", at=now)
    duties.carry_out_refunds(at=now)
    duties.issue_documents(at=now)

    assert (Refund.objects.get().status, Invoice.objects.count()) == ("succeeded", 0)


def test_a_seat_given_after_all_by_a_person_is_invoiced_by_the_duty(stripe: Sandbox, now: Any) -> None:
    event = factories.event(
        price="95.00", capacity=1, starts_at=now + timedelta(days=60), paid_without_seat=Event.PaidWithoutSeat.PERSON
    )
    late = events.register(event=event, order=factories.order(), at=now)
    payment = actions.start_checkout(registration=late, at=now)
    stripe.pay(payment.session_id)
    late.refresh_from_db()
    after = late.hold_expires_at + timedelta(seconds=5)
    events.register(event=event, order=factories.order(), at=after)
    actions.sync_checkout(payment.session_id, at=after)
    assert Invoice.objects.count() == 0

    Event.objects.update(capacity=2)
    by = factories.user("Finance")
    decide(concern=Concern.objects.get(), decision="give_seat", by=by, remark="Stoel bij.", at=after)
    duties.issue_documents(at=after)

    assert Invoice.objects.get().payment == payment


def test_a_refund_that_failed_and_was_paid_back_by_hand_is_credited_once(stripe: Sandbox, now: Any) -> None:
    made, payment = paid_online(stripe, now)
    events.cancel(registration=made, at=now)
    duties.carry_out_refunds(at=now)
    refund = Refund.objects.get()
    stripe.fail_refund(refund.refund_id)
    actions.sync_refund(refund.refund_id, at=now)
    by = factories.user("Finance")
    decide(concern=Concern.objects.get(), decision="by_hand", by=by, remark="Overgeschreven.", at=now)
    duties.issue_documents(at=now + LATER)

    invoice = Invoice.objects.invoices().get(payment=payment)
    assert [note.gross for note in invoice.credit_notes.all()] == [invoice.gross]


def test_a_half_given_back_that_failed_and_was_given_back_again_is_credited_as_a_half(
    stripe: Sandbox, now: Any
) -> None:
    event = factories.event(price="95.00", starts_at=now + timedelta(days=10))
    CancellationStep.objects.create(event=event, days_before=14, fee_percent=50)
    made = events.register(event=event, order=factories.order(), at=now)
    payment = actions.start_checkout(registration=made, at=now)
    stripe.pay(payment.session_id)
    actions.sync_checkout(payment.session_id, at=now)
    events.cancel(registration=made, at=now)
    duties.carry_out_refunds(at=now)
    stripe.fail_refund(Refund.objects.get().refund_id)
    actions.sync_refund(Refund.objects.get().refund_id, at=now)

    by = factories.user("Finance")
    decide(concern=Concern.objects.get(), decision="give_back", by=by, remark="Nog eens.", at=now)
    duties.carry_out_refunds(at=now)
    duties.issue_documents(at=now)

    assert [refund.status for refund in Refund.objects.order_by("pk")] == ["failed", "succeeded"]
    assert [note.gross for note in Invoice.objects.credit_notes()] == [Refund.objects.first().amount]


def test_a_payment_of_seats_that_are_not_confirmed_is_not_invoiced() -> None:
    made = registration()
    payment = paid(made, settled=False)
    Payment.objects.filter(pk=payment.pk).update(settled_at=NOON)

    assert actions.invoice_payment(payment=payment, at=NOON) is None
    events.confirm(registration=made, at=NOON)
    assert actions.invoice_payment(payment=payment, at=NOON) is not None


def test_payments_wait_for_the_sellers_particulars_and_are_invoiced_once_these_are_there(
    stripe: Sandbox, now: Any
) -> None:
    factories.seller()
    SellerSettings.objects.update(iban="")
    made, _payment = paid_online(stripe, now)
    events.cancel(registration=made, at=now + timedelta(minutes=1))
    duties.carry_out_refunds(at=now + LATER)
    assert (made.status, waiting_payments(), Invoice.objects.count()) == ("confirmed", 1, 0)

    factories.seller()
    duties.issue_documents(at=now + LATER)
    duties.issue_documents(at=now + LATER)

    assert [(document.kind, document.gross) for document in Invoice.objects.order_by("pk")] == [
        ("invoice", Decimal("114.95")),
        ("credit_note", Decimal("114.95")),
    ]
    assert waiting_payments() == 0


def test_whatever_breaks_in_issuing_leaves_money_and_seats_as_they_are(
    stripe: Sandbox, now: Any, monkeypatch: Any
) -> None:
    def breaks(*args: Any) -> bytes:
        raise RuntimeError("no XML today")

    monkeypatch.setattr("payments.actions.writing.ubl", breaks)
    made, payment = paid_online(stripe, now)
    assert (made.status, payment.settled_at is not None, Invoice.objects.count()) == ("confirmed", True, 0)
    assert not NumberSeries.objects.exists()

    monkeypatch.undo()
    duties.issue_documents(at=now + LATER)

    assert Invoice.objects.get().number == f"F{now.year}-0001"


def test_an_open_invoice_that_is_paid_online_is_not_invoiced_twice_and_its_refund_credits_it(
    stripe: Sandbox, now: Any
) -> None:
    event = factories.event(price="95.00", starts_at=now + timedelta(days=60))
    made = events.register(event=event, order=factories.order(seats=2), at=now)
    asked = issue_invoice(registration=made, at=now)
    payment = actions.start_checkout(registration=made, at=now)
    stripe.pay(payment.session_id)

    actions.sync_checkout(payment.session_id, at=now)
    duties.issue_documents(at=now)
    assert (Invoice.objects.get(), waiting_payments()) == (asked, 0)
    payment.refresh_from_db()
    assert payment.pays == asked
    first, _second = seats_of(made)
    events.cancel(registration=made, attendee_ids=[first.pk], at=now)
    duties.carry_out_refunds(at=now)

    note = asked.credit_notes.get()
    assert [(line.attendee_id, line.gross) for line in note.lines.all()] == [(first.pk, Decimal("114.95"))]


def test_a_seat_whose_open_invoice_was_credited_is_invoiced_once_paid(stripe: Sandbox, now: Any) -> None:
    event = factories.event(price="95.00", starts_at=now + timedelta(days=60))
    made = events.register(event=event, order=factories.order(), at=now)
    wrong = issue_invoice(registration=made, at=now)
    issue_credit_note(invoice=wrong, reason="Verkeerd adres.", at=now)
    payment = actions.start_checkout(registration=made, at=now)
    stripe.pay(payment.session_id)

    actions.sync_checkout(payment.session_id, at=now)

    assert Invoice.objects.get(payment=payment).gross == Decimal("114.95")

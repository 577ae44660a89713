"""By invoice: the documents ask what the seats owe, no more and no less; paid online or at the bank."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from events import actions as events
from events.models import Attendee, CancellationStep, Membership
from payments import actions, duties
from payments.actions.agreeing import undocumented
from payments.dues import balance
from payments.models import Concern, Invoice, Refund
from payments.open_items import open_amount, open_invoices
from payments.sandbox import Sandbox
from payments.settlement import StripeSettlement
from tests import factories
from tests.conftest import NOON
from tests.payments.by_invoice_support import (
    Status,
    asked,
    bank_pays,
    documents,
    euro,
    ordered,
    owed,
    visit,
)
from tests.payments.documents_support import seats_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def seller(db: Any) -> Any:
    return factories.seller()


# --- What changes what is owed --------------------------------------------------------------------------------------


def test_one_of_two_seats_given_up_is_credited_and_nothing_goes_back_that_did_not_come() -> None:
    made = ordered(seats=2)

    events.cancel(registration=made, attendee_ids=[seats_of(made)[0].pk], at=NOON)
    events.cancel(registration=made, attendee_ids=[seats_of(made)[0].pk], at=NOON)

    assert documents(made) == [("invoice", euro("229.90")), ("credit_note", euro("114.95"))]
    assert open_amount(made.invoices.get(kind="invoice")) == euro("114.95") == owed(made)
    assert Refund.objects.count() == 0


def test_what_the_ladder_keeps_stays_asked_and_can_be_paid(stripe: Sandbox, now: Any) -> None:
    event = visit(now, starts_at=now + timedelta(days=10), invoice_until_days=3)
    CancellationStep.objects.create(event=event, days_before=14, fee_percent=50)
    made = ordered(event, at=now)

    events.cancel(registration=made, at=now)

    invoice = made.invoices.get(kind="invoice")
    assert open_amount(invoice) == euro("57.48")
    payment = actions.start_checkout(registration=made, invoice=invoice, at=now)
    stripe.pay(payment.session_id)
    actions.sync_checkout(payment.session_id, at=now)
    payment.refresh_from_db()
    assert (payment.amount, payment.pays, open_amount(invoice)) == (euro("57.48"), invoice, euro("0.00"))
    assert (Refund.objects.count(), balance(made)) == (0, euro("0.00"))


@pytest.mark.parametrize("paid", ["0.00", "100.00", "229.90"])
def test_cancelling_gives_back_exactly_what_came(paid: str) -> None:
    made = ordered(seats=2)
    invoice = made.invoices.get()
    if euro(paid):
        bank_pays(invoice, paid)

    events.cancel(registration=made, at=NOON)

    assert asked(made) == 0
    assert sum(Refund.objects.values_list("amount", flat=True)) == euro(paid)
    assert list(open_invoices(date(2027, 1, 12))) == []


def test_a_refund_of_a_paid_invoice_is_not_credited_twice(stripe: Sandbox, now: Any) -> None:
    made = ordered(visit(now), at=now)
    payment = actions.start_checkout(registration=made, at=now)
    stripe.pay(payment.session_id)
    actions.sync_checkout(payment.session_id, at=now)

    events.cancel(registration=made, at=now)
    duties.carry_out_refunds(at=now)
    actions.sync_refund(Refund.objects.get().refund_id, at=now)
    duties.issue_documents(at=now)

    assert documents(made) == [("invoice", euro("114.95")), ("credit_note", euro("114.95"))]
    assert open_amount(made.invoices.get(kind="invoice")) == euro("0.00")
    assert stripe.balance_cents() == -197  # the fee, which Stripe keeps


def test_a_price_granted_is_credited_and_one_withdrawn_is_invoiced_for_the_difference() -> None:
    scheme = factories.scheme()
    factories.member(scheme)
    made = ordered(visit(scheme=scheme))

    events.grant(registration=made, membership=Membership.objects.get(), at=NOON, by=None, why="Toch lid.")
    assert (asked(made), owed(made)) == (0, 0)
    events.withdraw_entitlement(registration=made, at=NOON, by=None, why="Toch niet.")

    assert documents(made) == [
        ("invoice", euro("114.95")),
        ("credit_note", euro("114.95")),
        ("invoice", euro("114.95")),
    ]


def test_what_finance_credited_by_hand_is_not_asked_again() -> None:
    made = ordered(seats=2)
    first, second = seats_of(made)
    actions.issue_credit_note(invoice=made.invoices.get(), amounts={first.pk: euro("20.00")}, reason="Geste.", at=NOON)

    actions.document(registration=made, reason="price_changed", at=NOON)
    events.cancel(registration=made, attendee_ids=[second.pk], at=NOON)

    assert asked(made) == euro("94.95")


def test_a_cancelled_visit_credits_every_invoice_once() -> None:
    event = visit()
    all_made = [ordered(event) for _time in range(3)]
    bank_pays(all_made[0].invoices.get(), "114.95")

    for _time in range(2):
        events.cancel_event(event=event, at=NOON, why="Gastbedrijf ziek.")

    assert [asked(made) for made in all_made] == [0, 0, 0]
    assert list(Refund.objects.values_list("amount", "reason")) == [(euro("114.95"), "event_cancelled")]


def test_a_substitute_changes_no_document() -> None:
    made = ordered()

    events.substitute(
        registration=made,
        attendee_id=seats_of(made)[0].pk,
        person=events.Attending("Cas", "Claes", "cas@example.org"),
        at=NOON,
    )

    assert documents(made) == [("invoice", euro("114.95"))]


def test_whatever_breaks_in_issuing_leaves_the_seats_and_the_duty_makes_up_for_it(monkeypatch: Any) -> None:
    def breaks(*args: Any) -> bytes:
        raise RuntimeError("no XML today")

    monkeypatch.setattr("payments.actions.writing.ubl", breaks)
    made = ordered()
    assert (made.status, Invoice.objects.count(), undocumented()) == (Status.CONFIRMED, 0, [made])

    monkeypatch.undo()
    for _time in range(2):
        duties.issue_documents(at=NOON + timedelta(minutes=1))

    assert (documents(made), undocumented()) == ([("invoice", euro("114.95"))], [])


# --- Paying it online -----------------------------------------------------------------------------------------------


def test_an_open_invoice_is_paid_online_for_what_is_still_open_and_not_invoiced_again(
    stripe: Sandbox, now: Any
) -> None:
    made = ordered(visit(now), seats=2, at=now)
    invoice = made.invoices.get()
    bank_pays(invoice, "100.00", at=now)

    payment = actions.start_checkout(registration=made, at=now)
    assert (payment.amount, payment.pays) == (euro("129.90"), invoice)
    stripe.pay(payment.session_id)
    actions.sync_checkout(payment.session_id, at=now)
    duties.issue_documents(at=now)

    assert (documents(made), open_amount(invoice)) == ([("invoice", euro("229.90"))], euro("0.00"))
    assert made.letters.filter(kind="invoice").count() == 1
    with pytest.raises(actions.NothingToPay):
        actions.start_checkout(registration=made, invoice=invoice, at=now)


def test_two_browsers_open_the_same_page(stripe: Sandbox, now: Any) -> None:
    made = ordered(visit(now), at=now)

    pages = {actions.start_checkout(registration=made, at=now).session_url for _browser in range(2)}

    assert len(pages) == 1


def test_paid_at_the_bank_and_online_the_second_goes_back_and_is_no_document(stripe: Sandbox, now: Any) -> None:
    made = ordered(visit(now), at=now)
    invoice = made.invoices.get()
    payment = actions.start_checkout(registration=made, at=now)
    bank_pays(invoice, "114.95", at=now)
    stripe.pay(payment.session_id)

    actions.sync_checkout(payment.session_id, at=now)
    duties.carry_out_refunds(at=now)
    for refund in Refund.objects.filter(refund_id__isnull=False):
        actions.sync_refund(refund.refund_id, at=now)
    duties.issue_documents(at=now)

    assert list(Refund.objects.values_list("payment", "amount")) == [(payment.pk, euro("114.95"))]
    assert (documents(made), open_amount(invoice)) == ([("invoice", euro("114.95"))], euro("0.00"))


def test_a_seat_given_up_while_the_page_is_open_closes_it(
    stripe: Sandbox, now: Any, django_capture_on_commit_callbacks: Any
) -> None:
    made = ordered(visit(now), seats=2, at=now)
    first = actions.start_checkout(registration=made, at=now)

    with django_capture_on_commit_callbacks(execute=True):
        events.cancel(registration=made, attendee_ids=[seats_of(made)[0].pk], at=now)

    first.refresh_from_db()
    assert first.status == "expired"
    assert actions.start_checkout(registration=made, at=now).amount == euro("114.95")


# --- The page and the lists -----------------------------------------------------------------------------------------


def test_money_state_says_by_invoice_and_when() -> None:
    made = ordered()

    state = StripeSettlement().state(made)

    assert (state.invoiced, state.due_on, state.order_until) == (euro("114.95"), date(2027, 2, 11), None)


def test_late_invoices_are_a_to_do_of_their_visit() -> None:
    event = visit()
    ordered(event)
    at = NOON + timedelta(days=31)

    assert StripeSettlement().to_dos(event, at=NOON + timedelta(days=30)) == []
    ((text, url),) = StripeSettlement().to_dos(event, at=at)
    assert ("114,95" in text, url.endswith(f"?event={event.pk}")) == (True, True)
    assert StripeSettlement().to_dos(visit(), at=at) == []


def test_the_ledger_invoices_and_open_items_tie() -> None:
    event = visit()
    CancellationStep.objects.create(event=event, days_before=90, fee_percent=50)
    everybody = [ordered(event, seats=2) for _time in range(3)]
    bank_pays(everybody[0].invoices.get(), "50.00")
    bank_pays(everybody[1].invoices.get(), "229.90")
    events.cancel(registration=everybody[1], attendee_ids=[seats_of(everybody[1])[0].pk], at=NOON)
    events.cancel(registration=everybody[2], at=NOON)

    per_seat: dict[int, Decimal] = defaultdict(Decimal)
    for invoice in Invoice.objects.all():
        for line in invoice.lines.all():
            per_seat[line.attendee_id] += line.gross if invoice.kind == "invoice" else -line.gross
    assert per_seat == {seat.pk: seat.owed for seat in Attendee.objects.all()}
    still_open = sum(invoice.open_amount for invoice in open_invoices(timezone.localdate()))
    assert still_open == sum(max(euro("0.00"), balance(made)) for made in everybody)


# --- What could not be issued ---------------------------------------------------------------------------------------


@pytest.fixture
def no_number(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The database refuses every document, until it is undone."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE payments_invoice ADD CONSTRAINT nothing_more CHECK (false) NOT VALID")

    def undo() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE payments_invoice DROP CONSTRAINT nothing_more")

    return undo


def test_a_credit_note_that_failed_is_told_and_issued_by_the_duty(request: pytest.FixtureRequest) -> None:
    made = ordered(seats=2)
    undo = request.getfixturevalue("no_number")

    events.cancel(registration=made, attendee_ids=[seats_of(made)[0].pk], at=NOON)

    assert documents(made) == [("invoice", euro("229.90"))]
    concern = Concern.objects.get()
    assert (concern.kind, concern.resolved_at) == ("documents", None)
    assert made.reference in concern.text
    undo()
    assert duties.issue_documents(at=NOON + timedelta(hours=1)) == "1 documents"
    assert documents(made) == [("invoice", euro("229.90")), ("credit_note", euro("114.95"))]
    concern.refresh_from_db()
    assert concern.resolved_at == NOON + timedelta(hours=1)


def test_one_that_goes_on_failing_stays_told_and_keeps_no_other_waiting(request: pytest.FixtureRequest) -> None:
    made = ordered(seats=2)
    undo = request.getfixturevalue("no_number")
    events.cancel(registration=made, attendee_ids=[seats_of(made)[0].pk], at=NOON)

    assert duties.issue_documents(at=NOON) is None
    assert Concern.objects.open().count() == 1
    undo()


def test_the_cockpit_has_one_figure_for_what_is_still_to_be_paid_and_says_how_much_of_it_by_invoice(
    client: Any, now: Any, django_assert_num_queries: Any
) -> None:
    client.force_login(factories.user("Organisers"))
    event = visit(now, starts_at=now + timedelta(days=20), invoice_until_days=3, waiting_list=False)
    url = reverse("tour_events:cockpit", args=[event.pk])
    CancellationStep.objects.create(event=event, days_before=30, fee_percent=50)
    events.register(event=event, order=factories.order(), at=now)
    online_alone = client.get(url).content.decode()
    kept = ordered(event, at=now)
    events.cancel(registration=kept, at=now)
    bank_pays(ordered(event, at=now).invoices.get(), "14.95")
    bank_pays(ordered(event, at=now).invoices.get(), "114.95")

    for more in (0, 5):
        for _time in range(more):
            ordered(event, at=now)
        with django_assert_num_queries(6):
            due = StripeSettlement().to_be_paid(event)
        by_invoice = euro("157.48") + more * euro("114.95")
        assert (due.online, due.by_invoice) == (euro("114.95"), by_invoice)
        assert by_invoice == sum(row.open_amount for row in open_invoices(now.date()))

    assert "op factuur" not in online_alone.split("Nog te betalen")[1].split("</dd>")[0]
    page = client.get(url).content.decode()
    assert "€\xa0847,18" in page
    assert "online €\xa0114,95, op factuur €\xa0732,23" in page

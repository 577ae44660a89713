"""By invoice: seats are certain at once, and the documents ask what the seats owe, no more and no less."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from events import actions as events
from events.actions import Approver
from events.billing import Billing
from events.models import Attendee, CancellationStep, Event, Membership, Registration
from events.refusals import BillingIncomplete, InvoiceTooLate, InvoiceUnavailable
from payments import actions, duties
from payments.actions.agreeing import undocumented
from payments.actions.bookkeeping import book_payment
from payments.dues import balance
from payments.models import Invoice, NumberSeries, Payment, Refund, SellerSettings
from payments.open_items import open_amount, open_invoices
from payments.sandbox import Sandbox
from payments.settlement import StripeSettlement
from tests import factories
from tests.concurrency import at_once
from tests.conftest import NOON
from tests.payments.documents_support import seats_of

pytestmark = pytest.mark.django_db
Status = Registration.Status
TOWN = Billing(
    name="Gemeente Proef, dienst aankoop",
    kind="public",
    street="Markt 1",
    postal_code="9000",
    city="Gent",
    email="facturen@example.org",
    enterprise_number="0198765470",
    purchase_order="BB-2027-0042",
)


@pytest.fixture(autouse=True)
def seller(db: Any) -> Any:
    return factories.seller()


def euro(amount: str) -> Decimal:
    return Decimal(amount)


def visit(at: Any = NOON, **facts: Any) -> Any:
    return factories.event(
        **{
            "price": "95.00",
            "invoice_until_days": 14,
            "starts_at": at + timedelta(days=60),
            "waiting_list": True,
            **facts,
        }
    )


def order(seats: int = 1, **facts: Any) -> Any:
    return factories.order(seats=seats, **{"billing_method": "invoice", "billing": TOWN, **facts})


def ordered(event: Any = None, seats: int = 1, at: Any = NOON, **facts: Any) -> Registration:
    return events.register(event=event or visit(at), order=order(seats, **facts), at=at)


def documents(registration: Registration) -> list[tuple[str, Decimal]]:
    return list(Invoice.objects.filter(registration=registration).order_by("pk").values_list("kind", "gross"))


def asked(registration: Registration) -> Decimal:
    """What its documents ask in all: invoices less credit notes."""
    return sum((gross if kind == "invoice" else -gross for kind, gross in documents(registration)), start=euro("0.00"))


def owed(registration: Registration) -> Decimal:
    return sum((seat.owed for seat in registration.attendees.all()), start=euro("0.00"))


def bank_pays(invoice: Invoice, amount: str, at: Any = NOON) -> Payment:
    """As a bank statement will bring it."""
    payment = Payment.objects.create(
        registration=invoice.registration,
        amount=euro(amount),
        status="paid",
        pays=invoice,
        created_at=at,
        paid_at=at,
        settled_at=at,
    )
    book_payment(payment, source=f"bank-{payment.pk}", occurred_at=at, at=at)
    return payment


# --- Ordering -------------------------------------------------------------------------------------------------------


def test_seats_are_certain_at_once_and_the_invoice_goes_out_with_them(
    mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = ordered(seats=2)

    invoice = Invoice.objects.get()
    assert (made.status, made.hold_expires_at) == (Status.CONFIRMED, None)
    assert (invoice.gross, invoice.due, open_amount(invoice)) == (euro("229.90"),) * 3
    assert (invoice.buyer_name, invoice.buyer_email, invoice.purchase_order) == (TOWN.name, TOWN.email, "BB-2027-0042")
    assert invoice.due_on == date(2027, 2, 11)
    mails = {mail.to[0]: mail for mail in mailoutbox}
    assert [name for name, _file, _kind in mails["facturen@example.org"].attachments] == ["F2027-0001.pdf"]
    assert "11 februari 2027" in mails[made.email].body
    assert "gratis" not in mails[made.email].body


def test_the_bookkeepings_mail_opens_the_invoice_and_not_the_registration(
    mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = ordered()

    mail = next(mail for mail in mailoutbox if mail.to == ["facturen@example.org"])
    assert made.manage_token not in mail.body
    assert "/nl/b/" in mail.body


@pytest.mark.parametrize(
    ("days", "refusal"), [(None, InvoiceUnavailable), (60, InvoiceTooLate), (61, InvoiceTooLate)], ids=str
)
def test_the_event_says_whether_and_until_when(days: int | None, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        ordered(visit(invoice_until_days=days))

    assert Registration.objects.count() == 0


def test_an_incomplete_seller_takes_no_orders_by_invoice() -> None:
    SellerSettings.objects.update(iban="")

    with pytest.raises(InvoiceUnavailable):
        ordered()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "private"}, "kind"),
        ({"purchase_order": ""}, "purchase_order"),
        ({"vat_number": "BE0198765471"}, "vat_number"),
        ({"enterprise_number": "0198765471"}, "enterprise_number"),
        ({"peppol_id": "facturen"}, "peppol_id"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_with_the_buyer_refuses_the_order_and_names_the_field(wrong: Any, field: str) -> None:
    with pytest.raises(BillingIncomplete) as refused:
        ordered(billing=Billing(**(vars(TOWN) | wrong)))

    assert list(refused.value.facts["problems"]) == [field]
    assert Registration.objects.count() == 0


def test_without_a_buyer_the_contacts_organisation_is_billed() -> None:
    made = ordered(billing=None)

    assert Invoice.objects.get().buyer_name == made.organisation_name


def test_free_seats_by_invoice_have_no_invoice() -> None:
    scheme = factories.scheme()
    factories.member(scheme, code="LEDEN")

    made = ordered(visit(scheme=scheme), organisation_code="LEDEN")

    assert (made.status, Invoice.objects.count()) == (Status.CONFIRMED, 0)


def test_an_online_payer_may_want_the_invoice_in_another_name(stripe: Sandbox, now: Any) -> None:
    made = events.register(
        event=visit(now), order=factories.order(billing=Billing(name="Holding nv", street="Kaai 1")), at=now
    )
    payment = actions.start_checkout(registration=made, at=now)
    stripe.pay(payment.session_id)
    actions.sync_checkout(payment.session_id, at=now)

    invoice = Invoice.objects.get()
    assert (invoice.buyer_name, invoice.buyer_street, invoice.due) == ("Holding nv", "Kaai 1", 0)


def test_twenty_orders_at_once_for_five_seats_give_five_invoices_without_a_gap(transactional_db: Any) -> None:
    factories.seller()
    event = visit(capacity=5, waiting_list=False)

    at_once([lambda: ordered(event)] * 20)

    numbers = sorted(Invoice.objects.values_list("number", flat=True))
    assert numbers == [f"F2027-{n:04d}" for n in range(1, 6)]
    assert event.seats_taken(NOON) == 5


# --- What has to come first -----------------------------------------------------------------------------------------


def test_the_boss_says_yes_first_and_is_told_that_it_is_by_invoice() -> None:
    made = ordered(approver=Approver("Baas", "baas@example.org"))
    assert (made.status, Invoice.objects.count()) == (Status.AWAITING_APPROVAL, 0)

    events.approve(approval=made.approvals.get(), at=NOON)

    made.refresh_from_db()
    assert (made.status, documents(made)) == (Status.CONFIRMED, [("invoice", euro("114.95"))])


def test_the_organisers_no_leaves_no_document() -> None:
    made = ordered(visit(requires_approval=True))

    events.reject(approval=made.approvals.get(), at=NOON)

    assert (Invoice.objects.count(), NumberSeries.objects.count()) == (0, 0)


def test_who_waits_is_invoiced_once_the_offer_is_accepted_and_the_rest_of_the_group_to_the_same_buyer() -> None:
    event = visit(capacity=2)
    first = ordered(event, seats=2)
    group = ordered(event, seats=2, accepts_part=True)
    assert (group.status, Invoice.objects.count()) == (Status.WAITING, 1)

    events.cancel(registration=first, attendee_ids=[seats_of(first)[0].pk], at=NOON)
    events.accept_offer(registration=group, at=NOON)
    Event.objects.update(capacity=3)
    events.offer_seats(at=NOON)
    rest = Registration.objects.get(split_from=group)
    events.accept_offer(registration=rest, at=NOON)

    for part in (group, rest):
        assert documents(part) == [("invoice", euro("114.95"))]
        assert part.invoices.get().buyer_name == TOWN.name


# --- When it is due -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("visit_in", "due_in"),
    [(60, 30), (31, 30), (30, 29), (20, 19), (8, 7), (7, 7), (3, 7)],
)
def test_it_is_due_before_the_visit_unless_that_leaves_too_few_days(visit_in: int, due_in: int) -> None:
    ordered(visit(starts_at=NOON + timedelta(days=visit_in), invoice_until_days=1))

    invoice = Invoice.objects.get()
    assert (invoice.due_on - invoice.issued_on).days == due_in
    assert StripeSettlement().due_on(invoice.registration.event, at=NOON) == invoice.due_on


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

"""What whoever paid reads of their money, in mail and on their page: where it is, who moves it, and nothing untrue."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from events import actions as events
from events import letters
from events.models import Event, Letter, Registration
from payments import actions, duties
from payments.actions.bookkeeping import book_dispute
from payments.addresses import billing_token
from payments.documents.ubl import terms
from payments.models import Concern, Invoice, Payment, Refund
from tests import factories
from tests.conftest import NOON
from tests.payments.by_invoice_support import TOWN, visit
from tests.payments.by_invoice_support import ordered as ordered_by_invoice
from tests.payments.statements_support import camt, entry

pytestmark = pytest.mark.django_db
PRICE = Decimal("114.95")


@pytest.fixture(autouse=True)
def seller(db: Any) -> Any:
    factories.ground()
    return factories.seller()


def paid_by_card(event: Any = None, *, at: Any = NOON, seats: int = 1) -> Registration:
    event = event or factories.event(price="95.00", starts_at=at + timedelta(days=60), capacity=100)
    registration = events.register(event=event, order=factories.order(seats=seats, language="en"), at=at)
    payment = factories.payment_page(registration, at=at)
    Payment.objects.filter(pk=payment.pk).update(payment_intent_id=f"pi_{payment.pk}")
    payment.refresh_from_db()
    factories.receive(payment, at=at)
    return Registration.objects.get(pk=registration.pk)


def transferred(invoice: Invoice, amount: str, at: Any = NOON) -> None:
    content = camt(entry(amount, structured=invoice.payment_reference), name=f"S{invoice.pk}")
    actions.import_statement(content=content, file_name="", by=None, at=at)


def page(registration: Registration) -> str:
    """Their page in English, its text."""
    with translation.override("en"):
        url = reverse("events:manage", args=[registration.manage_token])
    return " ".join(Client().get(url).content.decode().split())


def mail(kind: str, registration: Registration, at: Any = NOON) -> Any:
    """The last of this kind, as it is sent now."""
    written = Letter.objects.filter(kind=kind, registration=registration).order_by("pk").last()
    assert written is not None
    written.registration.language = "en"
    return letters.message(written, at=at)


def body(kind: str, registration: Registration, at: Any = NOON) -> str:
    return " ".join(mail(kind, registration, at).body.split())


# --- A bank that took it back already --------------------------------------------------------------------------------


def test_whose_bank_took_the_money_back_is_not_promised_it_again() -> None:
    registration = paid_by_card()
    book_dispute(registration.payments.get(), factories.disputed(-PRICE, fee="20.00", at=NOON), at=NOON)

    events.cancel_event(event=registration.event, at=NOON)

    said = body("visit_cancelled", registration)
    assert "€114.95 was taken back already by the bank of whoever paid" in said
    assert "Whatever was paid is paid back in full" not in said
    assert "€114.95 was taken back by the bank of whoever paid. It is settled there" in page(registration)


def test_a_colleague_reads_nothing_of_the_payers_bank() -> None:
    registration = paid_by_card(seats=2)
    book_dispute(registration.payments.get(), factories.disputed(-2 * PRICE, at=NOON), at=NOON)

    events.cancel_event(event=registration.event, at=NOON)

    to_colleague = Letter.objects.filter(kind="visit_cancelled").exclude(recipient=registration.email)
    said = letters.message(to_colleague.get(), at=NOON).body
    assert "bank" not in said and "terugbetaald" not in said


def test_without_a_dispute_everybody_reads_that_it_is_paid_back() -> None:
    registration = paid_by_card()

    events.cancel_event(event=registration.event, at=NOON)

    assert "Whatever was paid is paid back in full." in body("visit_cancelled", registration)


# --- Where the money is ----------------------------------------------------------------------------------------------


def test_what_a_person_decides_about_is_said_to_be_in_hand_and_not_on_its_way() -> None:
    factories.seller(refunds_of_cancelled="person")
    registration = paid_by_card()

    events.cancel_event(event=registration.event, at=NOON)

    said = page(registration)
    assert "€114.95 of what was paid is not for a place. It has not gone back yet: somebody looks into it." in said
    assert "on its way back" not in said


def test_a_refund_that_failed_is_in_hand_again_on_the_buyers_page() -> None:
    registration = paid_by_card()
    events.cancel(registration=registration, at=NOON)
    assert "€114.95 is on its way back to you, the way you paid." in page(registration)

    Refund.objects.update(status=Refund.Status.FAILED)
    Concern.raise_once(Concern.Kind.REFUND_FAILED, "1", payment=registration.payments.get(), at=NOON)

    said = page(registration)
    assert "on its way back" not in said
    assert "It has not gone back yet: somebody looks into it." in said


def test_what_came_by_bank_is_said_to_be_transferred_by_hand() -> None:
    registration = ordered_by_invoice(visit())
    transferred(Invoice.objects.get(), "114.95")

    events.cancel(registration=registration, at=NOON)

    said = page(registration)
    assert "We transfer €114.95 back to the bank account it came from. Somebody does that by hand" in said
    assert "the way you paid" not in said


def test_one_letter_says_all_that_goes_back_with_its_total_and_each_way() -> None:
    registration = ordered_by_invoice(visit(), seats=2)
    invoice = Invoice.objects.get()
    transferred(invoice, "100.00")
    online = Payment.objects.create(
        registration=registration, amount=Decimal("129.90"), pays=invoice, created_at=NOON, payment_intent_id="pi_x"
    )
    factories.receive(online, at=NOON)

    events.cancel(registration=registration, at=NOON)

    assert Refund.objects.count() == 2
    assert Letter.objects.filter(kind="refund").count() == 1
    told = mail("refund", registration)
    assert told.subject.startswith("We pay back €229.90: ")
    said = " ".join(told.body.split())
    assert "We pay back €129.90 the way you paid." in said
    assert "You paid by bank transfer: we transfer €100.00 to the account it came from." in said


def test_what_somebody_gave_back_in_stripes_dashboard_is_told_once(stripe: Any, now: Any, notify: Any) -> None:
    event = factories.event(price="95.00", starts_at=now + timedelta(days=40))
    registration = events.register(event=event, order=factories.order(language="en"), at=now)
    payment = actions.start_checkout(registration=registration, at=now)
    stripe.pay(payment.session_id)
    actions.sync_checkout(payment.session_id, at=now)
    payment.refresh_from_db()

    stripe.refund_in_dashboard(payment.payment_intent_id, 2000)
    for _time in range(2):
        notify("refund.created")
        notify("refund.updated")

    assert Letter.objects.filter(kind="refund").count() == 1
    said = body("refund", registration, now)
    assert "The organiser decided to pay this back." in said and "We pay back €20.00" in said


# --- What cancelling a visit will do, said before --------------------------------------------------------------------


def foreseen(event: Event) -> Any:
    event = Event.objects.get(pk=event.pk)
    event.status = Event.Status.CANCELLED
    return events.foresee(event=event, changed=["status"], at=NOON)


def test_a_disputed_payment_is_not_counted_as_paid_back() -> None:
    event = factories.event(price="95.00", starts_at=NOON + timedelta(days=60), capacity=100)
    paid_by_card(event)
    disputed = paid_by_card(event)
    book_dispute(disputed.payments.get(), factories.disputed(-PRICE, at=NOON), at=NOON)

    assert (foreseen(event).paid_back, foreseen(event).left_to_decide) == (PRICE, Decimal("0.00"))


def test_where_a_person_confirms_nothing_is_said_to_be_paid_back_by_itself() -> None:
    factories.seller(refunds_of_cancelled="person")
    event = factories.event(price="95.00", starts_at=NOON + timedelta(days=60), capacity=100)
    paid_by_card(event)

    assert (foreseen(event).paid_back, foreseen(event).left_to_decide) == (Decimal("0.00"), PRICE)


# --- An open invoice that is paid online -----------------------------------------------------------------------------


def paid_online(stripe: Any, at: Any) -> tuple[Registration, Invoice]:
    registration = ordered_by_invoice(visit(at), at=at)
    invoice = Invoice.objects.get()
    payment = actions.start_checkout(registration=registration, invoice=invoice, at=at)
    stripe.pay(payment.session_id)
    for _time in range(2):
        actions.sync_checkout(payment.session_id, at=at)
    return registration, invoice


def test_whoever_reads_the_invoices_hears_of_an_online_payment_once(stripe: Any, now: Any) -> None:
    _registration, invoice = paid_online(stripe, now)

    told = Letter.objects.get(kind="payment_received")
    assert told.recipient == "facturen@example.org"
    said = letters.message(told, at=now)
    assert invoice.number in said.subject and "114,95" in said.body and "Er staat niets meer open" in said.body


def test_a_paid_invoice_keeps_its_amount_number_and_file_on_the_billing_page(
    client: Client, stripe: Any, now: Any
) -> None:
    registration, invoice = paid_online(stripe, now)
    token = billing_token(registration)

    with translation.override("en"):
        said = client.get(reverse("payments:billing", args=[token])).content.decode()
        address = reverse("payments:billed_pdf", args=[token, invoice.number])
    file = client.get(address)

    assert invoice.number in said and "€114.95" in said and "nothing open" in said and address in said
    assert (file["Content-Type"], file.content[:5]) == ("application/pdf", b"%PDF-")


def test_the_billing_link_gives_nobody_elses_documents(client: Client) -> None:
    mine = ordered_by_invoice(visit())
    theirs = ordered_by_invoice(visit())
    their_number = Invoice.objects.get(registration=theirs).number

    for name in ("billed_pdf", "billed_xml"):
        assert client.get(reverse(f"payments:{name}", args=[billing_token(mine), their_number])).status_code == 404
        assert client.get(reverse(f"payments:{name}", args=[mine.manage_token, their_number])).status_code == 404


# --- A number that comes when all is paid ----------------------------------------------------------------------------


def test_the_page_says_beforehand_that_a_paid_invoice_is_replaced_and_the_papers_promise_no_money(
    client: Client,
) -> None:
    registration = ordered_by_invoice(visit(), billing=replace(TOWN, purchase_order="", po_follows=True))
    duties.issue_documents(at=NOON + timedelta(days=8))
    invoice = Invoice.objects.get()
    transferred(invoice, "114.95", NOON + timedelta(days=9))
    with translation.override("en"):
        said = client.get(reverse("payments:billing", args=[billing_token(registration)])).content.decode()
    assert "We credit the invoice that is out and send a new one with the number." in said

    actions.add_purchase_order(registration=registration, number="BB-7", at=NOON + timedelta(days=10))

    note, new = Invoice.objects.order_by("pk")[1:]
    with translation.override("en"):
        assert terms(note) == (
            "Nothing is paid back: a new invoice takes its place, and what was paid counts for that one."
        )
        assert terms(new) == "Paid already. Nothing is due any more."
    assert "Nothing is paid back" in note.ubl or "Er wordt niets terugbetaald" in note.ubl


# --- A lower price on an invoice that is open ------------------------------------------------------------------------


def test_a_lower_price_of_an_open_invoice_says_what_is_still_to_be_paid_and_by_when() -> None:
    registration = ordered_by_invoice(visit())
    seat = registration.attendees.get()

    events.lower_prices(
        registration=registration, amounts={seat.pk: Decimal("60.50")}, at=NOON, by=None, why="Afgesproken."
    )

    said = body("price_lowered", registration)
    assert "Your invoice is credited in part. Still to be paid: €60.50, by 11 February 2027." in said
    assert "is paid back" not in said

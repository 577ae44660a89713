"""What seats owe is invoiced, once, and credited in part or whole, never more than the invoice says."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import gettext

from events import letters
from events.models import Attendee, Registration, TicketType
from payments import duties
from payments.actions import issue_credit_note, issue_invoice
from payments.models import (
    DocumentKind,
    Invoice,
    NumberSeries,
)
from payments.refusals import NotAnInvoice, NothingToCredit, NothingToInvoice, SellerIncomplete, TooMuchCredited
from tests import factories
from tests.conftest import NOON
from tests.payments.documents_support import registration, seats_of, vat_rules
from tests.payments.invoices_support import LATER, euros, figures_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def seller(db: Any) -> Any:
    vat_rules()
    return factories.seller()


# --- The deed -------------------------------------------------------------------------------------------------------


def test_an_invoice_has_a_line_for_each_seat_with_a_price_and_copies_everybody() -> None:
    one = registration(seats=2)
    free = TicketType.objects.create(event=one.event, name_nl="Gratis", name_en="Free", scheme=factories.scheme())
    Attendee.objects.create(
        registration=one,
        event=one.event,
        first_name="Vrij",
        last_name="Kaart",
        email="vrij@example.org",
        ticket_type=free,
        price_excl_vat=0,
        vat_rate=Decimal("21.00"),
        price_incl_vat=0,
    )
    factories.billing(one)

    invoice = issue_invoice(registration=one, at=NOON)

    assert [(line.description, line.net, line.gross) for line in invoice.lines.all()] == [
        ("Kostprijs: An Peeters", Decimal("95.00"), Decimal("114.95")),
        ("Kostprijs: Bo Nr1", Decimal("95.00"), Decimal("114.95")),
    ]
    assert figures_of(invoice) == euros("190.00", "39.90", "0.00", "229.90", "0.00")
    assert (invoice.buyer_name, invoice.buyer_email, invoice.purchase_order) == (
        "Gemeente Proef, dienst aankoop",
        "facturen@example.org",
        "BB-2027-0042",
    )
    assert (invoice.seller_name, invoice.seller_vat_number) == ("Best Practice Tour vzw", "BE0123456749")
    assert (invoice.issued_on, invoice.due_on, invoice.delivered_on) == (
        date(2027, 1, 12),
        date(2027, 2, 11),
        date(2027, 1, 22),
    )


def test_without_billing_details_the_registration_itself_is_billed() -> None:
    one = registration()
    Registration.objects.filter(pk=one.pk).update(vat_number="BE0198765470", purchase_order="PO 7")

    invoice = issue_invoice(registration=one, at=NOON)

    assert (invoice.buyer_name, invoice.buyer_contact) == ("Gemeente Proef", "An Peeters")
    assert (invoice.buyer_vat_number, invoice.purchase_order) == ("BE0198765470", "PO 7")
    assert sorted(invoice.dispatches.values_list("channel", "state")) == [("mail", "to_send"), ("peppol", "to_send")]


def test_free_seats_are_not_invoiced_and_take_no_number() -> None:
    free = registration(price="0.00")

    with pytest.raises(NothingToInvoice):
        issue_invoice(registration=free, at=NOON)

    assert (Invoice.objects.count(), NumberSeries.objects.count()) == (0, 0)


def test_a_seller_without_particulars_issues_nothing_and_hears_what_is_missing() -> None:
    factories.seller(vat_number="", iban="")

    with pytest.raises(SellerIncomplete, match="IBAN"):
        issue_invoice(registration=registration(), at=NOON)

    assert NumberSeries.objects.count() == 0


def test_what_is_on_an_invoice_is_not_invoiced_again_but_what_was_added_is() -> None:
    one = registration(seats=2)
    first, second = seats_of(one)
    Attendee.objects.filter(pk=second.pk).update(released_at=NOON)
    issue_invoice(registration=one, at=NOON)
    with pytest.raises(NothingToInvoice):
        issue_invoice(registration=one, at=NOON, cause="again")
    Attendee.objects.filter(pk=second.pk).update(released_at=None)

    added = issue_invoice(registration=one, at=NOON, cause="one more")

    assert [line.attendee_id for line in added.lines.all()] == [second.pk]
    assert first.pk != second.pk


def test_the_invoice_is_mailed_to_the_address_for_invoices_with_its_paper(
    mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    one = registration(language="en")
    factories.billing(one)

    with django_capture_on_commit_callbacks(execute=True):
        invoice = issue_invoice(registration=one, at=NOON)

    mail = next(mail for mail in mailoutbox if mail.to == ["facturen@example.org"])
    assert mail.subject.startswith("Invoice F2027-0001: ")
    assert "€114.95 by 11 February 2027 with the structured communication +++127/0000/00150+++" in mail.body
    assert [(name, kind) for name, _content, kind in mail.attachments] == [("F2027-0001.pdf", "application/pdf")]
    assert mail.attachments[0][1].startswith(b"%PDF-")
    duties.issue_documents(at=NOON)
    assert invoice.dispatches.get(channel="mail").state == "sent"


def test_a_mail_that_cannot_be_made_stays_owed(monkeypatch: Any, django_capture_on_commit_callbacks: Any) -> None:
    def breaks(document: Invoice) -> bytes:
        raise RuntimeError("no font")

    monkeypatch.setattr("payments.slots.pdf", breaks)
    with django_capture_on_commit_callbacks(execute=True):
        invoice = issue_invoice(registration=registration(), at=NOON)

    letter = invoice.registration.letters.get(kind="invoice")
    assert (letter.sent_at, letter.last_error) == (None, "RuntimeError: no font")
    monkeypatch.undo()
    assert letters.send(letter.pk, at=NOON + LATER)


# --- Credit notes ---------------------------------------------------------------------------------------------------


def test_a_whole_credit_note_is_the_invoice_in_every_figure() -> None:
    one = registration(seats=5, price="10.02")
    invoice = issue_invoice(registration=one, at=NOON)

    note = issue_credit_note(invoice=invoice, reason="Geannuleerd.", at=NOON)

    assert figures_of(note) == figures_of(invoice) == euros("50.10", "10.52", "-0.02", "60.60", "0.00")
    assert (note.kind, note.refers_to, note.buyer_name, note.reason) == (
        DocumentKind.CREDIT_NOTE,
        invoice,
        invoice.buyer_name,
        "Geannuleerd.",
    )
    assert note.mentions == gettext("VAT to be paid back to the State in so far as it was deducted.")


def test_parts_are_credited_until_nothing_is_left_and_then_no_more() -> None:
    one = registration(seats=2, price="10.02")
    first, second = seats_of(one)
    invoice = issue_invoice(registration=one, at=NOON)

    issue_credit_note(invoice=invoice, amounts={first.pk: Decimal("5.00")}, reason="Deel.", at=NOON)
    with pytest.raises(TooMuchCredited, match="7,12"):
        issue_credit_note(invoice=invoice, amounts={first.pk: Decimal("7.13")}, reason="Te veel.", at=NOON)
    rest = issue_credit_note(invoice=invoice, reason="Rest.", at=NOON)

    assert [(line.attendee_id, line.gross) for line in rest.lines.all()] == [
        (first.pk, Decimal("7.12")),
        (second.pk, Decimal("12.12")),
    ]
    assert invoice.credited == invoice.gross
    assert sum(note.net for note in invoice.credit_notes.all()) == invoice.net
    assert sum(note.vat + note.rounding for note in invoice.credit_notes.all()) == invoice.vat + invoice.rounding
    with pytest.raises(NothingToCredit):
        issue_credit_note(invoice=invoice, reason="Nog eens.", at=NOON)


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "1.005"])
def test_an_amount_that_is_none_is_refused(amount: str) -> None:
    invoice = issue_invoice(registration=registration(), at=NOON)
    seat = invoice.lines.get().attendee_id

    with pytest.raises(NothingToCredit):
        issue_credit_note(invoice=invoice, amounts={seat: Decimal(amount)}, reason="?", at=NOON)


def test_a_seat_that_is_not_on_the_invoice_and_a_credit_note_are_not_credited() -> None:
    invoice = issue_invoice(registration=registration(), at=NOON)
    other = seats_of(registration())[0]

    with pytest.raises(TooMuchCredited):
        issue_credit_note(invoice=invoice, amounts={other.pk: Decimal("1.00")}, reason="?", at=NOON)
    note = issue_credit_note(invoice=invoice, reason="Fout.", at=NOON)
    with pytest.raises(NotAnInvoice):
        issue_credit_note(invoice=note, reason="?", at=NOON)


def test_the_same_cause_credits_once() -> None:
    invoice = issue_invoice(registration=registration(), at=NOON)
    seat = invoice.lines.get().attendee_id

    notes = {
        issue_credit_note(
            invoice=invoice, amounts={seat: Decimal("1.00")}, reason="Eén keer.", at=NOON, cause="manual-1-key"
        ).number
        for _time in range(3)
    }

    assert (notes, invoice.credit_notes.count()) == ({"C2027-0001"}, 1)

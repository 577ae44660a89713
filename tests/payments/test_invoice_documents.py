"""The electronic document obeys the rules of EN 16931 and Peppol in every VAT case; the paper says the same."""

import re
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from payments.actions import issue_invoice
from payments.documents import checking, pdf, ubl
from payments.documents.figures import figures
from payments.documents.pdf import _transfer_code
from payments.models import Invoice
from tests import factories
from tests.conftest import NOON
from tests.payments.documents_support import attached, registration, rows, text_of, vat_rules
from tests.payments.vat_cases_support import CASES, documents


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("case", CASES)
def test_invoices_and_credit_notes_break_no_rule(case: str, language: str) -> None:
    made = documents(case, language=language)

    assert {document.number: checking.problems(document.ubl.encode()) for document in made} == {
        "F2027-0001": [],
        "F2027-0002": [],
        "C2027-0001": [],
        "C2027-0002": [],
    }
    assert {row.category for document in made for row in document.vat_lines.all()} == {CASES[case][3]}


@pytest.mark.django_db
def test_the_document_carries_reverse_charge_though_admission_never_is() -> None:
    invoice, _settled, note, _whole = documents("a visit in Belgium, a Dutch company")
    for document in (invoice, note):
        document.vat = document.rounding = Decimal(0)
        document.gross = document.net
        parts = rows(document)
        for line in parts.lines:
            line.vat_category, line.vat_rate = "AE", Decimal("0.00")
        for group in parts.vat:
            group.category, group.rate, group.tax = "AE", Decimal("0.00"), Decimal("0.00")
            group.exemption_code, group.exemption_reason = "VATEX-EU-AE", "Btw verlegd."

        assert checking.problems(ubl(document, parts.lines, parts.vat)) == []
        document.buyer_vat_number = document.buyer_enterprise_number = ""
        assert any("[BR-AE-02]" in problem for problem in checking.problems(ubl(document, parts.lines, parts.vat)))


BROKEN = {
    "a wrong check digit of the seller": (r"0123456749", "0123456740", "PEPPOL-COMMON-R043|enterprise|0208"),
    "a total that does not add up": (r"(TaxInclusiveAmount[^>]*>)[\d.]+", r"\g<1>99.99", "BR-CO-15"),
    "an amount to pay that is not the total": (r"(PayableAmount[^>]*>)[\d.]+", r"\g<1>1.00", "BR-CO-16"),
    "lines that do not add up": (r"(Total>\s*<cbc:LineExtensionAmount[^>]*>)[\d.]+", r"\g<1>1.00", "BR-CO-10"),
    "no reference of the buyer": (r"<cbc:BuyerReference>.*?</cbc:BuyerReference>", "", "buyer reference"),
    "no VAT number of the seller": (r"<cac:PartyTaxScheme>.*?</cac:PartyTaxScheme>", "", "BR-S-02|BR-CO-26|Seller"),
    "a line price that is not the line": (r"(PriceAmount[^>]*>)[\d.]+", r"\g<1>1.00", "Invoice line net amount"),
    "an unknown currency": (r"EUR", "EUX", "BR-CL-0|currency"),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_document_is_caught(fault: str) -> None:
    pattern, instead, expected = BROKEN[fault]
    vat_rules()
    factories.seller()
    one = registration(seats=2)
    factories.billing(one, purchase_order="", po_follows=True)
    whole = issue_invoice(registration=one, at=NOON).ubl
    broken = re.sub(pattern, instead, whole, flags=re.DOTALL)

    problems = checking.problems(broken.encode())

    assert (checking.problems(whole.encode()), broken != whole) == ([], True)
    assert any(re.search(expected, problem, re.IGNORECASE) for problem in problems), problems


@pytest.mark.django_db
def test_no_vat_without_a_reason_is_caught() -> None:
    invoice = documents("an exempt organiser (article 44)")[0]
    parts = rows(invoice)
    parts.vat[0].exemption_reason = parts.vat[0].exemption_code = ""

    assert any("[BR-E-10]" in problem for problem in checking.problems(ubl(invoice, parts.lines, parts.vat)))


# --- Figures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seats", "net", "gross", "expected"),
    [
        (3, "33.33", "40.33", ("99.99", "21.00", "0.00", "120.99")),
        (5, "10.02", "12.12", ("50.10", "10.52", "-0.02", "60.60")),
        (10, "0.02", "0.02", ("0.20", "0.04", "-0.04", "0.20")),
        (1, "95.00", "114.95", ("95.00", "19.95", "0.00", "114.95")),
        (10, "99.98", "120.98", ("999.80", "209.96", "0.04", "1209.80")),
    ],
)
def test_vat_is_rounded_once_and_the_total_is_what_was_ordered(
    seats: int, net: str, gross: str, expected: tuple[str, ...]
) -> None:
    line = SimpleNamespace(net=Decimal(net), gross=Decimal(gross), vat_category="S", vat_rate=Decimal(21))

    sums = figures([line] * seats)

    assert (sums.net, sums.vat, sums.rounding, sums.gross) == tuple(Decimal(figure) for figure in expected)


_prices = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("999.99"), places=2)
_rates = st.sampled_from([Decimal(rate) for rate in ("6.00", "9.00", "12.00", "21.00", "0.00")])


@given(st.lists(st.tuples(_prices, _rates), min_size=1, max_size=10))
def test_whatever_is_ordered_adds_up_and_rounding_stays_small(
    order: list[tuple[Decimal, Decimal]],
) -> None:
    lines = [
        SimpleNamespace(
            net=net, gross=(net * (100 + rate) / 100).quantize(Decimal("0.01")), vat_category="S", vat_rate=rate
        )
        for net, rate in order
    ]

    sums = figures(lines)

    assert sums.net + sums.vat + sums.rounding == sums.gross == sum(line.gross for line in lines)
    assert all(abs(group.tax - group.taxable * group.rate / 100) <= Decimal("0.005") for group in sums.groups)
    assert abs(sums.rounding) <= Decimal("0.005") * (len(lines) + len(sums.groups))


# --- What the XML says ----------------------------------------------------------------------------------------------


def xml_of(document: Invoice) -> Any:
    root = etree.fromstring(document.ubl.encode())
    spaces = {name: uri for name, uri in root.nsmap.items() if name}
    return lambda path: [
        node.text if isinstance(node, etree._Element) else str(node)
        for node in root.xpath(re.sub(r"(?<=/)(?=[A-Z])", "", path), namespaces=spaces)
    ]


@pytest.mark.django_db
def test_the_electronic_invoice_names_parties_order_reference_and_account() -> None:
    invoice = documents("a visit in Belgium, a public body")[0]
    ask = xml_of(invoice)

    assert ask("cbc:InvoiceTypeCode") == ["380"]
    assert ask("cac:OrderReference/cbc:ID") == ["BB-2027-0042"]
    assert ask("cbc:BuyerReference") == [invoice.registration.reference]
    assert ask("//cbc:EndpointID/@schemeID") == ["0208", "0208"]
    assert ask("//cbc:EndpointID") == ["0123456749", "0198765470"]
    assert ask("//cac:PayeeFinancialAccount/cbc:ID") == ["BE17999123456721"]
    assert ask("cac:PaymentMeans/cbc:PaymentID") == ["+++127/0000/00150+++"]
    assert ask("cac:Delivery/cbc:ActualDeliveryDate") == ["2027-01-22"]
    assert ask("//cbc:AllowanceCharge") == []


@pytest.mark.django_db
def test_elements_stand_in_the_order_of_the_schema() -> None:
    invoice, _settled, note, _whole = documents("a visit in Belgium, a public body", seats=1)
    start = ["CustomizationID", "ProfileID", "ID", "IssueDate"]
    end = ["AccountingSupplierParty", "AccountingCustomerParty", "Delivery"]

    def names(document: Invoice) -> list[str]:
        return [etree.QName(node).localname for node in etree.fromstring(document.ubl.encode())]

    assert names(invoice) == [
        *start,
        *("DueDate", "InvoiceTypeCode", "DocumentCurrencyCode", "BuyerReference", "OrderReference"),
        *end,
        *("PaymentMeans", "PaymentTerms", "TaxTotal", "LegalMonetaryTotal", "InvoiceLine"),
    ]
    assert names(note) == [
        *start,
        *("CreditNoteTypeCode", "Note", "DocumentCurrencyCode", "BuyerReference", "OrderReference", "BillingReference"),
        *end,
        *("PaymentTerms", "TaxTotal", "LegalMonetaryTotal", "CreditNoteLine"),
    ]


@pytest.mark.django_db
def test_a_paid_invoice_asks_for_nothing_and_a_credit_note_names_its_invoice() -> None:
    _open, settled, part, whole = documents("a visit in Belgium, a public body", seats=5)
    ask, of_part, of_whole = xml_of(settled), xml_of(part), xml_of(whole)

    assert ask("//cbc:PrepaidAmount") + ask("//cbc:PayableRoundingAmount") + ask("//cbc:PayableAmount") == [
        "60.60",
        "-0.02",
        "0.00",
    ]
    assert of_part("cbc:CreditNoteTypeCode") == ["381"]
    assert of_part("//cac:InvoiceDocumentReference/cbc:ID") == ["F2027-0001"]
    assert of_part("//cac:InvoiceDocumentReference/cbc:IssueDate") == ["2027-01-12"]
    assert of_part("//cac:LegalMonetaryTotal/cbc:PayableAmount") == ["7.77"]
    assert of_whole("//cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount") == ["50.10"]
    assert "Btw terug te storten" in part.mentions or "VAT to be paid back" in part.mentions


@pytest.mark.django_db
def test_whoever_has_no_number_is_not_sent_over_peppol() -> None:
    invoice = documents("a visit in Belgium, a private person")[0]

    assert list(invoice.dispatches.values_list("channel", flat=True)) == ["mail"]
    assert xml_of(invoice)("//cac:AccountingCustomerParty//cbc:EndpointID") == [invoice.registration.reference]


# --- The paper ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_paper_carries_the_electronic_document_unchanged(language: str) -> None:
    for document in documents("a visit in Belgium, a public body", language=language):
        document.refresh_from_db()
        made = pdf(document)

        assert attached(made) == {"document.xml": document.ubl.encode()}
        assert b"pdfaid:part" in made
        assert re.search(rb"pdfaid:part>3<", made)
        assert re.search(rb"pdfuaid:part>1<", made)
        assert f"/Lang ({language})".encode() in made or f"/Lang({language})".encode() in made
        assert made == pdf(document)


@pytest.mark.django_db
def test_an_open_invoice_says_what_to_pay_how_and_by_when() -> None:
    invoice = documents("a visit in Belgium, a public body", language="en")[0]
    invoice.refresh_from_db()

    said = " ".join(text_of(pdf(invoice)).replace("\u00a0", " ").split())

    for words in (
        "F2027-0001",
        "12 January 2027",
        "11 February 2027",
        "BE 0123.456.749",
        "Gemeente Proef, dienst aankoop",
        "Markt 1",
        "BB-2027-0042",
        "BE17 9991 2345 6721",
        "+++127/0000/00150+++",
        "Cost price: An Peeters",
        "22 January 2027",
        "€36.36",
    ):
        assert words in said


@pytest.mark.django_db
def test_a_paid_invoice_says_so_and_shows_no_code_to_pay_with() -> None:
    settled = documents("a visit in Belgium, a public body", language="en")[1]
    settled.refresh_from_db()

    said = text_of(pdf(settled))

    assert "Paid" in said
    assert "IBAN" not in said
    assert _transfer_code(settled, settled.due) is None


@pytest.mark.django_db
def test_the_paper_of_an_exempt_visit_says_why_in_the_buyers_language() -> None:
    dutch = documents("an exempt organiser (article 44)")[0]
    dutch.refresh_from_db()

    assert "artikel 44 van het Btw-Wetboek" in " ".join(text_of(pdf(dutch)).split())


@pytest.mark.django_db
def test_a_long_name_and_forty_lines_of_title_still_make_a_page() -> None:
    vat_rules()
    factories.seller(legal_name='Vereniging voor #strong[circulair] "aankopen" & $kosten$ \\ Łódź')
    one = registration(seats=10, name="Bezoek " + "heel lang woord " * 8, price="1234.56")
    invoice = issue_invoice(registration=one, at=NOON)
    invoice.refresh_from_db()

    assert "#strong[circulair]" in text_of(pdf(invoice))

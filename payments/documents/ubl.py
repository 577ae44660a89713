"""The electronic document: UBL 2.1 as Peppol BIS Billing 3.0 wants it, for invoice (380) and credit note (381).

Every figure is copied from the document; nothing is computed here but what is still to be paid. The order of elements
is the schema's (OASIS UBL 2.1). Checked by the tests against the EN 16931 and Peppol rules.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import override
from lxml import etree

from payments.documents.parties import BELGIAN, endpoint, is_belgian_number
from payments.models import Invoice, InvoiceLine, InvoiceVat

CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
INVOICE, CREDIT_NOTE = "380", "381"
#: UNCL4461: credit transfer; online payment service.
TRANSFER, ONLINE = "30", "68"
#: UN/ECE recommendation 20: one.
ONE = "C62"

_CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"


class _Node:
    """An element that takes children in the order they are told."""

    def __init__(self, element: etree._Element) -> None:
        self.element = element

    def value(self, name: str, text: object, **attributes: str) -> None:
        """A basic element; left out when there is nothing to say."""
        if text in (None, ""):
            return
        written = text.isoformat() if isinstance(text, date) else str(text)
        etree.SubElement(self.element, f"{{{_CBC}}}{name}", dict(attributes)).text = written

    def amount(self, name: str, amount: Decimal, currency: str) -> None:
        self.value(name, f"{amount:.2f}", currencyID=currency)

    def child(self, name: str) -> "_Node":
        return _Node(etree.SubElement(self.element, f"{{{_CAC}}}{name}"))


def ubl(document: Invoice, lines: Sequence[InvoiceLine], vat_lines: Sequence[InvoiceVat]) -> bytes:
    """The document as XML in UTF-8. The rows need not be saved yet: it is made before they are, and kept with them.

    Texts are in the document's language.
    """
    with override(document.language):
        return _ubl(document, lines, vat_lines)


def _ubl(document: Invoice, lines: Sequence[InvoiceLine], vat_lines: Sequence[InvoiceVat]) -> bytes:
    kind = "CreditNote" if document.is_credit_note else "Invoice"
    namespace = f"urn:oasis:names:specification:ubl:schema:xsd:{kind}-2"
    namespaces: dict[str | None, str] = {None: namespace, "cac": _CAC, "cbc": _CBC}
    root = _Node(etree.Element(f"{{{namespace}}}{kind}", nsmap=namespaces))
    root.value("CustomizationID", CUSTOMIZATION)
    root.value("ProfileID", PROFILE)
    root.value("ID", document.number)
    root.value("IssueDate", document.issued_on)
    if not document.is_credit_note:
        root.value("DueDate", document.due_on)
    root.value(f"{kind}TypeCode", CREDIT_NOTE if document.is_credit_note else INVOICE)
    root.value("Note", " ".join(part for part in (document.reason, *document.mentions.splitlines()) if part))
    root.value("DocumentCurrencyCode", document.currency)
    root.value("BuyerReference", document.buyer_reference)
    if document.purchase_order:
        root.child("OrderReference").value("ID", document.purchase_order)
    if document.refers_to is not None:
        invoice = root.child("BillingReference").child("InvoiceDocumentReference")
        invoice.value("ID", document.refers_to.number)
        invoice.value("IssueDate", document.refers_to.issued_on)
    _seller(root.child("AccountingSupplierParty").child("Party"), document)
    _buyer(root.child("AccountingCustomerParty").child("Party"), document)
    root.child("Delivery").value("ActualDeliveryDate", document.delivered_on)
    _payment(root, document)
    _tax(root.child("TaxTotal"), document, vat_lines)
    _totals(root.child("LegalMonetaryTotal"), document)
    for line in lines:
        _line(root.child(f"{kind}Line"), line, document)
    return bytes(etree.tostring(root.element, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _seller(party: _Node, document: Invoice) -> None:
    address = endpoint(
        peppol_id=document.seller_peppol_id,
        country=document.seller_country,
        enterprise_number=document.seller_enterprise_number,
        vat_number=document.seller_vat_number,
        reference=document.seller_enterprise_number,
    )
    party.value("EndpointID", address.value, schemeID=address.scheme)
    party.child("PartyName").value("Name", document.seller_name)
    _address(
        party.child("PostalAddress"),
        document.seller_street,
        document.seller_postal_code,
        document.seller_city,
        document.seller_country,
    )
    if document.seller_vat_number:
        _tax_scheme(party, document.seller_vat_number)
    else:
        # BR-E-02: without a VAT number the seller is named by its registration with the tax office.
        _tax_scheme(party, document.seller_enterprise_number, scheme="TAX")
    _legal(party, document.seller_name, document.seller_enterprise_number, document.seller_country)
    if document.seller_email:
        party.child("Contact").value("ElectronicMail", document.seller_email)


def _buyer(party: _Node, document: Invoice) -> None:
    address = endpoint(
        peppol_id=document.buyer_peppol_id,
        country=document.buyer_country,
        enterprise_number=document.buyer_enterprise_number,
        vat_number=document.buyer_vat_number,
        reference=document.buyer_reference,
    )
    party.value("EndpointID", address.value, schemeID=address.scheme)
    party.child("PartyName").value("Name", document.buyer_name)
    _address(
        party.child("PostalAddress"),
        document.buyer_street,
        document.buyer_postal_code,
        document.buyer_city,
        document.buyer_country,
    )
    if document.buyer_vat_number:
        _tax_scheme(party, document.buyer_vat_number)
    _legal(party, document.buyer_name, document.buyer_enterprise_number, document.buyer_country)
    contact = party.child("Contact")
    contact.value("Name", document.buyer_contact)
    contact.value("ElectronicMail", document.buyer_email)


def _address(node: _Node, street: str, postal_code: str, city: str, country: str) -> None:
    node.value("StreetName", street)
    node.value("CityName", city)
    node.value("PostalZone", postal_code)
    node.child("Country").value("IdentificationCode", country)


def _tax_scheme(party: _Node, number: str, scheme: str = "VAT") -> None:
    node = party.child("PartyTaxScheme")
    node.value("CompanyID", number)
    node.child("TaxScheme").value("ID", scheme)


def _legal(party: _Node, name: str, number: str, country: str) -> None:
    legal = party.child("PartyLegalEntity")
    legal.value("RegistrationName", name)
    if country == "BE" and is_belgian_number(number):
        legal.value("CompanyID", number, schemeID=BELGIAN)
    else:
        legal.value("CompanyID", number)


def _payment(root: _Node, document: Invoice) -> None:
    if not document.is_credit_note:
        means = root.child("PaymentMeans")
        means.value("PaymentMeansCode", TRANSFER if document.due else ONLINE)
        means.value("PaymentID", document.payment_reference_text)
        if document.due:
            account = means.child("PayeeFinancialAccount")
            account.value("ID", document.seller_iban)
            account.value("Name", document.seller_name)
            if document.seller_bic:
                account.child("FinancialInstitutionBranch").value("ID", document.seller_bic)
    root.child("PaymentTerms").value("Note", terms(document))


def terms(document: Invoice) -> str:
    """In one sentence how it is, or was, paid."""
    if document.is_credit_note:
        if document.is_replaced:
            return _("Nothing is paid back: a new invoice takes its place, and what was paid counts for that one.")
        return (
            _("Paid back the way it was paid.") if not document.due else _("Paid back, or set off against what is due.")
        )
    if not document.due:
        if document.payment_id is None:
            return _("Paid already. Nothing is due any more.")
        return _("Paid online. Nothing is due any more.")
    return _("To be paid by %(day)s.") % {"day": f"{document.due_on:%d/%m/%Y}"}


def _tax(total: _Node, document: Invoice, vat_lines: Sequence[InvoiceVat]) -> None:
    total.amount("TaxAmount", document.vat, document.currency)
    for group in vat_lines:
        subtotal = total.child("TaxSubtotal")
        subtotal.amount("TaxableAmount", group.taxable, document.currency)
        subtotal.amount("TaxAmount", group.tax, document.currency)
        category = subtotal.child("TaxCategory")
        category.value("ID", group.category)
        category.value("Percent", f"{group.rate:.2f}")
        category.value("TaxExemptionReasonCode", group.exemption_code)
        category.value("TaxExemptionReason", group.exemption_reason)
        category.child("TaxScheme").value("ID", "VAT")


def _totals(total: _Node, document: Invoice) -> None:
    currency = document.currency
    total.amount("LineExtensionAmount", document.net, currency)
    total.amount("TaxExclusiveAmount", document.net, currency)
    total.amount("TaxInclusiveAmount", document.net + document.vat, currency)
    if document.prepaid:
        total.amount("PrepaidAmount", document.prepaid, currency)
    if document.rounding:
        total.amount("PayableRoundingAmount", document.rounding, currency)
    total.amount("PayableAmount", document.due, currency)


def _line(node: _Node, line: InvoiceLine, document: Invoice) -> None:
    node.value("ID", line.position)
    quantity = "CreditedQuantity" if document.is_credit_note else "InvoicedQuantity"
    node.value(quantity, line.quantity, unitCode=ONE)
    node.amount("LineExtensionAmount", line.net, document.currency)
    item = node.child("Item")
    item.value("Description", f"{document.event_title}, {document.delivered_on:%d/%m/%Y}")
    item.value("Name", line.description)
    category = item.child("ClassifiedTaxCategory")
    category.value("ID", line.vat_category)
    category.value("Percent", f"{line.vat_rate:.2f}")
    category.child("TaxScheme").value("ID", "VAT")
    node.child("Price").amount("PriceAmount", line.unit_price, document.currency)

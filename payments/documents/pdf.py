"""The document on paper, in the buyer's language, with the electronic one inside.

The UBL is attached as an associated file with the relationship "alternative": the same document in another form, as
Factur-X does it. The same document always gives the same bytes (see cms.paper).
"""

import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import segno.helpers
from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from cms import paper
from cms.countries import COUNTRIES
from cms.templatetags.cms_tags import money, number
from payments.documents.ubl import terms
from payments.models import Invoice, InvoiceLine, VatStatus

TEMPLATE = Path(__file__).with_name("invoice.typ")
#: The European Payments Council's guideline for QR codes allows amounts up to this.
MOST_BY_QR = 999_999_999


def pdf(document: Invoice) -> bytes:
    """One PDF of an issued document. Takes about 30 ms and 3 queries; nothing is written."""
    with override(document.language):
        files = {
            "paper.json": paper.as_json(_paper(document)),
            "document.xml": document.ubl.encode(),
        }
        if code := _transfer_code(document, document.due):
            files["transfer.svg"] = code
        return paper.pdf(TEMPLATE, files)


def file_name(document: Invoice, extension: str) -> str:
    """ "F2027-0001.pdf"."""
    return f"{document.number}.{extension}"


def transfer_code(document: Any) -> SafeString:
    """For a web page: what is still open of an invoice of payments.open_items.open_invoices, as an SVG picture."""
    code = _transfer_code(document, document.open_amount, border=2, omitsize=True)
    return mark_safe(code.decode().partition("?>")[2].strip() if code else "")  # noqa: S308  (drawn by segno)


def _transfer_code(document: Invoice, due: Decimal, **drawn: Any) -> bytes | None:
    """What a banking app reads to fill in a transfer of `due` (EPC069-12), None when nothing is due.

    A Belgian structured communication is no ISO 11649 reference, so it stands in the unstructured text.
    """
    if document.is_credit_note or due <= 0 or due > MOST_BY_QR:
        return None
    code = segno.helpers.make_epc_qr(
        name=document.seller_name[:70],
        iban=document.seller_iban,
        amount=due,
        text=document.payment_reference_text,
        bic=document.seller_bic or None,
    )
    written = io.BytesIO()
    code.save(written, kind="svg", dark="#16211B", **(drawn or {"border": 0, "unit": ""}))
    return written.getvalue()


def _paper(document: Invoice) -> dict[str, Any]:
    """Everything that stands on the paper, in words: the template only places it."""
    lines = list(document.lines.order_by("position"))
    kind = _("Credit note") if document.is_credit_note else _("Invoice")
    return {
        **paper.framed(
            title=f"{kind} {document.number}",
            author=document.seller_name,
            foot=document.number,
            on=document.issued_on,
        ),
        "kind": kind,
        "seller": _seller(document),
        "buyer_label": _("To"),
        "buyer": _buyer(document),
        "facts": [{"name": name, "value": value} for name, value in _facts(document) if value],
        "visit": document.event_title,
        "visit_day": _day(document.delivered_on),
        "reason": document.reason,
        "columns": [_("Description"), _("Quantity"), _("Price excl. VAT"), _("VAT"), _("Amount excl. VAT")],
        "lines": [_line(line, document) for line in lines],
        "totals": _totals(document),
        "vat_label": _("VAT by rate"),
        "vat_columns": [_("Rate"), _("Taxable"), _("VAT")],
        "vat_lines": [
            [f"{number(group.rate)} %", money(group.taxable, document.currency), money(group.tax, document.currency)]
            for group in document.vat_lines.order_by("-rate", "category")
        ],
        "mentions": _mentions(document),
        "paid": _("Paid") if not document.due and not document.is_credit_note else "",
        "payment": _payment(document),
        "code_alt": _("QR code that fills in this transfer in a banking app."),
        "code_label": _("Scan with your banking app"),
        "attached": _("The electronic invoice (UBL) is attached to this file."),
    }


def _amount(amount: Decimal, currency: str) -> str:
    """Money with its minus, a true one, in front of the sign."""
    return f"−{money(-amount, currency)}" if amount < 0 else money(amount, currency)


def _as_written(number: str) -> str:
    """ "BE0123456749" -> "BE 0123.456.749", as Belgians write it; any other as it is."""
    match = re.fullmatch(r"(BE)?(\d{4})(\d{3})(\d{3})", number)
    return f"{match[1] or ''} {match[2]}.{match[3]}.{match[4]}".strip() if match else number


def _day(day: date) -> str:
    """ "14 januari 2027"."""
    return date_format(day, "j F Y")


def _seller(document: Invoice) -> dict[str, Any]:
    enterprise = _("Enterprise number: %(number)s") % {"number": _as_written(document.seller_enterprise_number)}
    numbers = [enterprise]
    if document.seller_vat_number:
        numbers = [_("VAT number: %(number)s") % {"number": _as_written(document.seller_vat_number)}]
        if document.seller_vat_status != VatStatus.LIABLE or document.seller_vat_number[2:] != (
            document.seller_enterprise_number
        ):
            numbers.insert(
                0, _("Enterprise number: %(number)s") % {"number": _as_written(document.seller_enterprise_number)}
            )
    return {
        "name": document.seller_name,
        "lines": [
            document.seller_street,
            f"{document.seller_postal_code} {document.seller_city}",
            _country(document.seller_country),
        ],
        "numbers": [*numbers, *([document.seller_email] if document.seller_email else [])],
    }


def _buyer(document: Invoice) -> dict[str, Any]:
    lines = [document.buyer_contact] if document.buyer_contact != document.buyer_name else []
    lines += [document.buyer_street, f"{document.buyer_postal_code} {document.buyer_city}".strip()]
    lines.append(_country(document.buyer_country))
    numbers = []
    if document.buyer_vat_number:
        numbers.append(_("VAT number: %(number)s") % {"number": _as_written(document.buyer_vat_number)})
    elif document.buyer_enterprise_number:
        numbers.append(_("Enterprise number: %(number)s") % {"number": _as_written(document.buyer_enterprise_number)})
    return {"name": document.buyer_name, "lines": [line for line in lines if line], "numbers": numbers}


def _country(code: str) -> str:
    return str(dict(COUNTRIES).get(code, code))


def _facts(document: Invoice) -> list[tuple[str, str]]:
    label = _("Credit note number") if document.is_credit_note else _("Invoice number")
    facts = [(label, document.number), (_("Date"), _day(document.issued_on))]
    if document.refers_to is not None:
        facts.append((
            _("Credits invoice"),
            f"{document.refers_to.number} ({document.refers_to.issued_on:%d/%m/%Y})",
        ))  # fmt: skip
    elif document.due:
        facts.append((_("Due"), _day(document.due_on)))
    return [
        *facts,
        (_("Your purchase order"), document.purchase_order),
        (_("Our reference"), document.buyer_reference),
    ]


def _line(line: InvoiceLine, document: Invoice) -> list[str]:
    return [
        line.description,
        number_format(line.quantity, use_l10n=True),
        money(line.unit_price, document.currency),
        f"{number(line.vat_rate)} %",
        money(line.net, document.currency),
    ]


def _totals(document: Invoice) -> list[dict[str, Any]]:
    def total(name: str, amount: Any, *, strong: bool = False) -> dict[str, Any]:
        return {"name": name, "amount": _amount(amount, document.currency), "strong": strong}

    rows = [total(_("Total excl. VAT"), document.net), total(_("VAT"), document.vat)]
    if document.rounding:
        rows.append(total(_("Rounding"), document.rounding))
    rows.append(total(_("Total incl. VAT"), document.gross, strong=True))
    if document.is_credit_note:
        if document.prepaid:
            rows.append(total(_("Paid back"), document.prepaid))
        return rows
    if document.prepaid:
        rows += [total(_("Paid"), -document.prepaid), total(_("To be paid"), document.due, strong=True)]
    return rows


def _mentions(document: Invoice) -> list[str]:
    """The sentences the law asks for, and what rounding is about where there is some."""
    mentions = document.mentions.splitlines()
    if document.rounding:
        mentions.append(
            _("VAT is rounded once, on the total. The rounding makes the total what was ordered, to the cent.")
        )
    return mentions


def _payment(document: Invoice) -> dict[str, Any]:
    due = bool(document.due) and not document.is_credit_note
    rows = []
    if due:
        account = " ".join(document.seller_iban[i : i + 4] for i in range(0, len(document.seller_iban), 4))
        rows = [
            {"name": _("Amount"), "value": money(document.due, document.currency)},
            {"name": _("Due"), "value": _day(document.due_on)},
            {"name": _("IBAN"), "value": account},
            *([{"name": _("BIC"), "value": document.seller_bic}] if document.seller_bic else []),
            {"name": _("In the name of"), "value": document.seller_name},
            {"name": _("Structured communication"), "value": document.payment_reference_text},
        ]
    return {"label": _("To pay") if due else "", "rows": rows, "terms": terms(document)}

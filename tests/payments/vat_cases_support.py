"""Documents of every VAT case."""

from decimal import Decimal
from typing import Any

from payments.actions import issue_credit_note, issue_invoice
from payments.models import Invoice
from tests import factories
from tests.conftest import NOON
from tests.payments.documents_support import paid, registration, seats_of, vat_rules

#: payments.md section 4: facts of the event, of the seller, of the buyer, and what the document should say.
CASES: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any], str]] = {
    "a visit in Belgium, a public body": ({}, {}, {}, "S"),
    "a visit in Belgium, a Belgian company": (
        {},
        {},
        {"kind": "business", "vat_number": "BE0198765470", "purchase_order": ""},
        "S",
    ),
    "a visit in Belgium, a Dutch company": (
        {},
        {},
        {"kind": "business", "country": "NL", "vat_number": "NL004495445B01", "enterprise_number": "12345678"},
        "S",
    ),
    "a visit in Belgium, a private person": (
        {},
        {},
        {"kind": "private", "enterprise_number": "", "purchase_order": ""},
        "S",
    ),
    "a visit in the Netherlands": ({"country": "NL", "vat_country": "NL"}, {}, {}, "S"),
    "an exempt organiser (article 44)": (
        {"vat_category": "E", "vat_rate": Decimal("0.00")},
        {"vat_status": "exempt", "vat_number": ""},
        {},
        "E",
    ),
    "an organiser in the small business scheme": (
        {"vat_category": "E", "vat_rate": Decimal("0.00")},
        {"vat_status": "small"},
        {},
        "E",
    ),
    "a visit that says itself why it is exempt": (
        {
            "vat_category": "E",
            "vat_rate": Decimal("0.00"),
            "vat_mention_nl": "Vrijgesteld: opleiding.",
            "vat_mention_en": "Exempt: training.",
        },
        {},
        {},
        "E",
    ),
    "a visit at the zero rate": ({"vat_category": "Z", "vat_rate": Decimal("0.00")}, {}, {}, "Z"),
    "a rate below one": ({"vat_rate": Decimal("0.50")}, {}, {}, "S"),
}


def documents(case: str, *, language: str = "nl", seats: int = 3, price: str = "10.02") -> list[Invoice]:
    """Of one case: an invoice to pay, a paid one, a credit note of a part, and one of a whole."""
    event, seller, buyer, _category = CASES[case]
    vat_rules()
    factories.seller(**seller)
    open_one = registration(price=price, seats=seats, language=language, **event)
    factories.billing(open_one, **buyer)
    to_pay = issue_invoice(registration=open_one, at=NOON)
    paid_one = registration(price=price, seats=seats, language=language, **event)
    factories.billing(paid_one, **buyer)
    settled = issue_invoice(registration=paid_one, payment=paid(paid_one), at=NOON)
    amounts = {seats_of(open_one)[0].pk: Decimal("7.77")}
    part = issue_credit_note(invoice=to_pay, amounts=amounts, reason="Te veel gerekend.", at=NOON)
    whole = issue_credit_note(invoice=settled, reason="Geannuleerd.", at=NOON)
    return [to_pay, settled, part, whole]

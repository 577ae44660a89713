"""To whom an order is billed, and what is wrong with an answer: one rule for the form, the API, the desk and the deed.

Who writes an invoice, and when, is the settlement's (events.settlement); this is only what is asked of the buyer.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.validators import check_vat_country, normal_enterprise_number, normal_peppol_id, normal_vat_number


class BuyerKind(models.TextChoices):
    BUSINESS = "business", gettext_lazy("Company or organisation")
    PUBLIC = "public", gettext_lazy("Public body")
    PRIVATE = "private", gettext_lazy("Private person")


@dataclass(frozen=True)
class Billing:
    """The buyer as the invoice will name it, apart from who takes part."""

    name: str
    kind: str = BuyerKind.BUSINESS
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = "BE"
    email: str = ""
    enterprise_number: str = ""
    vat_number: str = ""
    peppol_id: str = ""
    purchase_order: str = ""
    po_follows: bool = False


def _vat_number_of(country: str, written: str) -> str:
    number = normal_vat_number(written)
    check_vat_country(number, country)
    return number


def checked(billing: Billing, *, by_invoice: bool, whole: bool = True) -> tuple[Billing, dict[str, str]]:
    """It with its numbers in their normal form, and what is wrong with it, a sentence by field.

    `by_invoice`: it is to be paid afterwards, which asks more: no private person. `whole` also asks for what the law
    wants on the paper (address; Royal Decree no. 1, article 5) and the Belgian network for electronic invoices (a
    number): a person at a form can fill it in, a program that sends an order may not have it.
    """
    problems: dict[str, str] = {}
    numbers: dict[str, Any] = {
        "enterprise_number": lambda: normal_enterprise_number(billing.enterprise_number, billing.country),
        "vat_number": lambda: _vat_number_of(billing.country, billing.vat_number),
        "peppol_id": lambda: normal_peppol_id(billing.peppol_id),
    }
    for name, normal in numbers.items():
        try:
            billing = replace(billing, **{name: normal()})
        except ValidationError as error:
            problems[name] = error.messages[0]
    if billing.kind == BuyerKind.PUBLIC and not billing.purchase_order and not billing.po_follows:
        problems["purchase_order"] = _("A public body gives its purchase order number, or says that it follows.")
    if by_invoice and billing.kind == BuyerKind.PRIVATE:
        problems["kind"] = _("A private person pays online, not by invoice.")
    if not billing.name:
        problems["name"] = _("Fill in the name on the invoice.")
    if by_invoice and whole:
        missing = {
            "street": _("Fill in the street and number for the invoice."),
            "postal_code": _("Fill in the postal code for the invoice."),
            "city": _("Fill in the city for the invoice."),
        }
        problems |= {name: text for name, text in missing.items() if not getattr(billing, name)}
        has_number = billing.enterprise_number or billing.vat_number or billing.peppol_id
        if billing.country == "BE" and billing.kind != BuyerKind.PRIVATE and not has_number:
            problems["enterprise_number"] = _("Fill in the enterprise number: a Belgian invoice is sent to it.")
    return billing, problems

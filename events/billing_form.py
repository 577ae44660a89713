"""What a form asks about paying: online or by invoice, and to whom the invoice goes. For the site and for the desk."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.countries import by_name
from cms.validators import check_one_line
from events.billing import Billing, BuyerKind, checked
from events.models import Event, Registration
from events.refusals import InvoiceTooLate, InvoiceUnavailable
from events.settlement import takes_invoice

Method = Registration.Billing


def text_field(
    label: Any, *, required: bool = True, most: int = 80, autocomplete: str = "off", **extra: Any
) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=most,
        widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
        validators=[check_one_line],
        **extra,
    )


def _countries() -> list[tuple[str, Any]]:
    return [("", _("As the organisation")), *by_name()]


class BillingForm(forms.Form):
    """The part of a form about paying. Everything is optional for who pays online."""

    billing = forms.ChoiceField(
        label=_("How do you want to pay?"),
        choices=[
            (Method.ONLINE, _("Online now: Bancontact, card and the like")),
            (Method.INVOICE, _("By invoice, afterwards: for companies, organisations and public bodies")),
        ],
        initial=Method.ONLINE,
        required=False,
        widget=forms.RadioSelect,
    )
    billing_more = forms.BooleanField(
        label=_("Change what is on the invoice: buyer, address, VAT number, purchase order number"),
        required=False,
    )
    billing_kind = forms.ChoiceField(
        label=_("Kind of buyer"),
        choices=BuyerKind,
        initial=BuyerKind.BUSINESS,
        required=False,
        help_text=_("A private person pays online, not by invoice."),
    )
    billing_name = text_field(
        _("Name on the invoice"),
        required=False,
        most=200,
        autocomplete="billing organization",
        help_text=_("Empty: the name of your organisation."),
    )
    billing_street = text_field(_("Street and number"), required=False, most=150, autocomplete="billing street-address")
    billing_postal_code = text_field(_("Postal code"), required=False, most=12, autocomplete="billing postal-code")
    billing_city = text_field(_("City"), required=False, most=100, autocomplete="billing address-level2")
    billing_country = forms.ChoiceField(
        label=_("Country of the invoice"),
        choices=_countries,
        required=False,
        widget=forms.Select(attrs={"autocomplete": "billing country"}),
    )
    billing_email = forms.EmailField(
        label=_("E-mail for invoices"),
        required=False,
        max_length=254,
        help_text=_("Empty: your own address."),
        widget=forms.EmailInput(attrs={"autocomplete": "billing email"}),
        validators=[check_one_line],
    )
    enterprise_number = text_field(
        _("Enterprise number"), required=False, most=20, help_text=_("Belgium: ten digits, written 0xxx.xxx.xxx.")
    )
    vat_number = text_field(
        _("VAT number"), required=False, most=20, help_text=_("Only when your organisation is liable for VAT.")
    )
    billing_peppol_id = text_field(
        _("Peppol id"),
        required=False,
        most=60,
        help_text=_("Only when it is not your enterprise number, for instance 0208:0123456749."),
    )
    purchase_order = text_field(
        _("Purchase order number"),
        required=False,
        most=35,
        help_text=_("It stands on the invoice. A public body gives it, or says that it follows."),
    )
    po_follows = forms.BooleanField(label=_("The purchase order number follows later"), required=False)

    #: By field of Billing.
    NAMES = {
        "kind": "billing_kind",
        "name": "billing_name",
        "street": "billing_street",
        "postal_code": "billing_postal_code",
        "city": "billing_city",
        "country": "billing_country",
        "email": "billing_email",
        "enterprise_number": "enterprise_number",
        "vat_number": "vat_number",
        "peppol_id": "billing_peppol_id",
        "purchase_order": "purchase_order",
        "po_follows": "po_follows",
    }
    #: Who fills in none of these has the invoice in the name of the organisation, without an address.
    OWN = ("name", "street", "postal_code", "city", "email", "peppol_id", "po_follows")

    event: Event

    def prepare_billing(self, *, at: datetime) -> None:
        """Leave out what this event does not ask: nothing when it is free, no choice when it is never by invoice."""
        self.at = at
        self.takes_invoice = takes_invoice(self.event, at)
        if all(kind.is_free for kind in self.event.ticket_types.all()):
            for name in ("billing", "billing_more", *self.NAMES.values()):
                self.fields.pop(name, None)  # least data: nothing is invoiced
        elif self.event.invoice_until is None:
            del self.fields["billing"]

    @property
    def billing_is_wrong(self) -> bool:
        """Whether something of the invoice has to be mended: it is shown then, whatever was ticked."""
        return any(name in self.errors for name in self.NAMES.values())

    @property
    def by_invoice(self) -> bool:
        return self.cleaned_data.get("billing") == Method.INVOICE

    def clean_billing(self) -> str:
        method: str = self.cleaned_data["billing"] or Method.ONLINE
        if method == Method.INVOICE and not self.takes_invoice:
            until = self.event.invoice_until
            is_late = until is not None and self.at >= until
            raise forms.ValidationError(str(InvoiceTooLate(until=until) if is_late else InvoiceUnavailable()))
        return method

    def clean_billed(self, organisation: str, country: str) -> None:
        """To be called by `clean`: read to whom it is billed into `cleaned_data["billed"]`, and note what is wrong.

        None when nothing was said of it. The numbers come out in their normal form either way.
        """
        facts = self.cleaned_data
        facts["billed"] = None
        if "billing_name" not in self.fields:
            return
        own: dict[str, Any] = {name: facts.get(field) or "" for name, field in self.NAMES.items()}
        own["po_follows"] = bool(own["po_follows"])
        own["kind"] = own["kind"] or BuyerKind.BUSINESS
        is_said = self.by_invoice or own["kind"] != BuyerKind.BUSINESS or any(own[name] for name in self.OWN)
        own["name"] = own["name"] or organisation
        own["country"] = own["country"] or country
        billing, problems = checked(Billing(**own), by_invoice=self.by_invoice)
        if not organisation:
            problems.pop("name", None)  # the organisation's own field says so
        for name, text in problems.items():
            if self.NAMES[name] not in self.errors:
                self.add_error(self.NAMES[name], text)
        for name in ("enterprise_number", "vat_number"):
            if name in facts:
                facts[name] = getattr(billing, name)
        facts["billed"] = billing if is_said else None

"""Invoice and credit note, as issued: everything that stands on the paper is a column, and no row ever changes.

The database itself refuses an update or a delete, whoever asks. What happens to a document afterwards (sent, paid)
stands elsewhere: Dispatch, LedgerEntry. A credit note reverses an invoice, in part or whole.
"""

from decimal import Decimal
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from cms.countries import COUNTRIES
from events.billing import BuyerKind
from events.models import Attendee, Registration
from payments.models.numbers import DocumentKind
from payments.models.payment import Payment, Refund
from payments.models.seller import VatStatus
from payments.models.vat import VatCategory

ZERO = Decimal("0.00")


def _immutable() -> list[pgtrigger.Trigger]:
    return [pgtrigger.Protect(name="issued", operation=pgtrigger.Update | pgtrigger.Delete)]


def _money(name: Any) -> models.DecimalField:
    return models.DecimalField(name, max_digits=10, decimal_places=2)


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def invoices(self) -> "InvoiceQuerySet":
        return self.filter(kind=DocumentKind.INVOICE)

    def credit_notes(self) -> "InvoiceQuerySet":
        return self.filter(kind=DocumentKind.CREDIT_NOTE)

    def without_files(self) -> "InvoiceQuerySet":
        """For lists: the XML stays in the database."""
        return self.defer("ubl")


class Invoice(models.Model):
    """One document. Amounts are positive in both kinds; made by payments.actions.invoicing only."""

    kind = models.CharField(_("kind"), max_length=12, choices=DocumentKind)
    number = models.CharField(_("number"), max_length=20, unique=True)
    language = models.CharField(_("language"), max_length=2)
    #: The fact it was issued for ("payment-12", "refund-3"), so that the same fact never makes two.
    cause = models.CharField(_("cause"), max_length=120, unique=True)
    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, related_name="invoices", verbose_name=_("registration")
    )
    refers_to = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="credit_notes",
        verbose_name=_("credits invoice"),
    )
    #: The invoice whose place this one takes, which is credited in full the same day: what was paid of that one
    #: (Payment.pays goes on saying so) counts for this one from then on.
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("replaces invoice"),
    )
    #: The money it is about, where money moved: the link of the chain payment -> invoice, refund -> credit note.
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="invoices", verbose_name=_("payment")
    )
    refund = models.ForeignKey(
        Refund, on_delete=models.PROTECT, null=True, blank=True, related_name="credit_notes", verbose_name=_("refund")
    )
    reason = models.CharField(_("reason"), max_length=250, blank=True)
    issued_at = models.DateTimeField(_("issued at"))
    issued_on = models.DateField(_("issued on"), db_index=True)
    due_on = models.DateField(_("due on"))
    delivered_on = models.DateField(_("date of the visit"))
    event_title = models.CharField(_("visit"), max_length=255)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    buyer_reference = models.CharField(_("our reference"), max_length=40)
    purchase_order = models.CharField(_("purchase order number"), max_length=35, blank=True)
    #: Twelve digits; empty on a credit note, which nobody pays.
    payment_reference = models.CharField(_("structured communication"), max_length=12, blank=True)

    seller_name = models.CharField(_("seller"), max_length=200)
    seller_street = models.CharField(max_length=150)
    seller_postal_code = models.CharField(max_length=12)
    seller_city = models.CharField(max_length=100)
    seller_country = models.CharField(max_length=2, choices=COUNTRIES)
    seller_email = models.EmailField(blank=True)
    seller_enterprise_number = models.CharField(max_length=20)
    seller_vat_number = models.CharField(max_length=20, blank=True)
    seller_vat_status = models.CharField(max_length=8, choices=VatStatus)
    seller_iban = models.CharField(max_length=42)
    seller_bic = models.CharField(max_length=11, blank=True)
    seller_peppol_id = models.CharField(max_length=60, blank=True)

    buyer_kind = models.CharField(_("kind of buyer"), max_length=8, choices=BuyerKind)
    buyer_name = models.CharField(_("buyer"), max_length=200)
    buyer_contact = models.CharField(max_length=170, blank=True)
    buyer_street = models.CharField(max_length=150, blank=True)
    buyer_postal_code = models.CharField(max_length=12, blank=True)
    buyer_city = models.CharField(max_length=100, blank=True)
    buyer_country = models.CharField(max_length=2, choices=COUNTRIES)
    buyer_email = models.EmailField(_("e-mail for invoices"))
    buyer_enterprise_number = models.CharField(max_length=20, blank=True)
    buyer_vat_number = models.CharField(_("VAT number of the buyer"), max_length=20, blank=True)
    buyer_peppol_id = models.CharField(_("Peppol id of the buyer"), max_length=60, blank=True)

    vat_country = models.CharField(_("VAT country"), max_length=2, choices=COUNTRIES)
    #: Sentences the law asks for, one a line, in the document's language.
    mentions = models.TextField(_("mentions"), blank=True)
    net = _money(_("excl. VAT"))
    vat = _money(_("VAT"))
    #: What the total would differ from the price that was ordered: see payments.documents.figures.
    rounding = _money(_("rounding"))
    gross = _money(_("incl. VAT"))
    #: Paid, or given back, when it was issued.
    prepaid = _money(_("paid when issued"))
    #: The electronic invoice itself (UBL 2.1, Peppol BIS Billing 3.0): the original the law has kept.
    ubl = models.TextField(editable=False)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(gross=F("net") + F("vat") + F("rounding")), name="invoice_adds_up"),
            models.CheckConstraint(condition=Q(gross__gt=0, net__gte=0, vat__gte=0), name="invoice_positive"),
            models.CheckConstraint(condition=Q(prepaid__gte=0, prepaid__lte=F("gross")), name="invoice_prepaid"),
            models.CheckConstraint(
                condition=Q(kind="invoice", refers_to__isnull=True) | Q(kind="credit_note", refers_to__isnull=False),
                name="invoice_credit_note_refers",
            ),
            models.UniqueConstraint(
                fields=["payment_reference"], condition=~Q(payment_reference=""), name="invoice_reference_once"
            ),
        ]
        triggers = _immutable()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def is_credit_note(self) -> bool:
        return self.kind == DocumentKind.CREDIT_NOTE

    @property
    def is_replaced(self) -> bool:
        """Of a credit note: it makes room for the same invoice with a purchase order number; no money goes back."""
        return self.cause.startswith("replaced-")

    @property
    def in_force(self) -> "Invoice":
        """The invoice that stands for this one now: itself, or what took its place."""
        newer = Invoice.objects.filter(replaces=self).first()
        return newer.in_force if newer else self

    @property
    def due(self) -> Decimal:
        """What was still to be paid when it was issued."""
        return self.gross - self.prepaid

    @property
    def payment_reference_text(self) -> str:
        """ "+++127/0000/00128+++", empty when there is none."""
        digits = self.payment_reference
        return f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++" if digits else ""

    @property
    def credited(self) -> Decimal:
        """VAT included, of this invoice by all its credit notes."""
        return self.credit_notes.aggregate(total=Sum("gross"))["total"] or ZERO


class InvoiceLine(models.Model):
    """One seat."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField(_("line"))
    attendee = models.ForeignKey(Attendee, on_delete=models.PROTECT, related_name="invoice_lines")
    description = models.CharField(_("description"), max_length=400)
    quantity = models.PositiveSmallIntegerField(_("quantity"), default=1)
    unit_price = _money(_("unit price excl. VAT"))
    net = _money(_("excl. VAT"))
    #: What the seat costs, VAT included: the invoice's total is the sum of these.
    gross = _money(_("incl. VAT"))
    vat_category = models.CharField(_("VAT category"), max_length=2, choices=VatCategory)
    vat_rate = models.DecimalField(_("VAT rate (%)"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("invoice line")
        verbose_name_plural = _("invoice lines")
        ordering = ["invoice", "position"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="invoice_line_position_once"),
            models.UniqueConstraint(fields=["invoice", "attendee"], name="invoice_line_once_per_seat"),
            models.CheckConstraint(condition=Q(net=F("unit_price") * F("quantity")), name="invoice_line_adds_up"),
        ]
        triggers = _immutable()

    def __str__(self) -> str:
        return f"{self.position}. {self.description}"


class InvoiceVat(models.Model):
    """The VAT of all lines of one category and rate, rounded once, on their total."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="vat_lines")
    category = models.CharField(_("VAT category"), max_length=2, choices=VatCategory)
    rate = models.DecimalField(_("VAT rate (%)"), max_digits=5, decimal_places=2)
    taxable = _money(_("taxable"))
    tax = _money(_("VAT"))
    exemption_code = models.CharField(_("exemption code"), max_length=30, blank=True)
    exemption_reason = models.CharField(_("exemption reason"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("VAT of an invoice")
        verbose_name_plural = _("VAT of invoices")
        ordering = ["invoice", "-rate", "category"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "category", "rate"], name="invoice_vat_once_per_rate"),
        ]
        triggers = _immutable()

    def __str__(self) -> str:
        return f"{self.category} {self.rate} %: {self.tax}"

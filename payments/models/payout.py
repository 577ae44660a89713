"""Payouts and disputes: what Stripe paid out to the bank account, and what a cardholder's bank took back."""

from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from payments.models.ledger import LedgerEntry
from payments.models.payment import Payment


class Payout(models.Model):
    """One transfer from Stripe's balance to the bank account, mirrored."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Under way")
        IN_TRANSIT = "in_transit", _("On its way to the bank")
        PAID = "paid", _("Paid out")
        FAILED = "failed", _("Failed")
        CANCELED = "canceled", _("Cancelled")

    payout_id = models.CharField(_("payout"), max_length=255, unique=True)
    status = models.CharField(_("status"), max_length=12, choices=Status)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    created_at = models.DateTimeField(_("created at"))
    arrives_on = models.DateField(_("in the bank on"))
    reconciled_at = models.DateTimeField(_("added up at"), null=True, blank=True)
    #: Its amount less the sum of what it gathered; 0.00 when it adds up.
    difference = models.DecimalField(_("difference"), max_digits=12, decimal_places=2, null=True, blank=True)
    failure = models.CharField(_("failure"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.payout_id} {self.amount} {self.currency}"


class PayoutItem(models.Model):
    """One balance transaction a payout gathered, and the entry of our ledger it is."""

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="items")
    transaction_id = models.CharField(_("balance transaction"), max_length=255, unique=True)
    #: Stripe's reporting category: charge, refund, dispute, fee, ...
    category = models.CharField(_("category"), max_length=60)
    source = models.CharField(_("source"), max_length=255, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    fee = models.DecimalField(_("fee"), max_digits=12, decimal_places=2, default=Decimal("0.00"))
    net = models.DecimalField(_("net"), max_digits=12, decimal_places=2)
    occurred_at = models.DateTimeField(_("occurred at"))
    entry = models.ForeignKey(
        LedgerEntry,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="payout_items",
        verbose_name=_("entry"),
    )

    class Meta:
        verbose_name = _("part of a payout")
        verbose_name_plural = _("parts of a payout")
        ordering = ["payout", "occurred_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(net=models.F("amount") - models.F("fee")), name="payout_item_net")
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.net}"


class Dispute(models.Model):
    """A cardholder's bank says a payment was not wanted. A flag beside the payment, never its state."""

    dispute_id = models.CharField(_("dispute"), max_length=255, unique=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes", verbose_name=_("payment"))
    #: As Stripe names it: needs_response, under_review, won, lost, warning_closed, ...
    status = models.CharField(_("status"), max_length=40)
    reason = models.CharField(_("reason"), max_length=60)
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    created_at = models.DateTimeField(_("opened at"), default=timezone.now)

    #: Nothing more is decided about it.
    CLOSED = ("won", "lost", "warning_closed", "prevented")

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.dispute_id

    @property
    def is_open(self) -> bool:
        return self.status not in self.CLOSED

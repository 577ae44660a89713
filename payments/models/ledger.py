"""The ledger: what moved, one entry per fact, split over the seats it was for. Rows are added, never changed.

The database itself refuses an update or a delete, whoever asks. Every figure finance sees is read from here.
"""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Attendee, Event, Registration
from payments.models.payment import Payment, Refund


class LedgerEntry(models.Model):
    """One fact with its source. Amounts are signed from the organiser's side: money in is positive."""

    class Kind(models.TextChoices):
        PAYMENT = "payment", _("Payment")
        FEE = "fee", _("Fee")
        REFUND = "refund", _("Refund")
        REFUND_FAILED = "refund_failed", _("Refund that failed")
        # Not what was asked, or nobody knows what for: ours to sort out or to give back.
        UNMATCHED = "unmatched", _("Money not matched")
        DISPUTE = "dispute", _("Disputed, taken back by the bank")
        DISPUTE_WON = "dispute_won", _("Dispute won, given again")
        DISPUTE_FEE = "dispute_fee", _("Fee for a dispute")
        SERVICE_FEE = "service_fee", _("Fee that belongs to no payment")
        PAYOUT = "payout", _("Payout")
        PAYOUT_FAILED = "payout_failed", _("Payout that failed")
        # Between two visits: what a registration that was moved had paid goes along. Two entries that come to nothing.
        MOVED = "moved", _("Moved to another visit")
        # On the bank account only.
        MATCHED = "matched", _("Money not matched, dealt with")
        PAYOUT_ARRIVED = "payout_arrived", _("Payout that arrived")
        OPENING = "opening", _("Balance when the books began")
        OTHER = "other", _("Not of the Tour")

    class Account(models.TextChoices):
        STRIPE = "stripe", _("Stripe balance")
        BANK = "bank", _("Bank account")

    #: Money back by whatever way, and what the bank took: together what is not ours any more.
    BACK = (Kind.REFUND, Kind.REFUND_FAILED)
    DISPUTED = (Kind.DISPUTE, Kind.DISPUTE_WON)
    #: Together what came in and has no purpose yet.
    SUSPENSE = (Kind.UNMATCHED, Kind.MATCHED)

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    account = models.CharField(_("account"), max_length=8, choices=Account, default=Account.STRIPE)
    #: Where the fact is known from ("ch_…", "txn_…", "re_…"); with the kind it makes the fact unique.
    source = models.CharField(_("source"), max_length=255)
    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger_entries"
    )
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger_entries")
    #: The visit it was for when it was booked: a registration that is moved later leaves a closed month as it was.
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger_entries")
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, null=True, related_name="ledger_entries")
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    occurred_at = models.DateTimeField(_("occurred at"))
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    #: The day of the books, in Brussels: when it occurred, or the first open day when that month was closed already.
    booked_on = models.DateField(_("booked on"))

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["occurred_at", "pk"]
        indexes = [
            models.Index(fields=["occurred_at"], name="ledger_entry_occurred"),
            models.Index(fields=["booked_on", "kind"], name="ledger_entry_booked"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "source"], name="ledger_fact_once"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "refund_failed",
                        "unmatched",
                        "dispute_won",
                        "payout_failed",
                        "payout_arrived",
                    ],
                    amount__gt=0,
                )
                # Below zero: assigned to a wrong invoice, and taken back (payments.actions.taking_back).
                | Q(kind="payment") & (Q(amount__gt=0) | Q(account="bank", amount__lt=0))
                | Q(kind__in=["fee", "refund", "dispute", "payout", "matched"], amount__lte=0)
                | Q(kind__in=["service_fee", "dispute_fee", "moved", "opening", "other"]),
                name="ledger_entry_sign",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["matched", "payout_arrived", "opening", "other"]) | Q(account="bank"),
                name="ledger_entry_of_the_bank",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="month_is_open",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    IF EXISTS (SELECT 1 FROM payments_closedmonth
                               WHERE month = date_trunc('month', NEW.booked_on)::date) THEN
                        RAISE EXCEPTION 'The month of % is closed.', NEW.booked_on;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency} ({self.source})"

    @property
    def account_name(self) -> str:
        """Where the money is, in words; a move between two visits moves no money, wherever that is."""
        return str(_("None: between two visits") if self.kind == self.Kind.MOVED else self.get_account_display())


class LedgerLine(models.Model):
    """An entry's share of one seat. The lines of an entry add up to it to the cent."""

    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="lines")
    attendee = models.ForeignKey(Attendee, on_delete=models.PROTECT, related_name="ledger_lines")
    net = models.DecimalField(_("excl. VAT"), max_digits=10, decimal_places=2)
    vat = models.DecimalField(_("VAT"), max_digits=10, decimal_places=2)
    gross = models.DecimalField(_("incl. VAT"), max_digits=10, decimal_places=2)

    class Meta:
        verbose_name = _("ledger line")
        verbose_name_plural = _("ledger lines")
        ordering = ["entry", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "attendee"], name="ledger_line_once_per_seat"),
            models.CheckConstraint(condition=Q(gross=models.F("net") + models.F("vat")), name="ledger_line_adds_up"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.entry.kind} {self.gross}"

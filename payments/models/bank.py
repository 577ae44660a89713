"""The bank account: statements as the bank made them, each movement a fact, and which entries of the ledger say so.

A movement is never changed; the database refuses it. Who was on the other side, and what they wrote, stands apart in
BankParty, because that is forgotten when nobody needs it any more.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.templatetags.cms_tags import brief, money
from payments.models.ledger import LedgerEntry

ZERO = Decimal("0.00")
#: How the entry is named by which a person says that unmatched money was sent back: this, and the movement's reference;
#: after AGAIN a number, where that was said of it before.
SENT_BACK = "sent-back-"
AGAIN = "~"


def _append_only() -> list[pgtrigger.Trigger]:
    return [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class BankStatement(models.Model):
    """One statement, checked before it was taken in: opening balance and movements come to the closing balance."""

    class Format(models.TextChoices):
        CAMT = "camt.053", _("CAMT.053")
        CODA = "coda", _("CODA")

    iban = models.CharField(_("IBAN"), max_length=34)
    #: The bank's own name for it, and its number in the row of statements. A bank may begin again each year.
    statement_id = models.CharField(_("statement"), max_length=70)
    sequence = models.CharField(_("sequence"), max_length=20, blank=True)
    format = models.CharField(_("format"), max_length=8, choices=Format)
    #: SHA-256 of what it says, not of the file: the same statement in another file is the same statement.
    digest = models.CharField(_("digest"), max_length=64)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    opening = models.DecimalField(_("opening balance"), max_digits=12, decimal_places=2)
    closing = models.DecimalField(_("closing balance"), max_digits=12, decimal_places=2)
    opened_on = models.DateField(_("from"))
    closed_on = models.DateField(_("until"))
    #: Reserved by the bank and not booked by it: not ours to book either.
    pending = models.PositiveIntegerField(_("not booked by the bank"), default=0)
    file_name = models.CharField(_("file"), max_length=120, blank=True)
    imported_at = models.DateTimeField(_("imported at"), default=timezone.now)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("imported by"),
    )

    class Meta:
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")
        ordering = ["-closed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["iban", "statement_id", "digest"], name="bank_statement_once"),
            models.CheckConstraint(condition=Q(opened_on__lte=F("closed_on")), name="bank_statement_days"),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} ({brief(self.closed_on)})"


class BankTransactionQuerySet(models.QuerySet["BankTransaction"]):
    def with_state(self) -> "models.QuerySet[Any]":
        """Each with `is_booked`, what is `booked` of it, and what of that is `in_suspense`: has no purpose yet."""
        gone = SentBack.objects.filter(transaction=OuterRef("pk")).order_by().values("transaction")
        sent_back = gone.annotate(total=Sum("entry__amount")).values("total")
        links = BankLink.objects.filter(transaction=OuterRef("pk")).order_by().values("transaction")

        def total(**only: object) -> Coalesce:
            rows = links.filter(**only).annotate(total=Sum("entry__amount")).values("total")
            return Coalesce(Subquery(rows), Value(ZERO), output_field=models.DecimalField())

        return self.annotate(
            is_booked=Exists(BankLink.objects.filter(transaction=OuterRef("pk"))),
            booked=total(),
            in_suspense=total(entry__kind__in=LedgerEntry.SUSPENSE)
            + Coalesce(Subquery(sent_back), Value(ZERO), output_field=models.DecimalField()),
        )

    def not_booked(self) -> "BankTransactionQuerySet":
        """Seen on a statement, and in no entry of the ledger: a person has to say what they are."""
        return self.filter(~Exists(BankLink.objects.filter(transaction=OuterRef("pk"))))

    def to_name(self) -> "models.QuerySet[Any]":
        """Of which a person has to say something: not booked, or not matched in whole."""
        return self.with_state().filter(Q(is_booked=False) | Q(in_suspense__gt=0))

    def unmatched(self) -> "models.QuerySet[Any]":
        """Money that came, of which some is not matched yet."""
        return self.with_state().filter(in_suspense__gt=0)


class BankTransaction(models.Model):
    """One movement of the account, as booked by the bank. Money in is positive."""

    statement = models.ForeignKey(
        BankStatement, on_delete=models.PROTECT, related_name="transactions", verbose_name=_("statement")
    )
    position = models.PositiveIntegerField(_("line"))
    #: From the bank's own reference, day and amount: the same movement in two files is one row.
    reference = models.CharField(_("reference"), max_length=40, unique=True)
    bank_reference = models.CharField(_("the bank's reference"), max_length=70, blank=True)
    booked_on = models.DateField(_("booked on"))
    valued_on = models.DateField(_("value date"), null=True, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    #: Twelve digits that pass their check, or nothing.
    structured = models.CharField(_("structured communication"), max_length=12, blank=True, db_index=True)
    #: The bank's code for what it is ("PMNT/RCDT/ESCT").
    code = models.CharField(_("code"), max_length=70, blank=True)
    #: The bank charges it for itself.
    is_fee = models.BooleanField(_("cost of the bank"), default=False)

    objects = BankTransactionQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank movement")
        verbose_name_plural = _("bank movements")
        ordering = ["-booked_on", "-pk"]
        indexes = [models.Index(fields=["booked_on", "amount"], name="bank_booked_amount")]
        constraints = [
            models.UniqueConstraint(fields=["statement", "position"], name="bank_transaction_position_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="bank_transaction_moves"),
        ]
        triggers = _append_only()

    def __str__(self) -> str:
        return f"{brief(self.booked_on)}, {money(self.amount, self.currency)}"

    @property
    def structured_text(self) -> str:
        """ "+++127/0000/00128+++", empty when there is none."""
        digits = self.structured
        return f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++" if digits else ""

    @property
    def occurred_at(self) -> datetime:
        """Noon in Brussels: a bank tells the day only."""
        noon = datetime.combine(self.booked_on, datetime.min.time()).replace(hour=12)
        return timezone.make_aware(noon, timezone.get_default_timezone())


class BankParty(models.Model):
    """Who was on the other side of a movement, and what they wrote: to match it, and to pay back. Then forgotten."""

    transaction = models.OneToOneField(
        BankTransaction, on_delete=models.CASCADE, related_name="party", verbose_name=_("bank movement")
    )
    name = models.CharField(_("name"), max_length=140, blank=True)
    iban = models.CharField(_("IBAN"), max_length=34, blank=True, db_index=True)
    text = models.CharField(_("communication"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("other side of a movement")
        verbose_name_plural = _("other sides of movements")

    def __str__(self) -> str:
        return self.name


class BankLink(models.Model):
    """This entry of the ledger is on the statement, in this movement. An entry is in one movement at most."""

    transaction = models.ForeignKey(BankTransaction, on_delete=models.PROTECT, related_name="links")
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="bank_link")
    linked_at = models.DateTimeField(_("linked at"), default=timezone.now)
    #: Nobody: it was sure. Somebody: they said so.
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    #: Why somebody said so.
    remark = models.CharField(_("remark"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("entry on a statement")
        verbose_name_plural = _("entries on statements")

    def __str__(self) -> str:
        return f"{self.transaction}: {self.entry}"


class SentBack(models.Model):
    """Somebody said that unmatched money of this movement was transferred back to where it came from.

    The entry is on the statement that shows the transfer, in another movement; until then in none.
    """

    transaction = models.ForeignKey(BankTransaction, on_delete=models.PROTECT, related_name="sent_back")
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="sent_back")
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    remark = models.CharField(_("remark"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("money transferred back")
        verbose_name_plural = _("money transferred back")

    def __str__(self) -> str:
        return f"{self.transaction}: {self.entry}"


class BankUpload(models.Model):
    """A file somebody uploaded and looks at before it is imported. Gone when it is, or after a day."""

    content = models.BinaryField()
    file_name = models.CharField(max_length=120)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("uploaded statement")
        verbose_name_plural = _("uploaded statements")

    def __str__(self) -> str:
        return self.file_name

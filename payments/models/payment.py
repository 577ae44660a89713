"""Payment and Refund: one row per attempt to move money in or back. Never deleted."""

from datetime import datetime
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Registration
from payments.models.concern import Concern


class PaymentQuerySet(models.QuerySet["Payment"]):
    def under_way(self) -> "PaymentQuerySet":
        """Asked for and not known to have ended."""
        return self.filter(status__in=Payment.UNDER_WAY)

    def received(self) -> "PaymentQuerySet":
        return self.filter(status=Payment.Status.PAID)

    def unsettled(self) -> "PaymentQuerySet":
        """Paid, but the seats were neither given nor the money given back: a deed that broke off half-way.

        Not those of which a person decides whether they get a seat; a bank's warning keeps nobody from theirs.
        """
        asked = Concern.objects.open().filter(kind=Concern.Kind.NO_SEAT, payment=models.OuterRef("pk"))
        waits = models.Exists(asked)
        return self.received().filter(~waits, settled_at__isnull=True)

    def for_a_seat(self) -> "PaymentQuerySet":
        """Received and settled while their registration was confirmed: what an invoice is for."""
        ended = models.F("registration__ended_at")
        return self.received().filter(
            Q(registration__ended_at__isnull=True) | Q(settled_at__lt=ended),
            settled_at__isnull=False,
            registration__confirmed_at__isnull=False,
        )

    def without_invoice(self) -> "PaymentQuerySet":
        """For a seat, with no invoice of its own and paying none that was open."""
        return self.for_a_seat().filter(invoices__isnull=True, pays__isnull=True, lines__isnull=False).distinct()


class Payment(models.Model):
    """One attempt of a contact to pay one registration. Amounts include VAT."""

    class Status(models.TextChoices):
        CREATED = "created", _("Created")
        OPEN = "open", _("Asked for")
        PROCESSING = "processing", _("Being processed")
        PAID = "paid", _("Paid")
        FAILED = "failed", _("Failed")
        EXPIRED = "expired", _("Expired")
        MISMATCH = "mismatch", _("Needs a person: amount differs")
        # By bank only: it was for something else. `pays` goes on saying which invoice it was assigned to.
        TAKEN_BACK = "taken_back", _("Taken back: for something else")

    UNDER_WAY = (Status.CREATED, Status.OPEN, Status.PROCESSING)
    #: Its money is ours, whether or not it is what was asked.
    CAME = (Status.PAID, Status.MISMATCH)

    class Account(models.TextChoices):
        """Where the money is: what came by transfer cannot go back through Stripe."""

        STRIPE = "stripe", _("Through Stripe")
        BANK = "bank", _("By bank transfer")

    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, related_name="payments", verbose_name=_("registration")
    )
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.CREATED)
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2, validators=[MinValueValidator(0)])
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    account = models.CharField(_("paid through"), max_length=8, choices=Account, default=Account.STRIPE)
    session_id = models.CharField(_("Checkout session"), max_length=255, null=True, blank=True, unique=True)
    session_url = models.TextField(blank=True)
    session_expires_at = models.DateTimeField(null=True, blank=True)
    payment_intent_id = models.CharField(max_length=255, blank=True, db_index=True)
    charge_id = models.CharField(max_length=255, blank=True, db_index=True)
    #: What came, where it is not what was asked.
    received_amount = models.DecimalField(_("received"), max_digits=10, decimal_places=2, null=True, blank=True)
    #: Its currency, where that is not euro. Such money stands apart: it is no entry of the ledger.
    received_currency = models.CharField(_("received in"), max_length=3, blank=True)
    fee = models.DecimalField(_("fee"), max_digits=10, decimal_places=2, null=True, blank=True)
    #: The invoice that was open and that it pays; empty when it has an invoice of its own, or none yet.
    pays = models.ForeignKey(
        "payments.Invoice",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="paid_by",
        verbose_name=_("pays invoice"),
    )
    note = models.CharField(_("note"), max_length=250, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    #: When what follows from it was done: seats given, or money given back.
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["status", "created_at"], name="payment_status_created")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(
                condition=~Q(status="paid") | Q(paid_at__isnull=False), name="payment_paid_has_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(account="bank")
                | Q(
                    status__in=["paid", "taken_back"],
                    session_id__isnull=True,
                    payment_intent_id="",
                    charge_id="",
                    pays__isnull=False,
                ),
                name="payment_by_bank_is_a_fact",
            ),
            models.CheckConstraint(
                condition=~Q(status="taken_back") | Q(account="bank"), name="payment_taken_back_is_by_bank"
            ),
            models.UniqueConstraint(
                fields=["registration"],
                condition=Q(status__in=["created", "open", "processing"]),
                name="payment_one_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.registration.reference}"

    @property
    def idempotency_key(self) -> str:
        """The row is the attempt: asking twice for it is asking once."""
        return f"bpt-checkout-{self.registration.reference}-{self.pk}"

    @property
    def stands_apart(self) -> bool:
        """It came in another currency than that of the books, and is in no sum of ours."""
        return bool(self.received_currency)

    def is_for(self, due: Decimal) -> bool:
        """Asks for exactly what is due now."""
        return self.amount == due

    def is_payable(self, at: datetime) -> bool:
        """Its payment page still takes money."""
        return bool(self.session_url) and self.session_expires_at is not None and at < self.session_expires_at


class RefundQuerySet(models.QuerySet["Refund"]):
    def to_carry_out(self) -> "RefundQuerySet":
        """Decided, and not known to have reached Stripe."""
        return self.filter(status=Refund.Status.DECIDED, payment__account=Payment.Account.STRIPE)

    def to_transfer(self) -> "RefundQuerySet":
        """Decided, and waiting for a person to transfer it: what came by bank goes back by bank."""
        return self.filter(status=Refund.Status.DECIDED, payment__account=Payment.Account.BANK)

    def on_its_way(self) -> "RefundQuerySet":
        """Asked of Stripe, which has not said how it ended."""
        return self.filter(status=Refund.Status.PENDING, refund_id__isnull=False)


class Refund(models.Model):
    """One attempt to give money back."""

    class Status(models.TextChoices):
        DECIDED = "decided", _("Decided")
        PENDING = "pending", _("On its way")
        SUCCEEDED = "succeeded", _("Given back")
        FAILED = "failed", _("Failed: needs a person")

    class Reason(models.TextChoices):
        SEAT_GONE = "seat_gone", _("Paid after the seats were given up")
        CANCELLED = "cancelled", _("Cancelled")
        WITHDRAWN = "withdrawn", _("Order withdrawn")
        GRANTED = "granted", _("Price for members granted")
        PRICE_CHANGED = "price_changed", _("Price changed")
        EVENT_CANCELLED = "event_cancelled", _("Visit cancelled")
        MISMATCH = "mismatch", _("Not the amount that was asked")
        OUTSIDE = "outside", _("Made in Stripe's dashboard")

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("payment"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DECIDED)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    refund_id = models.CharField(_("Stripe refund"), max_length=255, null=True, blank=True, unique=True)
    note = models.CharField(_("note"), max_length=250, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    objects = RefundQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.payment.registration.reference}"

    @property
    def idempotency_key(self) -> str:
        return f"bpt-refund-{self.payment.registration.reference}-{self.pk}"


class SeatAmount(models.Model):
    """The part of a payment or a refund that is one seat's, as decided when it was asked for. Positive both ways."""

    attendee = models.ForeignKey("events.Attendee", on_delete=models.PROTECT, related_name="+")
    net = models.DecimalField(_("excl. VAT"), max_digits=10, decimal_places=2)
    vat = models.DecimalField(_("VAT"), max_digits=10, decimal_places=2)

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.attendee}: {self.gross}"

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat


class PaymentLine(SeatAmount):
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="lines")

    class Meta(SeatAmount.Meta):
        verbose_name = _("payment line")
        verbose_name_plural = _("payment lines")
        constraints = [models.UniqueConstraint(fields=["payment", "attendee"], name="payment_line_once_per_seat")]


class RefundLine(SeatAmount):
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="lines")

    class Meta(SeatAmount.Meta):
        verbose_name = _("refund line")
        verbose_name_plural = _("refund lines")
        constraints = [models.UniqueConstraint(fields=["refund", "attendee"], name="refund_line_once_per_seat")]

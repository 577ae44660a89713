"""Concern: something about money that a person has to decide or look into. The queue finance works from."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ConcernQuerySet(models.QuerySet["Concern"]):
    def open(self) -> "ConcernQuerySet":
        return self.filter(resolved_at__isnull=True)


class Concern(models.Model):
    """Raised by a deed, once per fact; resolved by a person, with a remark."""

    class Kind(models.TextChoices):
        NO_SEAT = "no_seat", _("Paid, and the seat is gone")
        MISMATCH = "mismatch", _("Not the amount that was asked")
        REFUND_FAILED = "refund_failed", _("A refund failed")
        DISPUTE = "dispute", _("The bank disputes a payment")
        FRAUD_WARNING = "fraud_warning", _("A bank warns of fraud")
        PAYOUT_DIFFERS = "payout_differs", _("A payout does not add up")
        PAYOUT_FAILED = "payout_failed", _("A payout failed")
        UNKNOWN_MONEY = "unknown_money", _("Money on the bank account that nothing matches")
        OVERPAID = "overpaid", _("More came by bank than was asked")
        TRANSFER = "transfer", _("To pay back by bank transfer")
        NOTICE = "notice", _("A notice of Stripe that could not be acted on")
        DOCUMENTS = "documents", _("An invoice or credit note could not be issued")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    #: Where the fact is known from; with the kind it makes the concern unique.
    source = models.CharField(_("source"), max_length=255)
    payment = models.ForeignKey(
        "payments.Payment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="concerns",
        verbose_name=_("payment"),
    )
    #: Figures, codes, or what somebody outside said: no language of ours. Told in words by payments.admin.matters.
    text = models.CharField(_("what happened"), max_length=500, blank=True)
    raised_at = models.DateTimeField(_("raised at"), default=timezone.now)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("resolved by"),
    )
    remark = models.CharField(_("remark"), max_length=500, blank=True)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        verbose_name = _("matter to look into")
        verbose_name_plural = _("matters to look into")
        ordering = ["-raised_at", "-pk"]
        indexes = [models.Index(fields=["raised_at"], name="concern_open", condition=Q(resolved_at__isnull=True))]
        constraints = [models.UniqueConstraint(fields=["kind", "source"], name="concern_once")]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @classmethod
    def raise_once(
        cls, kind: str, source: str, *, at: datetime, payment: "models.Model | None" = None, text: str = ""
    ) -> "Concern":
        """The concern about this fact; a fact told again raises nothing new."""
        concern, _is_new = cls.objects.get_or_create(
            kind=kind, source=source, defaults={"payment": payment, "text": text[:500], "raised_at": at}
        )
        return concern

    @classmethod
    def raise_again(cls, kind: str, source: str, *, at: datetime, text: str = "") -> None:
        """The concern about something that may come and go: open, whatever was said of it before."""
        concern = cls.raise_once(kind, source, at=at, text=text)
        if concern.resolved_at is not None:
            again = {"resolved_at": None, "resolved_by": None, "remark": "", "raised_at": at, "text": text[:500]}
            cls.objects.filter(pk=concern.pk).update(**again)

"""BulkRefund: a person confirmed what goes back to everybody of a cancelled visit; and how far that is."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models import Event, Registration
from payments.models.payment import Refund


class BulkRefundQuerySet(models.QuerySet["BulkRefund"]):
    def unfinished(self) -> "BulkRefundQuerySet":
        return self.filter(finished_at__isnull=True)


class BulkRefund(models.Model):
    """Confirmed once, with its total; one under way per visit. Its rows are carried out one by one."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="bulk_refunds", verbose_name=_("visit"))
    total = models.DecimalField(_("total"), max_digits=12, decimal_places=2)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = BulkRefundQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund of a cancelled visit")
        verbose_name_plural = _("refunds of cancelled visits")
        ordering = ["-confirmed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=Q(finished_at__isnull=True), name="bulk_refund_one_under_way"
            ),
            models.CheckConstraint(condition=Q(total__gt=0), name="bulk_refund_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.total}"


class BulkRefundRow(models.Model):
    """One registration's part: exactly this amount goes back, or nothing and a person looks."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waits")
        DONE = "done", _("Carried out")
        CHANGED = "changed", _("Not done: the amount has changed since, or a person has to decide")

    bulk = models.ForeignKey(BulkRefund, on_delete=models.PROTECT, related_name="rows")
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PENDING)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    refunds = models.ManyToManyField(Refund, related_name="+")

    class Meta:
        verbose_name = _("part of a refund")
        verbose_name_plural = _("parts of a refund")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["bulk", "registration"], name="bulk_refund_row_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="bulk_refund_row_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.registration.reference}: {self.amount}"

"""ClosedMonth: a month of the books nothing is added to any more."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ClosedMonth(models.Model):
    """What the month came to when it was closed. A fact told later is booked in the first month still open."""

    month = models.DateField(_("month"), unique=True, help_text=_("Its first day."))
    closed_at = models.DateTimeField(_("closed at"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("closed by")
    )
    entries = models.PositiveIntegerField(_("entries"))
    #: {"payment": "1234.56", ...}: the sum of each kind of entry.
    totals = models.JSONField(_("totals"), default=dict)
    #: SHA-256 over the month's entries in their order: the same books give the same digest.
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("closed month")
        verbose_name_plural = _("closed months")
        ordering = ["-month"]
        constraints = [
            models.CheckConstraint(condition=models.Q(month__day=1), name="closed_month_is_its_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

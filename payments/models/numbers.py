"""NumberSeries: the counter documents take their number from. One row per kind and year."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

PREFIX = r"^[A-Z]{1,4}$"


class DocumentKind(models.TextChoices):
    INVOICE = "invoice", _("Invoice")
    CREDIT_NOTE = "credit_note", _("Credit note")


class NumberSeries(models.Model):
    """Consecutive and without a gap (Royal Decree no. 1, article 5, paragraph 1, 1°): a row, not a database sequence.

    A number is taken in the transaction that issues its document, so one that is rolled back gives its number back.
    The prefix is kept for the year, so that two series never run side by side.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=DocumentKind)
    year = models.PositiveSmallIntegerField(_("year"))
    prefix = models.CharField(_("prefix"), max_length=4)
    last_number = models.PositiveIntegerField(_("last number"), default=0)
    #: Documents are dated in the order of their numbers.
    last_issued_on = models.DateField(_("last issued on"), null=True, blank=True)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        ordering = ["-year", "kind"]
        constraints = [models.UniqueConstraint(fields=["kind", "year"], name="number_series_once_a_year")]

    def __str__(self) -> str:
        return f"{self.prefix}{self.year}-{self.last_number:04d}"

    @classmethod
    def take(cls, kind: str, *, prefix: str, on: date) -> tuple[int, str, date]:
        """The next (number, as it is written, date of the document) of the day's year. To be called in a transaction.

        The row stays locked until the transaction ends; it is the last lock any deed takes. The date is `on`, or that
        of the number before when that is later: two deeds at midnight may arrive in the other order.
        """
        cls.objects.get_or_create(kind=kind, year=on.year, defaults={"prefix": prefix})
        series = cls.objects.select_for_update(of=("self",), no_key=True).get(kind=kind, year=on.year)
        series.last_number += 1
        series.last_issued_on = max(on, series.last_issued_on or on)
        series.save(update_fields=["last_number", "last_issued_on"])
        return series.last_number, str(series), series.last_issued_on

"""What people say they would pay: a study, and its answers without anybody's name."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from payments.lab import demand, van_westendorp
from payments.models.days import DAYS, days_near


class PriceStudy(models.Model):
    """A question about prices that was put to people in a period."""

    class Method(models.TextChoices):
        FOUR_PRICES = "four_prices", _("Van Westendorp: four prices")
        ASKED_PRICES = "asked_prices", _("Gabor-Granger: would you come at this price?")

    name = models.CharField(_("name"), max_length=120, unique=True, help_text=_("As it stands in the decision paper."))
    method = models.CharField(_("method"), max_length=14, choices=Method)
    question = models.TextField(_("question"), max_length=1000, help_text=_("As it was put to people, word for word."))
    source = models.CharField(
        _("who was asked, and how"), max_length=250, help_text=_("For instance: survey after a visit, 40 sent.")
    )
    starts_on = models.DateField(_("asked from"), validators=DAYS)
    ends_on = models.DateField(_("asked until"), validators=DAYS)
    is_example = models.BooleanField(
        _("example"), default=False, help_text=_("Invented answers, marked so wherever they are shown.")
    )

    class Meta:
        verbose_name = _("price study")
        verbose_name_plural = _("price studies")
        ordering = ["-ends_on", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="price_study_ends_after_it_starts",
                violation_error_message=_("The period ends before it begins."),
            ),
            days_near("price_study", "starts_on", "ends_on"),
        ]

    def __str__(self) -> str:
        return self.name


class PriceAnswer(models.Model):
    """One person's answer. Four prices, or yes and no per asked price; never both, and nobody's name."""

    study = models.ForeignKey(PriceStudy, on_delete=models.CASCADE, related_name="answers")
    #: A word of the study's own that groups people: "member", "guest", a province.
    segment = models.CharField(_("segment"), max_length=40, blank=True)
    too_cheap = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    cheap = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    expensive = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    too_expensive = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    #: Asked price (as text) -> whether this person would come at it.
    said = models.JSONField(default=dict, blank=True)
    #: What this person did pay excl. VAT, where the study knows.
    paid = models.DecimalField(_("paid"), max_digits=8, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                # Unknown is not false to the database: without isnull an answer that lacks a price would pass.
                condition=Q(too_cheap__isnull=False, cheap__isnull=False, expensive__isnull=False)
                & Q(too_expensive__isnull=False, said={})
                & Q(too_cheap__gte=0, cheap__gte=0, expensive__gte=0, too_expensive__gte=0)
                | (
                    Q(too_cheap__isnull=True, cheap__isnull=True, expensive__isnull=True, too_expensive__isnull=True)
                    & ~Q(said={})
                ),
                name="price_answer_of_one_method",
            ),
            models.CheckConstraint(condition=Q(paid__isnull=True) | Q(paid__gte=0), name="price_answer_paid"),
        ]

    def __str__(self) -> str:
        return f"{self.study}, {self.pk}"

    def as_four_prices(self) -> van_westendorp.Answer:
        """Only for an answer of a study of four prices."""
        prices = (self.too_cheap, self.cheap, self.expensive, self.too_expensive)
        return van_westendorp.Answer(*(price for price in prices if price is not None))

    def as_limit(self) -> demand.Limit:
        """Only for an answer of a study of asked prices."""
        return demand.Limit(tuple(sorted((demand.price_of(price), bool(yes)) for price, yes in self.said.items())))

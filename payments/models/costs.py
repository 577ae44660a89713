"""What visits cost: lines per visit, shared programme costs, and the versioned rule that makes a cost price of them."""

from datetime import date
from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from events.models import Event
from payments.lab import costs as lab
from payments.models.days import DAYS, days_near

BASIS_HELP = _(
    "What the amount is for: the whole visit, each participant, each bus, an hour, or a part of the takings."
)
KEY_HELP = _("How the visits of the period share it: each as much, or by what each of them weighs.")


def today() -> date:
    return timezone.localdate()


class Dated(models.Model):
    """An amount that was planned, and what it became, each with its day. Excl. VAT."""

    planned = models.DecimalField(
        _("planned"),
        max_digits=10,
        decimal_places=2,
        validators=[MinValueValidator(0)],
        help_text=_("Excl. VAT; a percentage where the basis is one."),
    )
    planned_on = models.DateField(
        _("planned on"), default=today, validators=DAYS, help_text=_("The day this amount was expected.")
    )
    actual = models.DecimalField(
        _("actual"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("What it became. Empty: not known yet, the planned amount counts."),
    )
    actual_on = models.DateField(
        _("known on"),
        null=True,
        blank=True,
        validators=DAYS,
        help_text=_("The day of the bill: needed with an actual amount, empty without one."),
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.actual is not None and self.actual_on is None:
            raise ValidationError({"actual_on": _("Say on which day the actual amount became known.")})
        if self.actual is None and self.actual_on is not None:
            raise ValidationError({"actual": _("There is a day and no actual amount: fill it in, or empty the day.")})


def dated(name: str, *days: str) -> list[models.CheckConstraint]:
    """What the database holds a dated amount to, and its other days."""
    return [
        models.CheckConstraint(condition=Q(planned__gte=0), name=f"{name}_planned_not_negative"),
        models.CheckConstraint(
            condition=Q(actual__isnull=True, actual_on__isnull=True) | Q(actual__gte=0, actual_on__isnull=False),
            name=f"{name}_actual_has_a_day",
        ),
        days_near(name, "planned_on", "actual_on", *days),
    ]


class EventCosts(ClusterableModel):
    """The costs of one visit, and with how many participants they are reckoned."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="costs", verbose_name=_("visit"))
    expected = models.PositiveIntegerField(
        _("expected participants"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        help_text=_("For the cost price. Empty: the share of the capacity that the rule says."),
    )
    note = models.TextField(_("note"), blank=True, max_length=1000, help_text=_("Only seen here."))

    class Meta:
        verbose_name = _("costs of a visit")
        verbose_name_plural = _("costs of visits")
        ordering = ["-event__starts_at"]

    def __str__(self) -> str:
        return str(self.event)


class CostLine(Dated, Orderable):
    """One cost of a visit. See payments.lab.costs for what each basis means."""

    class Basis(models.TextChoices):
        FIXED = "fixed", _("for the visit")
        PARTICIPANT = "participant", _("per participant")
        BUS = "bus", _("per bus")
        PERCENTAGE = "percentage", _("percentage of what participants pay")
        HOURS = "hours", _("hours of a partner")

    costs = ParentalKey(EventCosts, on_delete=models.CASCADE, related_name="lines")
    name = models.CharField(_("what"), max_length=120, help_text=_("For instance: guide, lunch, coach."))
    basis = models.CharField(_("basis"), max_length=12, choices=Basis, default=Basis.FIXED)
    quantity = models.DecimalField(
        _("hours"),
        max_digits=8,
        decimal_places=2,
        default=1,
        validators=[MinValueValidator(0)],
        help_text=_("Only for hours: how many, at the amount per hour."),
    )
    size = models.PositiveSmallIntegerField(
        _("seats per bus"),
        default=50,
        validators=[MinValueValidator(1)],
        help_text=_("Only for a bus: how many seats it has."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("cost line")
        verbose_name_plural = _("cost lines")
        constraints = [
            *dated("cost_line"),
            models.CheckConstraint(condition=Q(quantity__gte=0, size__gte=1), name="cost_line_measures"),
            models.CheckConstraint(
                condition=~Q(basis="percentage") | (Q(planned__lt=100) & (Q(actual__isnull=True) | Q(actual__lt=100))),
                name="cost_line_percentage_below_100",
                violation_error_message=_("A percentage is below 100."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def as_planned(self) -> lab.CostLine:
        return lab.CostLine(self.name, self.basis, self.planned, self.quantity, self.size)

    def as_known(self) -> lab.CostLine:
        """The actual amount, or the planned one while it is not known."""
        value = self.planned if self.actual is None else self.actual
        return lab.CostLine(self.name, self.basis, value, self.quantity, self.size)


class ProgrammeCost(Dated):
    """A cost of the whole programme in a period, borne by the visits in it by a key."""

    class Key(models.TextChoices):
        VISITS = "visits", _("equally per visit")
        PARTICIPANTS = "participants", _("by participants")
        CAPACITY = "capacity", _("by capacity")
        REVENUE = "revenue", _("by revenue")

    name = models.CharField(_("what"), max_length=120, help_text=_("For instance: coordination, website, promotion."))
    key = models.CharField(_("allocation key"), max_length=12, choices=Key, default=Key.VISITS)
    starts_on = models.DateField(_("from"), validators=DAYS, help_text=_("Visits from this day bear it."))
    ends_on = models.DateField(
        _("until"), validators=DAYS, help_text=_("Visits until this day, itself included, bear it.")
    )
    note = models.TextField(_("note"), blank=True, max_length=1000, help_text=_("Only seen here."))

    class Meta:
        verbose_name = _("programme cost")
        verbose_name_plural = _("programme costs")
        ordering = ["-starts_on", "name"]
        constraints = [
            *dated("programme_cost", "starts_on", "ends_on"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="programme_cost_ends_after_it_starts",
                violation_error_message=_("The period ends before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CostPriceRule(models.Model):
    """How a ticket price follows from costs. A rule is never changed: another way of reckoning is the next version."""

    class Bearing(models.TextChoices):
        ALL = "all", _("all participants: a free seat is valued at cost price too")
        PAYING = "paying", _("only those who pay: they bear the free seats")

    version = models.PositiveIntegerField(_("version"), unique=True, editable=False)
    bearing = models.CharField(_("the cost is borne by"), max_length=8, choices=Bearing, default=Bearing.ALL)
    filled = models.PositiveSmallIntegerField(
        _("expected share of the capacity (%)"),
        default=70,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Where a visit does not say how many participants it expects."),
    )
    paying = models.PositiveSmallIntegerField(
        _("of them paying (%)"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Only counts where those who pay bear the cost."),
    )
    with_programme = models.BooleanField(
        _("with programme costs"), default=True, help_text=_("Whether a share of the programme costs is in the price.")
    )
    step = models.DecimalField(
        _("rounded up to"),
        max_digits=6,
        decimal_places=2,
        default=1,
        validators=[MinValueValidator(Decimal("0.01"))],
        help_text=_("In euro: 5 makes 131.20 into 135."),
    )
    note = models.TextField(_("why"), max_length=1000, help_text=_("Finance reads it beside the working."))
    made_at = models.DateTimeField(_("made at"), editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("cost-price rule")
        verbose_name_plural = _("cost-price rules")
        ordering = ["-version"]
        get_latest_by = "version"
        constraints = [
            models.CheckConstraint(
                condition=Q(filled__range=(1, 100), paying__range=(1, 100), step__gt=0), name="cost_price_rule_bounds"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="never_changed",
                operation=pgtrigger.UpdateOf(
                    "version", "bearing", "filled", "paying", "with_programme", "step", "note", "made_at"
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Version %(number)s") % {"number": self.version})


class CostPrice(models.Model):
    """A price that a rule derived for a visit on a day, with its working. Rows are added, never changed."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="cost_prices", verbose_name=_("visit"))
    rule = models.ForeignKey(CostPriceRule, on_delete=models.PROTECT, related_name="prices", verbose_name=_("rule"))
    participants = models.PositiveIntegerField(_("participants"))
    bearing = models.PositiveIntegerField(_("seats that bear the cost"))
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=2)
    price = models.DecimalField(_("price excl. VAT"), max_digits=8, decimal_places=2)
    #: What went in: [name, basis, value, quantity, size] of each line, so that it can be reckoned again.
    inputs = models.JSONField(default=dict)
    #: [[sum, outcome], …] in the order of payments.lab.costs.STEPS, as it was reckoned that day.
    working = models.JSONField(default=list)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("cost price")
        verbose_name_plural = _("cost prices")
        ordering = ["-made_at", "-pk"]
        triggers = [
            pgtrigger.Protect(
                name="never_changed",
                operation=pgtrigger.UpdateOf(
                    "participants", "bearing", "cost", "price", "inputs", "working", "made_at"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.price}"

    @property
    def steps(self) -> list[lab.Step]:
        """The working with its words and its decimal sign, in the active language."""
        sign = get_format("DECIMAL_SEPARATOR")
        return [
            lab.Step(what, sum_.replace(".", sign), Decimal(value))
            for what, (sum_, value) in zip(lab.STEPS, self.working, strict=True)
        ]

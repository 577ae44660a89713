"""The log of experiments: what was to be found out, fixed before it starts, and what came of it at the planned look."""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from events.models import Event
from payments.models.days import DAYS, days_near
from payments.models.revenue_models import RevenueModel

#: What is fixed when an experiment starts; the database refuses another value after that.
DESIGN = (
    "name",
    "hypothesis",
    "measure",
    "decision_rule",
    "control_id",
    "trial_id",
    "share_now",
    "share_hoped",
    "alpha",
    "power",
    "look_on",
    "per_group",
    "started_at",
)

_STARTED = """
    IF EXISTS (
        SELECT 1 FROM payments_experiment
        WHERE id IN (NEW.experiment_id, OLD.experiment_id) AND started_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'The experiment has started: its visits stay as they are.' USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
"""


#: A look is at most so many years after the start.
MOST_YEARS = 5

#: What is asked of the visits when an experiment starts. Their rows are locked first, in order, so that of two starts
#: at the same moment the second sees the first.
_STARTS = """
    PERFORM 1 FROM events_event
        WHERE id IN (SELECT event_id FROM payments_experimentvisit WHERE experiment_id = NEW.id) ORDER BY id FOR UPDATE;
    IF EXISTS (
        SELECT 1 FROM payments_experimentvisit mine JOIN events_event event ON event.id = mine.event_id
        WHERE mine.experiment_id = NEW.id AND (event.ends_at AT TIME ZONE 'Europe/Brussels')::date > NEW.look_on
    ) THEN
        RAISE EXCEPTION 'The look comes before the last visit is over.' USING ERRCODE = '23514';
    END IF;
    IF EXISTS (
        SELECT 1 FROM payments_experimentvisit mine
        JOIN payments_experimentvisit theirs ON theirs.event_id = mine.event_id AND theirs.experiment_id <> NEW.id
        JOIN payments_experiment other ON other.id = theirs.experiment_id
        WHERE mine.experiment_id = NEW.id AND other.started_at IS NOT NULL AND other.closed_at IS NULL
    ) THEN
        RAISE EXCEPTION 'A visit is in another experiment that runs.' USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
"""


class Experiment(models.Model):
    """A revenue model tried on some visits against another on others. Visits are assigned, never people in secret."""

    class Measure(models.TextChoices):
        FILLED = "filled", _("seats taken, of the seats there are")
        PAYING = "paying", _("participants who pay, of all participants")
        CAME = "came", _("participants who came, of those of whom it was noted")

    class Verdict(models.TextChoices):
        BETTER = "better", _("better")
        WORSE = "worse", _("worse")
        NOT_DECIDABLE = "not decidable", _("not decidable with this many")

    name = models.CharField(_("name"), max_length=120, unique=True)
    hypothesis = models.TextField(
        _("hypothesis"), max_length=1000, help_text=_("What you expect, and why; written before it starts.")
    )
    measure = models.CharField(_("measure"), max_length=8, choices=Measure)
    control = models.ForeignKey(
        RevenueModel, on_delete=models.PROTECT, related_name="+", verbose_name=_("model on the control visits")
    )
    trial = models.ForeignKey(
        RevenueModel, on_delete=models.PROTECT, related_name="+", verbose_name=_("model on the trial visits")
    )
    share_now = models.DecimalField(
        _("share now"),
        max_digits=4,
        decimal_places=3,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("What the measure is without the trial: 0.6 is 60 %."),
    )
    share_hoped = models.DecimalField(
        _("share worth finding"),
        max_digits=4,
        decimal_places=3,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("The smallest change that would make you decide otherwise."),
    )
    alpha = models.DecimalField(
        _("significance level"),
        max_digits=3,
        decimal_places=2,
        default="0.05",
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal("0.2"))],
    )
    power = models.DecimalField(
        _("power"),
        max_digits=3,
        decimal_places=2,
        default="0.80",
        validators=[MinValueValidator(Decimal("0.5")), MaxValueValidator(Decimal("0.99"))],
    )
    look_on = models.DateField(
        _("look on"),
        validators=DAYS,
        help_text=_(
            "The one day from which the lab compares the groups, not before the last of their visits is over. What "
            "finance's reports say of each visit stays to be read."
        ),
    )
    decision_rule = models.TextField(
        _("decision rule"), max_length=1000, help_text=_("What you will do when it is better, worse, not decidable.")
    )
    #: People per group that share_now and share_hoped ask for; reckoned when it starts.
    per_group = models.PositiveIntegerField(_("people needed per group"), null=True, editable=False)
    started_at = models.DateTimeField(_("started at"), null=True, editable=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    verdict = models.CharField(_("verdict"), max_length=14, choices=Verdict, blank=True, editable=False)
    #: The counts and statistics the verdict was given on, as they were that day.
    figures = models.JSONField(default=dict, editable=False)
    conclusion = models.TextField(_("conclusion"), max_length=2000, blank=True, editable=False)

    class Meta:
        verbose_name = _("experiment")
        verbose_name_plural = _("experiments")
        ordering = ["-look_on", "name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(control=F("trial")),
                name="experiment_of_two_models",
                violation_error_message=_("Control and trial are the same model."),
            ),
            models.CheckConstraint(
                condition=~Q(share_now=F("share_hoped")),
                name="experiment_seeks_a_difference",
                violation_error_message=_("The two shares are the same: there is nothing to find."),
            ),
            days_near("experiment", "look_on"),
            models.CheckConstraint(
                condition=Q(started_at__isnull=True)
                | Q(
                    look_on__gte=F("started_at__date"),
                    look_on__year__lte=F("started_at__year") + MOST_YEARS,
                ),
                name="experiment_look_follows_the_start",
            ),
            models.CheckConstraint(
                condition=Q(started_at__isnull=True, per_group__isnull=True)
                | Q(started_at__isnull=False, per_group__isnull=False),
                name="experiment_sized_when_started",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, verdict="")
                | (Q(closed_at__isnull=False, started_at__isnull=False) & ~Q(verdict="")),
                name="experiment_closed_with_a_verdict",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="starts_on_visits_of_its_own",
                operation=pgtrigger.UpdateOf("started_at"),
                when=pgtrigger.After,
                condition=pgtrigger.Q(old__started_at__isnull=True, new__started_at__isnull=False),
                func=_STARTS,
            ),
            pgtrigger.Protect(
                name="design_is_fixed",
                operation=pgtrigger.UpdateOf(*DESIGN),
                condition=pgtrigger.Q(old__started_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="result_is_fixed",
                operation=pgtrigger.UpdateOf("closed_at", "verdict", "figures", "conclusion"),
                condition=pgtrigger.Q(old__closed_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="stays_once_started",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__started_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_started(self) -> bool:
        return self.started_at is not None

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class ExperimentVisit(models.Model):
    """A visit in one of the two groups. Fixed, by the database, when the experiment starts."""

    class Group(models.TextChoices):
        CONTROL = "control", _("control")
        TRIAL = "trial", _("trial")

    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="visits")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+", verbose_name=_("visit"))
    group = models.CharField(_("group"), max_length=7, choices=Group)

    class Meta:
        verbose_name = _("visit of an experiment")
        verbose_name_plural = _("visits of an experiment")
        ordering = ["event__starts_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["experiment", "event"], name="experiment_has_a_visit_once")]
        triggers = [
            pgtrigger.Trigger(
                name="fixed_once_started",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.After,
                func=_STARTED,
            )
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.get_group_display()}"

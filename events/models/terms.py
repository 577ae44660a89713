"""What an event promises and asks: its cancellation ladder, and the organisations its host would rather not receive."""

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from events.days import days_before
from events.models.event import Event
from events.models.ticket_type import CENT


class CancellationStep(models.Model):
    """One rung: whoever cancels fewer than so many days before the visit pays this share of the price."""

    event = ParentalKey(Event, on_delete=models.CASCADE, related_name="cancellation_steps")
    days_before = models.PositiveSmallIntegerField(
        _("fewer than so many days before"),
        validators=[MaxValueValidator(365)],
        help_text=_("14: from fourteen days before the visit starts until it starts."),
    )
    fee_percent = models.PositiveSmallIntegerField(
        _("share of the price kept (%)"),
        validators=[MaxValueValidator(100)],
        default=100,
        help_text=_("100: nothing is given back. 0: everything is."),
    )

    class Meta:
        verbose_name = _("cancellation step")
        verbose_name_plural = _("cancellation steps")
        ordering = ["-days_before"]
        constraints = [
            models.UniqueConstraint(fields=["event", "days_before"], name="cancellation_step_once_per_day"),
            models.CheckConstraint(condition=Q(fee_percent__lte=100), name="cancellation_step_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"< {self.days_before} d: {self.fee_percent} %"


class Rung(NamedTuple):
    """A step as it was promised: copied onto the registration, so that a later change does not touch it."""

    days_before: int
    fee_percent: int


class StepsLeft(NamedTuple):
    """As `Ladder.steps`, from where it stands; `has_begun` when cancelling is not free any more."""

    steps: list[tuple[datetime, int]]
    has_begun: bool


class Ladder:
    """The cancellation terms of one order. Without steps cancelling is free until the visit starts."""

    def __init__(self, rungs: Iterable[tuple[int, int]]) -> None:
        #: Widest first.
        self.rungs = sorted((Rung(*rung) for rung in rungs), reverse=True)

    def fee_percent(self, *, starts_at: datetime, at: datetime) -> int:
        """The share kept when cancelling at this moment: that of the narrowest step already reached."""
        reached = [percent for moment, percent in self.steps(starts_at) if at > moment]
        return reached[-1] if reached else 0

    def fee(self, price: Decimal, *, starts_at: datetime, at: datetime) -> Decimal:
        """What is kept of a price (VAT included), rounded half up to the cent."""
        share = Decimal(self.fee_percent(starts_at=starts_at, at=at)) / 100
        return (price * share).quantize(CENT, ROUND_HALF_UP)

    def steps(self, starts_at: datetime) -> list[tuple[datetime, int]]:
        """(from this moment on, share kept), in the order of time: what a person reads before ordering."""
        return [(days_before(starts_at, rung.days_before), rung.fee_percent) for rung in self.rungs]

    def left(self, *, starts_at: datetime, at: datetime) -> StepsLeft:
        """The steps that still say something to whoever reads them now: the one they stand on, and those to come."""
        steps = self.steps(starts_at)
        reached = sum(1 for moment, _percent in steps if at > moment)
        has_begun = reached > 0 and steps[reached - 1][1] > 0
        return StepsLeft(steps[reached - 1 if has_begun else reached :], has_begun)


class VetoQuerySet(models.QuerySet["Veto"]):
    def of_mailboxes(self, emails: Iterable[str]) -> "VetoQuerySet":
        """Whose organisation has the domain of one of these addresses."""
        domains = {email.rpartition("@")[2].strip().lower() for email in emails if email}
        return self.filter(organisation__email_domains__domain__in=domains)


class Veto(models.Model):
    """A host would rather not receive this organisation: its registrations wait for the organiser. Never shown."""

    event = ParentalKey(Event, on_delete=models.CASCADE, related_name="vetoes")
    organisation = models.ForeignKey(
        "cms.Organisation",
        on_delete=models.CASCADE,
        related_name="vetoes",
        verbose_name=_("organisation"),
        help_text=_("Its people can register; their registration waits for your yes."),
    )
    reason = models.CharField(
        _("reason (private)"),
        max_length=250,
        blank=True,
        help_text=_("For your colleagues: nobody outside this office reads it."),
    )

    objects = VetoQuerySet.as_manager()

    class Meta:
        verbose_name = _("veto of the host")
        verbose_name_plural = _("vetoes of the host")
        ordering = ["organisation"]
        constraints = [models.UniqueConstraint(fields=["event", "organisation"], name="veto_once")]

    def __str__(self) -> str:
        return str(self.organisation)

"""What somebody needs on the day, apart from everything else and gone soon after; and who agreed to what."""

from datetime import date, datetime, time, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models.attendee import Attendee

#: Diet and access needs can tell about health or belief (GDPR, article 9): they go a week after the visit.
NEEDS_KEPT = timedelta(days=7)


class NeedsQuerySet(models.QuerySet["Needs"]):
    def served(self, at: datetime) -> "NeedsQuerySet":
        """Whose day of deletion has come: so many days after the visit as it is planned now, moved or not."""
        midnight = datetime.combine(timezone.localtime(at).date() - NEEDS_KEPT + timedelta(days=1), time.min)
        return self.filter(attendee__event__ends_at__lt=timezone.make_aware(midnight, timezone.get_default_timezone()))


class Needs(models.Model):
    """Diet, access, protective clothing, licence plate of one attendee. Asked only where the event needs it."""

    attendee = models.OneToOneField(Attendee, on_delete=models.CASCADE, related_name="needs")
    diet = models.CharField(_("diet"), max_length=250, blank=True)
    access = models.CharField(_("access needs"), max_length=250, blank=True)
    shoe_size = models.CharField(_("shoe size"), max_length=10, blank=True)
    clothing_size = models.CharField(_("clothing size"), max_length=10, blank=True)
    licence_plate = models.CharField(_("licence plate"), max_length=20, blank=True)

    objects = NeedsQuerySet.as_manager()

    class Meta:
        verbose_name = _("needs")
        verbose_name_plural = _("needs")
        ordering = ["attendee"]

    def __str__(self) -> str:
        return str(self.attendee)

    @property
    def purge_on(self) -> date:
        """Derived, so that another date for the visit, or a move to another visit, moves it too."""
        return (timezone.localtime(self.attendee.event.ends_at) + NEEDS_KEPT).date()


class Consent(models.Model):
    """One person agreed to one purpose, in these words, at this time; and may have taken it back."""

    class Purpose(models.TextChoices):
        NEEDS = "needs", _("Diet and access needs, for the day itself")
        NEWS = "news", _("News of later visits")

    attendee = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    wording = models.TextField(_("wording"), help_text=_("The sentence as it stood there."))
    given_at = models.DateTimeField(_("given at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["attendee", "purpose"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="consent_once_per_purpose",
            )
        ]

    def __str__(self) -> str:
        return f"{self.attendee}: {self.get_purpose_display()}"

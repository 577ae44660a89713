"""Letter: a mail we owe somebody. Written down in the deed's own transaction, sent by a task afterwards."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models.attendee import Attendee
from events.models.registration import Registration

#: How long to wait after the first, second, ... failed attempt. After the last one a person has to look.
RETRIES = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440)]


class LetterQuerySet(models.QuerySet["Letter"]):
    def due(self, at: datetime) -> "LetterQuerySet":
        """Not sent yet, and its next attempt has come."""
        return self.filter(sent_at__isnull=True, next_attempt_at__lte=at)

    def held_up(self) -> "LetterQuerySet":
        """Tried, not sent yet, and it will be tried again: the mail server does not take it."""
        return self.filter(sent_at__isnull=True, next_attempt_at__isnull=False, attempts__gt=0)

    def given_up(self) -> "LetterQuerySet":
        """Not delivered, and nobody but a person can change that: every attempt failed, or it came back."""
        return self.filter(Q(sent_at__isnull=True, next_attempt_at__isnull=True) | Q(bounced_at__isnull=False))


class Letter(models.Model):
    """One mail to one person. `occasion` makes a repeatable kind unique; the same letter is never written twice."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="letters")
    #: Whose seat it is about, when it is not about all of them.
    attendee = models.ForeignKey(Attendee, null=True, blank=True, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(_("kind"), max_length=60)
    occasion = models.CharField(max_length=120, blank=True)
    recipient = models.EmailField(_("recipient"))
    facts = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(_("written at"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    #: Subject and text as they went out, without their links: what somebody on the phone has before them. It goes with
    #: its people.
    sent_text = models.TextField(_("as it was sent"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt at"), null=True, blank=True, default=timezone.now)
    last_error = models.CharField(_("last error"), max_length=250, blank=True)
    #: It went out and came back; why stands in last_error.
    bounced_at = models.DateTimeField(_("came back at"), null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="letter_due", condition=Q(sent_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["registration", "kind", "occasion"], name="letter_written_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} -> {self.recipient}"

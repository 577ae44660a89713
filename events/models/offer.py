"""Offer: seats set aside for somebody from the waiting list, until a moment. What came of it stays readable."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from events.models.registration import Registration

#: So long before its end an organiser may still telephone.
RUNNING_OUT = timedelta(hours=24)


class OfferQuerySet(models.QuerySet["Offer"]):
    def open(self) -> "OfferQuerySet":
        return self.filter(answer="")

    def running_out(self, at: datetime) -> "OfferQuerySet":
        """Still to be answered, and within a day of their end; the first to end first."""
        return self.open().filter(expires_at__lte=at + RUNNING_OUT).order_by("expires_at", "pk")


class Offer(models.Model):
    """So many seats for one registration. It may be fewer than were asked for, when the contact agreed to that."""

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Expired")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="offers")
    seats = models.PositiveSmallIntegerField(_("seats"))
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("expires at"))
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["registration"], condition=Q(answer=""), name="offer_one_open"),
            models.CheckConstraint(condition=Q(seats__gte=1), name="offer_of_a_seat"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="offer_lasts"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="offer_answer_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration.reference}: {self.seats}"

"""StripeEvent: a notice Stripe sent us. Kept before it is acted on; its body is a hint, the object
is fetched again."""

from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StripeEventQuerySet(models.QuerySet["StripeEvent"]):
    def told_too_early(self, *, since: datetime) -> "StripeEventQuerySet":
        """About money whose payment was not known yet, perhaps: looked at since then, and found to be of nobody here.

        Notices come in any order, so they are looked at again once a payment was received.
        """
        return self.filter(status=StripeEvent.Status.IGNORED, attempts__gt=0, received_at__gte=since).filter(
            models.Q(type__startswith="refund.")
            | models.Q(type__startswith="charge.dispute.")
            | models.Q(type__startswith="radar.")
        )


class StripeEvent(models.Model):
    """One delivery, unique by Stripe's event id, so that a repeated delivery changes nothing."""

    class Status(models.TextChoices):
        RECEIVED = "received", _("Received")
        PROCESSED = "processed", _("Processed")
        IGNORED = "ignored", _("Not for us")
        FAILED = "failed", _("Failed")

    event_id = models.CharField(_("event"), max_length=255, unique=True)
    type = models.CharField(_("type"), max_length=100)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.RECEIVED)
    #: What it is about ("cs_…"); empty for a notice about no single object. The rest of the body is a hint that names
    #: people, so it is not kept: the object is fetched again.
    object_id = models.CharField(_("object"), max_length=255, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt at"), default=timezone.now)
    error = models.TextField(_("error"), blank=True)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    processed_at = models.DateTimeField(_("processed at"), null=True, blank=True)

    objects = StripeEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("Stripe event")
        verbose_name_plural = _("Stripe events")
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["status", "received_at"], name="stripe_event_status")]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"

"""StripeEvent: a notice Stripe sent us. Kept before it is acted on; its body is a hint, the object
is fetched again."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

#: A notice that fails is tried again for a week, and so often at least: a worker that was down begins late.
KEEP_TRYING = timedelta(days=7)
OFTEN_ENOUGH = 10


class StripeEventQuerySet(models.QuerySet["StripeEvent"]):
    def to_try(self, *, at: datetime) -> "StripeEventQuerySet":
        """Not acted on yet, however long ago it came; or failed, and tried again by itself."""
        is_young = models.Q(received_at__gt=at - KEEP_TRYING) | models.Q(attempts__lt=OFTEN_ENOUGH)
        received = models.Q(status=StripeEvent.Status.RECEIVED)
        return self.filter(received | models.Q(is_young, status=StripeEvent.Status.FAILED), next_attempt_at__lte=at)

    def given_up(self, *, at: datetime) -> "StripeEventQuerySet":
        """Failed so long and so often that it is tried again only when a person says so."""
        return self.filter(
            status=StripeEvent.Status.FAILED, received_at__lte=at - KEEP_TRYING, attempts__gte=OFTEN_ENOUGH
        )

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

    @property
    def is_open(self) -> bool:
        """Nothing came of it yet: it was not acted on, or that failed."""
        return self.status in {self.Status.RECEIVED, self.Status.FAILED}

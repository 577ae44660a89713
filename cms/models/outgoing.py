"""Outgoing webhooks: who is told of what, each thing told, and every attempt at telling it."""

import base64
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.translation import gettext_lazy as _

from cms.outgoing.posting import Problem, check_address

#: How long to wait after the first, second, ... failed attempt; the last one is made three days and three and a half
#: hours after the first.
RETRIES = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
]
#: An endpoint that took nothing for so long while it was tried is switched off.
PATIENCE = timedelta(days=5)
#: So long what was told, and every attempt at it, is kept.
KEPT = timedelta(days=30)
#: So long a new secret is joined by the former one.
BOTH_SECRETS = timedelta(hours=24)
#: Whoever took a delivery has it alone for so long. Sending takes at most 15 seconds.
CLAIM = timedelta(minutes=5)


def new_seed() -> str:
    return secrets.token_hex(16)


def secret_of(seed: str, key: str | bytes) -> bytes:
    """The secret this seed stands for. Only the seed is stored: a copy of the database signs nothing."""
    return hmac.digest(force_bytes(key), f"cms.webhook:{seed}".encode(), hashlib.sha256)


class WebhookEndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    def wanting(self, kinds: list[str]) -> "WebhookEndpointQuerySet":
        """Those that want to be told of any of these kinds."""
        return self.filter(is_active=True, kinds__overlap=kinds)

    def switched_off(self) -> "WebhookEndpointQuerySet":
        """By us, because it took nothing; a person has to look."""
        return self.filter(is_active=False, switched_off_at__isnull=False)


class WebhookEndpoint(models.Model):
    """An address of somebody else's system that wants to be told. Made by an administrator."""

    url = models.CharField(
        _("address"),
        max_length=500,
        unique=True,
        validators=[check_address],
        help_text=_("Where it listens: https, on the public internet."),
    )
    description = models.CharField(
        _("description"), max_length=200, help_text=_("Whose system it is, and whom to ask when it does not answer.")
    )
    kinds = ArrayField(models.CharField(max_length=60), verbose_name=_("is told of"))
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("One that is not active is told nothing, not even later.")
    )
    seed = models.CharField(max_length=32, default=new_seed, editable=False)
    #: The secret before this one, while both are valid.
    former_seed = models.CharField(max_length=32, blank=True, editable=False)
    former_until = models.DateTimeField(_("former secret until"), null=True, editable=False)
    #: The first attempt that failed since one succeeded.
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    switched_off_at = models.DateTimeField(_("switched off at"), null=True, editable=False)
    switched_off_why = models.CharField(_("why"), max_length=12, blank=True, choices=Problem, editable=False)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["url"]
        constraints = [
            models.CheckConstraint(
                condition=Q(former_seed="", former_until__isnull=True)
                | (~Q(former_seed="") & Q(former_until__isnull=False)),
                name="webhook_former_secret_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(switched_off_at__isnull=True) | Q(is_active=False),
                name="webhook_switched_off_is_not_active",
            ),
        ]

    def __str__(self) -> str:
        return self.description or self.url

    @property
    def secret(self) -> str:
        """As Standard Webhooks writes it. Shown once, after it was made."""
        return f"whsec_{base64.b64encode(secret_of(self.seed, settings.SECRET_KEY)).decode()}"

    def secrets_at(self, at: datetime) -> Iterator[bytes]:
        """The secrets to sign with: the newest first. With the site's own former keys, while it still accepts those."""
        seeds = [self.seed]
        if self.former_until is not None and at < self.former_until:
            seeds.append(self.former_seed)
        for seed in seeds:
            for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
                yield secret_of(seed, key)

    @property
    def state(self) -> str:
        """One word for the list."""
        if self.switched_off_at is not None:
            return str(_("Switched off: it did not answer"))
        if not self.is_active:
            return str(_("Not active"))
        return str(_("Failing")) if self.failing_since is not None else str(_("Active"))


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def due(self, at: datetime) -> "WebhookDeliveryQuerySet":
        return self.filter(state=WebhookDelivery.State.WAITING, next_at__lte=at, endpoint__is_active=True)

    def old(self, at: datetime) -> "WebhookDeliveryQuerySet":
        """Those nothing is done with any more, past the days they are kept."""
        return self.filter(created_at__lt=at - KEPT).exclude(state=WebhookDelivery.State.WAITING)


class WebhookDelivery(models.Model):
    """One message to one endpoint. Written in the transaction of what it tells; sent by a task afterwards."""

    class State(models.TextChoices):
        WAITING = "waiting", _("On its way")
        DELIVERED = "delivered", _("Delivered")
        GIVEN_UP = "given_up", _("Given up")

    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("webhook")
    )
    #: The same for every endpoint and every attempt, so that a receiver can tell a repetition.
    message_id = models.CharField(_("message"), max_length=64)
    kind = models.CharField(_("kind"), max_length=60)
    payload = models.JSONField(_("content"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    #: Failed attempts since it was written, or since a person sent it again.
    failures = models.PositiveSmallIntegerField(_("failed attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt at"), null=True)
    created_at = models.DateTimeField(_("written at"), default=timezone.now)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["next_at"], name="webhook_due", condition=Q(state="waiting")),
            models.Index(fields=["created_at"], name="webhook_delivery_age"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "message_id"], name="webhook_told_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", next_at__isnull=False) | (~Q(state="waiting") & Q(next_at__isnull=True)),
                name="webhook_waiting_has_a_next_attempt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id}"

    @staticmethod
    def id_of(kind: str, subject: str, at: datetime) -> str:
        """The same for the same fact, so that what a deed says twice is told once."""
        return f"msg_{uuid.uuid5(uuid.NAMESPACE_URL, f'{kind}/{subject}/{at.isoformat()}').hex}"

    @classmethod
    def retry_after(cls, failures: int) -> timedelta | None:
        """How long to wait after so many failed attempts; None when that was the last."""
        return RETRIES[failures - 1] if failures <= len(RETRIES) else None


class WebhookAttempt(models.Model):
    """One attempt, and how it ended. What the other side said is not kept."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField(_("at"))
    #: The answer's HTTP status; None when nothing answered.
    status = models.PositiveSmallIntegerField(_("answer"), null=True)
    milliseconds = models.PositiveIntegerField(_("took (ms)"))
    problem = models.CharField(_("problem"), max_length=12, blank=True, choices=Problem)

    class Meta:
        verbose_name = _("webhook attempt")
        verbose_name_plural = _("webhook attempts")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.status or self.problem}"


def with_attempts(deliveries: Any) -> Any:
    """With `tries`, how many attempts were made, and `last_problem` of the last of them."""
    last = WebhookAttempt.objects.filter(delivery=models.OuterRef("pk")).order_by("-at", "-pk")
    return deliveries.annotate(tries=models.Count("attempts"), last_problem=models.Subquery(last.values("problem")[:1]))

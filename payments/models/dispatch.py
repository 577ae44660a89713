"""Dispatch: the outbox. What became of a document after it was issued; the document itself never changes."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from payments.models.invoice import Invoice


class DispatchQuerySet(models.QuerySet["Dispatch"]):
    def open(self) -> "DispatchQuerySet":
        """Not known to have reached whom it is for."""
        return self.exclude(state=Dispatch.State.SENT)


class Dispatch(models.Model):
    """One document on one way out. Over Peppol an access point, or the accountant, takes the exported file."""

    class Channel(models.TextChoices):
        PEPPOL = "peppol", _("Peppol")
        MAIL = "mail", _("E-mail")

    class State(models.TextChoices):
        TO_SEND = "to_send", _("To be sent")
        EXPORTED = "exported", _("Exported")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    document = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="dispatches", verbose_name=_("document")
    )
    channel = models.CharField(_("channel"), max_length=6, choices=Channel)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.TO_SEND)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("error"), max_length=500, blank=True)
    #: Of its last change of state.
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = DispatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispatch")
        verbose_name_plural = _("outbox")
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["document", "channel"], name="dispatch_once_per_channel")]

    def __str__(self) -> str:
        return f"{self.document.number} {self.get_channel_display()}: {self.get_state_display()}"

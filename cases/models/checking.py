"""What stands between a case and its readers: the host's yes, and links that lead nowhere."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class HostSignOff(models.Model):
    """A host was asked whether a visit report may be public, and what it said. One row each time it was asked.

    It is about the text in every language, so it hangs on what the translations share.
    """

    class Answer(models.TextChoices):
        AGREED = "agreed", _("Agreed")
        REFUSED = "refused", _("Refused")

    translation_key = models.UUIDField(db_index=True)
    organisation = models.ForeignKey(
        "cms.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    #: SHA-256 in hexadecimal of the link's token, which is in the mail only.
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    #: SHA-256 in hexadecimal of the text the host was shown: another text has not been agreed to.
    content_digest = models.CharField(max_length=64, editable=False)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    answer = models.CharField(_("answer"), max_length=8, choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    #: Who answered for the host, as they wrote it.
    name = models.CharField(_("name"), max_length=150, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("sign-off of a host")
        verbose_name_plural = _("sign-offs of hosts")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                # Not null in so many words: to PostgreSQL, what is unknown is no fault.
                | Q(answer__in=["agreed", "refused"], answered_at__isnull=False, answered_at__gte=F("asked_at"))
                & ~Q(name=""),
                name="sign_off_says_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.asked_at:%Y-%m-%d}"


class DeadLink(models.Model):
    """A link on a page that did not answer when it was last tried. The row goes when the link works again."""

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+", verbose_name=_("page"))
    url = models.URLField(_("address"), max_length=500)
    #: The answer's HTTP status; None when nothing answered.
    status = models.PositiveSmallIntegerField(_("answer"), null=True)
    seen_at = models.DateTimeField(_("seen at"))

    class Meta:
        verbose_name = _("dead link")
        verbose_name_plural = _("dead links")
        ordering = ["page", "url"]
        constraints = [models.UniqueConstraint(fields=["page", "url"], name="dead_link_once")]

    def __str__(self) -> str:
        return self.url

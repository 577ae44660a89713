"""The host's yes to a visit report."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cms.conf import languages

if TYPE_CHECKING:
    from cases.models.pages import CasePage

#: How long a host can answer by the link that was mailed.
LINK_LIFETIME = timedelta(days=30)
_signer = signing.Signer(salt="cases.sign-off", sep=".")


class HostSignOffQuerySet(models.QuerySet["HostSignOff"]):
    def about(self, case: "CasePage") -> "HostSignOffQuerySet":
        """Of this case in any language, the one asked last first."""
        return self.filter(translation_key=case.translation_key)

    def about_any(self, cases: Iterable["CasePage"]) -> "HostSignOffQuerySet":
        """Of these cases in any language."""
        return self.filter(translation_key__in={case.translation_key for case in cases})

    def answered(self) -> "HostSignOffQuerySet":
        """The last word first."""
        return self.exclude(answer="").order_by("-answered_at", "-pk")

    def to_mail(self, at: datetime) -> "HostSignOffQuerySet":
        """Asked, not mailed, and still to be answered."""
        return self.filter(mailed_at=None, answer="", asked_at__gt=at - LINK_LIFETIME)


class HostSignOff(models.Model):
    """A host was asked whether a visit report may be public, and what it said. One row each time it was asked.

    It is about one text: another text has not been agreed to (cases.substance says what another text is). Evidence: it
    stays when the revision, the page or the editor is gone.
    """

    class Answer(models.TextChoices):
        AGREED = "agreed", _("Agreed")
        REFUSED = "refused", _("Asks for a change")

    translation_key = models.UUIDField(db_index=True)
    #: What the host was shown. Without it the link has nothing to show any more.
    revision = models.ForeignKey("wagtailcore.Revision", on_delete=models.SET_NULL, null=True, related_name="+")
    #: SHA-256 in hexadecimal of what is read in it.
    content_digest = models.CharField(max_length=64, editable=False)
    organisation = models.ForeignKey(
        "cms.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    email = models.EmailField(_("e-mail"))
    language = models.CharField(_("language"), max_length=2, choices=languages)
    #: Stands in the link, signed; in the mail only.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    mailed_at = models.DateTimeField(_("mailed at"), null=True)
    answer = models.CharField(_("answer"), max_length=8, choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    #: Who answered for the host, as they wrote it.
    name = models.CharField(_("name"), max_length=150, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = HostSignOffQuerySet.as_manager()

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

    @property
    def token(self) -> str:
        return _signer.sign(self.key.hex)

    @staticmethod
    def key_in(token: str) -> uuid.UUID | None:
        """The key a token carries; None when we did not sign it."""
        try:
            return uuid.UUID(_signer.unsign(token))
        except (signing.BadSignature, ValueError):
            return None

    @property
    def ends_at(self) -> datetime:
        return self.asked_at + LINK_LIFETIME

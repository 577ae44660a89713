"""Keys for machines that read or write through the API, and the count of what each caller asked this minute."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

#: A key that nobody renews ends: whoever needs it longer makes a new one.
LONGEST = timedelta(days=366)


class Scope(models.TextChoices):
    """What a token allows, within what its person may do."""

    READ = "read", _("Read what this person may see on the site, also behind a login")
    DRAFTS = "drafts", _("Read the drafts of pages this person may edit")
    WRITE = "write", _("Make and change drafts of pages")
    WORKFLOW = "workflow", _("Send in, approve, publish and take off line")


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def alive(self, at: datetime) -> "ApiTokenQuerySet":
        """Those that open something now: neither ended nor revoked, of a person who may still log in."""
        return self.filter(expires_at__gt=at, revoked_at=None, user__is_active=True)


class ApiToken(models.Model):
    """A key of one person. Only its digest is kept: whoever reads this table can open nothing with it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="tour_api_tokens",
        verbose_name=_("person"),
        help_text=_("What is done with the token is done by this person, with their rights."),
    )
    name = models.CharField(
        _("name"), max_length=100, help_text=_("What it is for, for instance: learning platform of the province.")
    )
    prefix = models.CharField(_("begins with"), max_length=12, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope), verbose_name=_("may"))
    created_at = models.DateTimeField(_("made"), editable=False)
    expires_at = models.DateTimeField(_("ends"))
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")) & Q(expires_at__lte=F("created_at") + LONGEST),
                name="api_token_ends_within_a_year",
                violation_error_message=_("A token ends, at most a year from now."),
            ),
            models.CheckConstraint(
                condition=Q(scopes__len__gt=0) & Q(scopes__contained_by=Scope.values), name="api_token_scopes_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def state(self, at: datetime) -> str:
        """In the active language: in use, ended or revoked."""
        if self.revoked_at:
            return str(_("Revoked"))
        if self.expires_at <= at:
            return str(_("Ended"))
        if not self.user.is_active:
            return str(_("Its person left"))
        return str(_("In use"))

    @property
    def last_day(self) -> date:
        """The last day it opens something: it ends at the midnight after it."""
        return timezone.localtime(self.expires_at - timedelta(microseconds=1)).date()

    def scope_words(self) -> list[str]:
        """What it allows, in the active language."""
        return [str(Scope(scope).label) for scope in self.scopes]

    def told(self) -> dict[str, Any]:
        """How the log of a page names it."""
        return {"id": self.pk, "name": self.name, "prefix": self.prefix}


class ApiUse(models.Model):
    """How often one caller asked in one stretch of time.

    `caller` is a keyed digest of who and when: it leads back to no address, and two stretches of the same caller have
    nothing in common. Rows are thrown away minutes after their stretch. The table is not in PostgreSQL's write-ahead
    log (see the migration): counting waits for no disk, and a crash forgets the counts and nothing else.
    """

    caller = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveIntegerField(default=1)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("use of the API")
        verbose_name_plural = _("uses of the API")

    def __str__(self) -> str:
        return f"{self.count} ({self.ends_at:%H:%M})"

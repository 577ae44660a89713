"""Schemes and who belongs to them: the evidence behind a free seat.

The Green Deal Circulair Aankopen is one row of Scheme. It closed in 2019, so belonging to it is a dated fact about an
organisation that an organiser keeps, not a register to look up.
"""

from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from events.words import in_active_language

#: Providers with a domain for each country: whatever comes after the dot is theirs too.
GENERIC_NAMES = ("hotmail", "live", "outlook", "yahoo", "gmail", "googlemail", "gmx", "msn", "ymail", "rocketmail")
#: Everybody can have an address here, so it proves nothing about an organisation.
GENERIC_DOMAINS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "outlook.be",
        "hotmail.com",
        "hotmail.be",
        "live.com",
        "live.be",
        "msn.com",
        "yahoo.com",
        "yahoo.fr",
        "icloud.com",
        "me.com",
        "mac.com",
        "proton.me",
        "protonmail.com",
        "telenet.be",
        "skynet.be",
        "proximus.be",
        "scarlet.be",
        "pandora.be",
        "ziggo.nl",
        "kpnmail.nl",
        "xs4all.nl",
        "planet.nl",
        "home.nl",
        "hetnet.nl",
        "gmx.com",
        "gmx.net",
        "gmx.de",
        "web.de",
        "mail.com",
        "aol.com",
        "zoho.com",
        "yandex.com",
        "fastmail.com",
        "orange.fr",
        "laposte.net",
        "free.fr",
        "belgacom.be",
        "voo.be",
        "base.be",
        "casema.nl",
        "chello.nl",
        "chello.be",
        "brutele.be",
        "upcmail.nl",
        "quicknet.nl",
        "wanadoo.fr",
        "sfr.fr",
        "t-online.de",
    ]
)


def is_generic(domain: str) -> bool:
    """Whether anybody can have an address at this domain ("hotmail.fr", "yahoo.co.uk")."""
    domain = domain.strip().lower()
    name, _dot, rest = domain.partition(".")
    is_everywhere = name in GENERIC_NAMES and len(rest) <= len("com.au")
    return domain in GENERIC_DOMAINS or is_everywhere


def covers(row: "Scheme | Membership | OrganisationCode", day: date) -> bool:
    """Whether the day lies within valid_from and valid_until, both included; an empty end is open."""
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_until is None or day <= row.valid_until)


def valid_on(day: date, prefix: str = "") -> Q:
    """The same question for the database."""
    return (Q(**{f"{prefix}valid_from__isnull": True}) | Q(**{f"{prefix}valid_from__lte": day})) & (
        Q(**{f"{prefix}valid_until__isnull": True}) | Q(**{f"{prefix}valid_until__gte": day})
    )


class Scheme(models.Model):  # type: ignore[django-manager-missing]
    """An agreement whose members come free or cheaper, for instance the Green Deal Circulair Aankopen."""

    slug = models.SlugField(_("short name"), unique=True)
    name_nl = models.CharField(_("name (Dutch)"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    facilitators_included = models.BooleanField(
        _("facilitators too"),
        default=False,
        help_text=_("Whether supporting organisations have the same right as purchasing ones."),
    )
    quota_per_event = models.PositiveSmallIntegerField(
        _("seats per organisation per visit"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    quota_per_year = models.PositiveSmallIntegerField(
        _("seats per organisation per year"),
        null=True,
        blank=True,
        help_text=_("Empty: no limit. Counted by the calendar year of the visits."),
    )
    no_show_limit = models.PositiveSmallIntegerField(
        _("no-shows before the quota goes down"),
        default=2,
        validators=[MinValueValidator(1)],
        help_text=_("People of one organisation who did not come and did not say so, in twelve months."),
    )
    quota_after_no_shows = models.PositiveSmallIntegerField(
        _("seats per visit after that"), default=1, help_text=_("Until the twelve months are over, or you forgive it.")
    )

    class Meta:
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")
        ordering = ["name_nl"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="scheme_ends_after_it_starts",
                violation_error_message=_("The last day should not come before the first."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_active_language(self, "name")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def entitling_on(self, day: date) -> "MembershipQuerySet":
        """Gives its organisation's people the scheme's price for a visit on this day."""
        role = Q(role=Membership.Role.PURCHASER) | Q(scheme__facilitators_included=True)
        return self.filter(role, valid_on(day), valid_on(day, "scheme__"))

    def named(self, words: str) -> "MembershipQuerySet":
        """Of organisations with this in their name, or with exactly this enterprise number, however it is written."""
        digits = "".join(sign for sign in words if sign.isdigit())
        found = Q(organisation__name__icontains=words)
        if len(digits) >= 8:
            found |= Q(organisation__enterprise_number=digits)
        return self.filter(found)


class Membership(models.Model):
    """An organisation belongs to a scheme, in a role, between two dates, and somebody noted why we believe it."""

    class Role(models.TextChoices):
        PURCHASER = "purchaser", _("Purchasing organisation")
        FACILITATOR = "facilitator", _("Facilitator")

    organisation = ParentalKey(
        "cms.Organisation",
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("organisation"),
    )
    scheme = models.ForeignKey(
        Scheme,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("scheme"),
        help_text=_("The agreement it takes part in."),
    )
    role = models.CharField(
        _("role"),
        max_length=12,
        choices=Role,
        default=Role.PURCHASER,
        help_text=_("Facilitators have the price of the scheme only where the scheme says so."),
    )
    valid_from = models.DateField(
        _("valid from"), null=True, blank=True, help_text=_("The first day it counts. Empty: it always has.")
    )
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The last day it counts. Empty: no end.")
    )
    evidence = models.CharField(
        _("evidence"),
        max_length=250,
        blank=True,
        help_text=_("Where this is written down: a list, a letter, a date."),
    )
    quota_per_event = models.PositiveSmallIntegerField(
        _("seats per visit"), null=True, blank=True, help_text=_("Empty: as the scheme says.")
    )
    quota_per_year = models.PositiveSmallIntegerField(
        _("seats per year"), null=True, blank=True, help_text=_("Empty: as the scheme says.")
    )
    no_shows_forgiven_on = models.DateField(
        _("no-shows forgiven on"),
        null=True,
        blank=True,
        help_text=_("What happened before this day no longer lowers the quota."),
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["organisation", "scheme"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "scheme", "role"],
                name="membership_once",
                violation_error_message=_("This organisation has this membership already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="membership_ends_after_it_starts",
                violation_error_message=_("The last day should not come before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.scheme} ({self.get_role_display()})"


class EmailDomain(models.Model):
    """A mail domain that only this organisation's people have. A mailbox on it, once confirmed, proves who they are."""

    organisation = ParentalKey("cms.Organisation", on_delete=models.CASCADE, related_name="email_domains")
    domain = models.CharField(
        _("domain"),
        max_length=120,
        unique=True,
        validators=[
            RegexValidator(r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", _("Write the domain alone, for instance venlo.nl."))
        ],
        help_text=_("What comes after the @ in the addresses of its people, and of nobody else."),
    )
    verified_on = models.DateField(
        _("verified on"), null=True, blank=True, help_text=_("Empty: not verified, so it proves nothing yet.")
    )

    class Meta:
        verbose_name = _("e-mail domain")
        verbose_name_plural = _("e-mail domains")
        ordering = ["domain"]
        constraints = [
            models.CheckConstraint(condition=~Q(domain__in=sorted(GENERIC_DOMAINS)), name="email_domain_not_generic")
        ]

    def __str__(self) -> str:
        return self.domain

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        # Tidied before it is judged: "@Stad.Gent" is a domain as people write it.
        self.domain = self.domain.strip().lower().lstrip("@")
        super().clean_fields(exclude)

    def clean(self) -> None:
        super().clean()
        if is_generic(self.domain):
            raise ValidationError({"domain": _("Anybody can have an address at %(domain)s.") % {"domain": self.domain}})


class OrganisationCodeQuerySet(models.QuerySet["OrganisationCode"]):
    def written(self, code: str) -> "OrganisationCodeQuerySet":
        """As a person may write it: any case, spaces around it."""
        return self.annotate(upper_code=Upper("code")).filter(upper_code=code.strip().upper())


class OrganisationCode(models.Model):
    """A code an organisation hands to its own people: whoever has it speaks for the organisation."""

    organisation = ParentalKey("cms.Organisation", on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(
        _("code"),
        max_length=40,
        validators=[RegexValidator(r"^[A-Za-z0-9-]{6,40}$", _("Use 6 to 40 letters, digits and hyphens."))],
        help_text=_(
            "Whoever types it when registering has the price of the scheme: the organisation gives it to its own "
            "people only."
        ),
    )
    valid_from = models.DateField(
        _("valid from"), null=True, blank=True, help_text=_("The first day it counts. Empty: it always has.")
    )
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The last day it counts. Empty: no end.")
    )

    objects = OrganisationCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation code")
        verbose_name_plural = _("organisation codes")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                Upper("code"),
                name="organisation_code_once",
                violation_error_message=_("This code exists already."),
            )
        ]

    def __str__(self) -> str:
        return self.code

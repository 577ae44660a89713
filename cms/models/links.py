"""Links that lead outside: one row an address, however many pages lead there, and what it answered when last tried."""

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

#: So long an address is left alone after it was tried.
RESPITE = timedelta(days=7)


class OutsideAddressQuerySet(models.QuerySet["OutsideAddress"]):
    def dead(self) -> "OutsideAddressQuerySet":
        return self.filter(verdict=OutsideAddress.Verdict.DEAD)

    def in_use(self) -> "OutsideAddressQuerySet":
        """Those a page that is live leads to."""
        return self.filter(Exists(OutsideLink.objects.filter(address=OuterRef("pk"), page__live=True)))

    def due(self, at: datetime) -> "OutsideAddressQuerySet":
        """Those nobody tried for a week, those never tried first."""
        untried = Q(tried_at=None) | Q(tried_at__lte=at - RESPITE)
        return self.in_use().filter(untried).order_by(F("tried_at").asc(nulls_first=True), "pk")

    def forgotten(self, at: datetime) -> "OutsideAddressQuerySet":
        """Those no page leads to any more, and that may be tried again: one that comes back keeps its week."""
        unused = ~Exists(OutsideLink.objects.filter(address=OuterRef("pk")))
        return self.filter(unused).filter(Q(tried_at=None) | Q(tried_at__lte=at - RESPITE))


class OutsideAddress(models.Model):
    """An address that pages lead to. Only the duty writes what it answered."""

    class Verdict(models.TextChoices):
        UNTRIED = "untried", _("Not tried yet")
        WORKS = "works", _("Works")
        UNSURE = "unsure", _("Unsure")
        DEAD = "dead", _("Dead")

    url = models.CharField(_("address"), max_length=1000, unique=True)
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict, default=Verdict.UNTRIED)
    #: The answer's HTTP status; None when nothing answered.
    status = models.PositiveSmallIntegerField(_("answer"), null=True)
    #: Also the claim of whoever is about to try it: nobody else does for a week.
    tried_at = models.DateTimeField(_("tried at"), null=True)
    #: The first time it said that it is gone, or its name was not known, since it last worked.
    failing_since = models.DateTimeField(_("since"), null=True)

    objects = OutsideAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("outside address")
        verbose_name_plural = _("outside addresses")
        ordering = ["url"]
        indexes = [models.Index(fields=["verdict"], name="outside_verdict")]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=["untried", "works", "unsure", "dead"]), name="outside_verdict_known"
            ),
            models.CheckConstraint(
                condition=~Q(verdict="dead") | Q(failing_since__isnull=False, tried_at__isnull=False),
                name="outside_dead_since",
            ),
            models.CheckConstraint(
                condition=~Q(verdict__in=["untried", "works"]) | Q(failing_since=None), name="outside_works_or_fails"
            ),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def dead_since(self) -> date | None:
        """The day, on the clock of the Tour; None when it is not known to fail."""
        return timezone.localdate(self.failing_since) if self.failing_since else None

    @property
    def said(self) -> str:
        """What it answered, in words, in the active language."""
        if self.status is None:
            return str(_("Its name is not known") if self.verdict == self.Verdict.DEAD else _("No answer"))
        return str({404: _("Not found (404)"), 410: _("Gone (410)")}.get(self.status, self.status))


class OutsideLink(models.Model):
    """This page leads to this address, as the page was published last."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="outside_links", verbose_name=_("page"))
    address = models.ForeignKey(
        OutsideAddress, on_delete=models.CASCADE, related_name="links", verbose_name=_("address")
    )

    class Meta:
        verbose_name = _("outside link")
        verbose_name_plural = _("outside links")
        ordering = ["page", "address"]
        constraints = [models.UniqueConstraint(fields=["page", "address"], name="outside_link_once")]

    def __str__(self) -> str:
        return self.address.url


def pages_to_read() -> "models.QuerySet[Page]":
    """The live pages that were published since their links were looked up, and those never looked at.

    An alias has no links of its own.
    """
    read = PageReading.objects.filter(page=OuterRef("pk")).filter(
        Q(read_at__gte=OuterRef("last_published_at")) | Q(page__last_published_at=None)
    )
    return Page.objects.filter(live=True, alias_of=None, depth__gt=1).filter(~Exists(read)).order_by("pk")


class PageReading(models.Model):
    """When a page's links were looked up last."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, primary_key=True, related_name="+")
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.page_id} {self.read_at:%Y-%m-%d %H:%M:%S}"

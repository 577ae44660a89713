"""VatRule: what the tax law says for a case, as dated data. The event's own VAT stays the truth for a price."""

from datetime import date
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cms.countries import COUNTRIES
from events.billing import BuyerKind
from events.words import in_active_language
from payments.models.seller import VatStatus


class VatCategory(models.TextChoices):
    """UNCL5305 codes, as an electronic invoice wants them."""

    STANDARD = "S", _("Standard rate")
    EXEMPT = "E", _("Exempt")
    ZERO = "Z", _("Zero rate")
    REVERSE_CHARGE = "AE", _("Reverse charge")


class Supply(models.TextChoices):
    ADMISSION = "admission", _("Admission to a visit")
    SERVICE = "service", _("Other service (sponsorship, advice)")


class VatRuleQuerySet(models.QuerySet["VatRule"]):
    def on(self, day: date) -> "VatRuleQuerySet":
        """In force on this day."""
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))

    def case(
        self, *, country: str, seller: str, buyer: str, day: date, supply: str = Supply.ADMISSION
    ) -> "VatRule | None":
        """The rule of a case: one for this kind of buyer goes before one for every buyer. None when nobody wrote it."""
        rules = self.on(day).filter(event_country=country, seller_status=seller, supply=supply)
        return rules.filter(buyer_kind__in=["", buyer]).order_by("-buyer_kind", "-valid_from").first()


class VatRule(models.Model):
    """One case between two dates. Rules propose, warn and bring the sentence a document has to carry."""

    event_country = models.CharField(_("country of the visit"), max_length=2, choices=COUNTRIES)
    seller_status = models.CharField(_("VAT status of the seller"), max_length=8, choices=VatStatus)
    buyer_kind = models.CharField(
        _("kind of buyer"), max_length=8, choices=BuyerKind, blank=True, help_text=_("Empty: whoever buys.")
    )
    supply = models.CharField(_("what is sold"), max_length=10, choices=Supply, default=Supply.ADMISSION)
    category = models.CharField(_("VAT category"), max_length=2, choices=VatCategory)
    rate = models.DecimalField(
        _("VAT rate (%)"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    mention_nl = models.CharField(_("VAT mention (Dutch)"), max_length=250, blank=True)
    mention_en = models.CharField(_("VAT mention (English)"), max_length=250, blank=True)
    #: Of the EAS list "VATEX"; empty where the list has none.
    exemption_code = models.CharField(_("exemption code"), max_length=30, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = VatRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("VAT rule")
        verbose_name_plural = _("VAT rules")
        ordering = ["event_country", "seller_status", "supply", "buyer_kind", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["event_country", "seller_status", "buyer_kind", "supply", "valid_from"],
                name="vat_rule_once_per_case_and_day",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="vat_rule_ends_after_it_begins",
                violation_error_message=_("A rule ends on or after the day it begins."),
            ),
            # BR-S-05, BR-E-05, BR-Z-05, BR-AE-05: only the standard category has a rate.
            models.CheckConstraint(
                condition=Q(category="S", rate__gt=0) | (~Q(category="S") & Q(rate=0)),
                name="vat_rule_rate_fits_category",
                violation_error_message=_("Only the standard category has a rate above 0."),
            ),
            # BR-E-10, BR-AE-10: no VAT needs a reason.
            models.CheckConstraint(
                condition=~Q(category__in=["E", "AE"]) | (~Q(mention_nl="") & ~Q(mention_en="")),
                name="vat_rule_exempt_says_why",
                violation_error_message=_("Say in both languages why no VAT is charged."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_country} {self.seller_status} {self.buyer_kind or '*'}: {self.category} {self.rate} %"

    @property
    def mention(self) -> str:
        return in_active_language(self, "mention")

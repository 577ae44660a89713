"""BillingDetails: to whom and where an invoice goes, apart from who takes part."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.countries import COUNTRIES
from cms.validators import normal_enterprise_number, normal_vat_number
from events.models import Registration


class BuyerKind(models.TextChoices):
    BUSINESS = "business", _("Company or organisation")
    PUBLIC = "public", _("Public body")
    PRIVATE = "private", _("Private person")


class BillingDetails(models.Model):
    """At most one per registration, filled in by whoever orders; without it the registration's own data serve."""

    class Vies(models.TextChoices):
        """What the European Commission's register said about the VAT number."""

        NOT_ASKED = "", _("Not asked")
        VALID = "valid", _("Known to VIES")
        INVALID = "invalid", _("Not known to VIES")
        UNAVAILABLE = "unavailable", _("VIES did not answer")

    registration = models.OneToOneField(
        Registration, on_delete=models.CASCADE, related_name="billing_details", verbose_name=_("registration")
    )
    kind = models.CharField(_("kind of buyer"), max_length=8, choices=BuyerKind, default=BuyerKind.BUSINESS)
    name = models.CharField(_("name on the invoice"), max_length=200)
    street = models.CharField(_("street and number"), max_length=150, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, choices=COUNTRIES, default="BE")
    email = models.EmailField(_("e-mail for invoices"), blank=True)
    enterprise_number = models.CharField(_("enterprise number"), max_length=20, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    peppol_id = models.CharField(_("Peppol id"), max_length=60, blank=True)
    purchase_order = models.CharField(_("purchase order number"), max_length=35, blank=True)
    po_follows = models.BooleanField(_("the purchase order number follows later"), default=False)
    vies = models.CharField(_("VIES"), max_length=12, choices=Vies, blank=True, default=Vies.NOT_ASKED)
    vies_answer = models.CharField(_("answer of VIES"), max_length=250, blank=True)
    vies_asked_at = models.DateTimeField(_("VIES asked at"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("billing details")
        verbose_name_plural = _("billing details")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Write the numbers in their normal form. Raises ValidationError for each that fails, and for a public body
        without a purchase order number that does not follow either (domain facts, feature 5)."""
        from payments.models.seller import normal_peppol_id  # noqa: PLC0415  (loaded after this module)

        super().clean()
        problems: dict[str, Any] = {}
        checks = {
            "vat_number": lambda: normal_vat_number(self.vat_number),
            "enterprise_number": lambda: normal_enterprise_number(self.enterprise_number, self.country),
            "peppol_id": lambda: normal_peppol_id(self.peppol_id),
        }
        for name, check in checks.items():
            try:
                setattr(self, name, check())
            except ValidationError as error:
                problems[name] = error
        if self.kind == BuyerKind.PUBLIC and not self.purchase_order and not self.po_follows:
            problems["purchase_order"] = _("A public body gives its purchase order number, or says that it follows.")
        if problems:
            raise ValidationError(problems)

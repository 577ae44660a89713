"""BillingDetails: to whom and where an invoice goes, apart from who takes part."""

from dataclasses import fields

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.countries import COUNTRIES
from events.billing import Billing, BuyerKind, checked
from events.models import Registration


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

    @property
    def answers(self) -> Billing:
        """What was filled in."""
        return Billing(**{field.name: getattr(self, field.name) for field in fields(Billing)})

    def clean(self) -> None:
        """Write the numbers in their normal form. Raises ValidationError for each field that is wrong."""
        super().clean()
        billing, problems = checked(self.answers, by_invoice=False)
        if problems:
            raise ValidationError(problems)
        for name in ("enterprise_number", "vat_number", "peppol_id"):
            setattr(self, name, getattr(billing, name))

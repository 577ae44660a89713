"""Organisation: the address book. Buyers and suppliers of cases, hosts of visits, members of schemes."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.search import index

from cms.countries import COUNTRIES
from cms.validators import normal_enterprise_number, normal_vat_number


class Organisation(index.Indexed, ClusterableModel):
    """One organisation, entered by an editor or organiser. Who is a member of what is said by the events chapter."""

    class Kind(models.TextChoices):
        PUBLIC = "public", _("Public body")
        PRIVATE = "private", _("Company")
        NONPROFIT = "nonprofit", _("Non-profit organisation")

    name = models.CharField(
        _("name"),
        max_length=200,
        help_text=_("As the organisation writes it: it stands like this on cases and visits."),
    )
    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=Kind,
        default=Kind.PRIVATE,
        help_text=_("What it is by law: a municipality or an intermunicipal company is a public body."),
    )
    municipality = models.CharField(
        _("municipality"), max_length=100, blank=True, help_text=_("Where its seat is, as the people there write it.")
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        choices=COUNTRIES,
        default="BE",
        help_text=_("Of its seat. The enterprise number is checked by the rules of this country."),
    )
    website = models.URLField(_("website"), blank=True, help_text=_("Its own front page, from https:// on."))
    enterprise_number = models.CharField(
        _("enterprise number"), max_length=20, blank=True, help_text=_("Belgium: ten digits.")
    )
    vat_number = models.CharField(
        _("VAT number"),
        max_length=20,
        blank=True,
        help_text=_("With its country code, only when liable for VAT."),
    )

    search_fields = [
        index.SearchField("name", boost=2),
        index.AutocompleteField("name"),
        index.SearchField("municipality"),
        index.FilterField("kind"),
        index.FilterField("country"),
    ]

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "country",
                Lower("enterprise_number"),
                condition=~models.Q(enterprise_number=""),
                name="organisation_enterprise_number_once",
                violation_error_message=_("Another organisation has this enterprise number."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Write both numbers in their normal form. Raises ValidationError for one that fails its check digits."""
        super().clean()
        problems: dict[str, Any] = {}
        try:
            self.vat_number = normal_vat_number(self.vat_number)
        except ValidationError as error:
            problems["vat_number"] = error
        try:
            self.enterprise_number = normal_enterprise_number(self.enterprise_number, self.country)
        except ValidationError as error:
            problems["enterprise_number"] = error
        if problems:
            raise ValidationError(problems)

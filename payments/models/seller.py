"""Who invoices: the particulars a Belgian invoice asks for, and how documents are numbered. One row, under Settings.

`cms.OrganiserSettings` says who runs the Tour; what only an invoice needs stands here.
"""

from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from stdnum import bic as stdnum_bic
from stdnum import iban as stdnum_iban
from stdnum.exceptions import ValidationError as NotANumber
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from cms.countries import COUNTRIES
from cms.templatetags.cms_tags import money
from cms.validators import normal_enterprise_number, normal_peppol_id, normal_vat_number
from payments.models.numbers import PREFIX

_prefix = RegexValidator(PREFIX, _("One to four capitals."))


def remind_after() -> list[int]:
    return [7, 21]


class VatStatus(models.TextChoices):
    """How the seller stands towards VAT."""

    LIABLE = "liable", _("Liable for VAT")
    EXEMPT = "exempt", _("Exempt (article 44 of the VAT Code)")
    SMALL = "small", _("Small business scheme (article 56bis of the VAT Code)")


class SellerForm(WagtailAdminModelForm):
    """Says which of several days is wrong, instead of "Item 2 in the array"."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "remind_after_days" in self.fields:
            several = _("Number %(nth)s of the reminders after the due date:")
            self.fields["remind_after_days"].error_messages["item_invalid"] = several


@register_setting(icon="form")
class SellerSettings(BaseGenericSetting):
    """Copied onto every document when it is issued, so a change here changes no invoice that is out."""

    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    street = models.CharField(_("street and number"), max_length=150, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, choices=COUNTRIES, default="BE")
    email = models.EmailField(_("e-mail for questions about invoices"), blank=True)
    enterprise_number = models.CharField(
        _("enterprise number"), max_length=20, blank=True, help_text=_("Belgium: ten digits.")
    )
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    vat_status = models.CharField(_("VAT status"), max_length=8, choices=VatStatus, default=VatStatus.LIABLE)
    iban = models.CharField(_("IBAN"), max_length=42, blank=True)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    peppol_id = models.CharField(
        _("Peppol id"),
        max_length=60,
        blank=True,
        help_text=_("With its scheme, for instance 0208:0123456749. Empty: the enterprise number."),
    )
    invoice_prefix = models.CharField(
        _("letters before an invoice's number"),
        max_length=4,
        default="F",
        validators=[_prefix],
        help_text=_("Another prefix takes effect with the series of the next year."),
    )
    credit_note_prefix = models.CharField(
        _("letters before a credit note's number"), max_length=4, default="C", validators=[_prefix]
    )
    payment_days = models.PositiveSmallIntegerField(
        _("days to pay"), default=30, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    shortest_payment_days = models.PositiveSmallIntegerField(
        _("fewest days to pay"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text=_(
            "An invoice is due the day before the visit at the latest, unless that leaves fewer days than these."
        ),
    )
    po_wait_days = models.PositiveSmallIntegerField(
        _("days to wait for a purchase order number"),
        default=7,
        validators=[MaxValueValidator(30)],
        help_text=_("Then the invoice is sent without it. It never waits until the day of the visit."),
    )
    remind_before_days = models.PositiveSmallIntegerField(
        _("reminder so many days before it is due"),
        default=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text=_("Empty: none."),
    )
    remind_after_days = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(365)]),
        verbose_name=_("reminders so many days after it was due"),
        default=remind_after,
        blank=True,
        size=5,
        help_text=_("For instance 7,21. Nobody's places are cancelled for it: that is decided by a person."),
    )

    refunds_of_cancelled = models.CharField(
        _("when a visit is cancelled"),
        max_length=8,
        choices=[
            ("at_once", _("What was paid goes back at once: whoever cancels has seen the amount")),
            ("person", _("Somebody confirms the refunds, under Money, Refunds of cancelled visits")),
        ],
        default="at_once",
    )

    base_form_class = SellerForm

    panels = [
        MultiFieldPanel(
            [FieldPanel(name) for name in ("legal_name", "street", "postal_code", "city", "country", "email")],
            heading=_("Seller"),
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("enterprise_number", "vat_number", "vat_status", "peppol_id")],
            heading=_("Numbers"),
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("iban", "bic", "payment_days", "shortest_payment_days", "po_wait_days")],
            heading=_("Being paid"),
        ),
        MultiFieldPanel([FieldPanel("remind_before_days"), FieldPanel("remind_after_days")], heading=_("Reminders")),
        MultiFieldPanel(
            [FieldPanel("invoice_prefix"), FieldPanel("credit_note_prefix")], heading=_("Numbering of documents")
        ),
        MultiFieldPanel([FieldPanel("refunds_of_cancelled")], heading=_("Giving back")),
    ]

    class Meta:
        verbose_name = _("seller on invoices")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(invoice_prefix=models.F("credit_note_prefix")),
                name="seller_prefixes_differ",
                violation_error_message=_("Invoices and credit notes need different letters."),
            ),
        ]

    def __str__(self) -> str:
        return self.legal_name

    def clean(self) -> None:
        """Write the numbers in their normal form. Raises ValidationError for each that fails its check digits."""
        super().clean()
        problems: dict[str, Any] = {}
        checks = {
            "vat_number": lambda: normal_vat_number(self.vat_number),
            "enterprise_number": lambda: normal_enterprise_number(self.enterprise_number, self.country),
            "iban": self._account,
            "bic": lambda: normal_bic(self.bic),
            "peppol_id": lambda: normal_peppol_id(self.peppol_id),
        }
        for name, check in checks.items():
            try:
                setattr(self, name, check())
            except ValidationError as error:
                problems[name] = error
        if problems:
            raise ValidationError(problems)

    def _account(self) -> str:
        """The account, one at a time: another only once the statements of the present one have come to nothing.

        What the books say of the bank is held against the statements of one account; money that is left on the former
        one would be missing for ever. Raises ValidationError.
        """
        iban = normal_iban(self.iban)
        statements = apps.get_model("payments", "BankStatement").objects.order_by("-closed_on", "-opened_on", "-pk")
        last = statements.first()
        if last is not None and last.iban != iban and last.closing:
            raise ValidationError(
                _(
                    "The account %(iban)s still holds %(amount)s by its last statement. Move that money and import the "
                    "statement that says so; then change the account."
                ),
                code="iban",
                params={"iban": last.iban, "amount": money(last.closing, last.currency)},
            )
        return iban

    @property
    def gives_back_at_once(self) -> bool:
        """Cancelling a visit gives back what was paid; else a person confirms it afterwards."""
        return self.refunds_of_cancelled == "at_once"

    def missing(self) -> list[str]:
        """What an invoice cannot go without and is not filled in, in words; empty when invoices can be issued."""
        wanted = ["legal_name", "street", "postal_code", "city", "enterprise_number", "iban"]
        if self.vat_status == VatStatus.LIABLE:
            wanted.append("vat_number")
        return [str(self._meta.get_field(name).verbose_name) for name in wanted if not getattr(self, name)]


def normal_iban(value: str) -> str:
    """Without spaces, in capitals. Raises ValidationError when its check digits fail."""
    if not value.strip():
        return ""
    try:
        # The country's own structure is checked by its banks; the check digits catch what people mistype.
        return str(stdnum_iban.validate(value, check_country=False))
    except NotANumber:
        raise ValidationError(
            _("%(number)s is not a valid IBAN."), code="iban", params={"number": value[:42]}
        ) from None


def normal_bic(value: str) -> str:
    """Raises ValidationError for what cannot be a bank's code."""
    if not value.strip():
        return ""
    try:
        return str(stdnum_bic.validate(value))
    except NotANumber:
        raise ValidationError(_("%(number)s is not a valid BIC."), code="bic", params={"number": value[:20]}) from None

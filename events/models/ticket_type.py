"""TicketType: what kind of seat a visit has, for whom, at what price."""

from decimal import ROUND_HALF_UP, Decimal

import pghistory
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from cms.plugins import settlement
from events.history import changes
from events.models.event import Event
from events.words import in_active_language

CENT = Decimal("0.01")


class TicketTypeQuerySet(models.QuerySet["TicketType"]):
    def for_everyone(self) -> "TicketTypeQuerySet":
        return self.filter(scheme__isnull=True)


@pghistory.track(*changes(), fields=["name_nl", "price_excl_vat", "scheme"], model_name="TicketTypeChange")
class TicketType(Orderable):
    """What kind of seat at what price, for the members of a scheme or for everyone."""

    event = ParentalKey(Event, on_delete=models.CASCADE, related_name="ticket_types")
    name_nl = models.CharField(
        _("name (Dutch)"),
        max_length=80,
        help_text=_("What people read beside the price, for instance: members of the Green Deal."),
    )
    name_en = models.CharField(
        _("name (English)"),
        max_length=80,
        help_text=_("What people read beside the price, for instance: members of the Green Deal."),
    )
    scheme = models.ForeignKey(
        "events.Scheme",
        verbose_name=_("only for members of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="ticket_types",
        help_text=_("Empty: for everyone."),
    )
    price_excl_vat = models.DecimalField(
        _("price excl. VAT"),
        max_digits=8,
        decimal_places=2,
        default=Decimal("0.00"),
        validators=[MinValueValidator(0)],
        help_text=_("0 is free."),
    )
    currency = models.CharField(max_length=3, default="EUR", editable=False)

    objects = TicketTypeQuerySet.as_manager()

    class Meta:
        # The row decides where nobody ordered them: else a row that is written moves to the end.
        ordering = ["sort_order", "id"]
        verbose_name = _("ticket type")
        verbose_name_plural = _("ticket types")
        constraints = [
            models.CheckConstraint(condition=Q(price_excl_vat__gte=0), name="ticket_type_price_not_negative"),
            models.UniqueConstraint(
                fields=["event", "scheme"],
                nulls_distinct=False,
                name="ticket_type_once_per_scheme",
                violation_error_message=_("This event has a ticket type for these people already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.price_excl_vat and settlement() is None:
            raise ValidationError(
                {"price_excl_vat": _("No payments plugin is installed: seats can only be free (price 0).")}
            )

    @property
    def name(self) -> str:
        return in_active_language(self, "name")

    @property
    def is_free(self) -> bool:
        return self.price_excl_vat == 0

    @property
    def eligibility(self) -> str:
        """ "everyone", or "scheme" when it is for the members of one."""
        return "everyone" if self.scheme_id is None else "scheme"

    @property
    def price_incl_vat(self) -> Decimal:
        """The price with the event's VAT, rounded half up to the cent."""
        factor = 1 + self.event.vat_rate / 100
        return (self.price_excl_vat * factor).quantize(CENT, ROUND_HALF_UP)

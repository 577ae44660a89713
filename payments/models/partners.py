"""Whose visit it is, and how what it brings is shared: an owner, and percentages that come to 100.

A model of this chapter, so that events needs to know nothing of money.
"""

from collections.abc import Collection
from typing import Any

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, InlinePanel

from cms.models import Organisation
from events.models import Event
from payments.models.closing import ClosedMonth
from payments.models.ledger import LedgerEntry

#: An entry says which visit it was of, wherever its registration went since.
_SETTLED = """
    IF EXISTS (
        SELECT 1 FROM payments_ledgerentry entry
        JOIN payments_closedmonth closed ON closed.month = date_trunc('month', entry.booked_on)::date
        WHERE entry.event_id IN ({events})
    ) THEN
        RAISE EXCEPTION 'A month in which this visit moved money is closed: its partners stay as they are.'
            USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
"""
_OF_SHARES = "SELECT event_id FROM payments_partnership WHERE id IN (NEW.partnership_id, OLD.partnership_id)"
_ANY = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete


def _stays(events: str) -> pgtrigger.Trigger:
    """What a closed month said of these visits' partners is what it says for ever."""
    return pgtrigger.Trigger(
        name="months_are_open", operation=_ANY, when=pgtrigger.After, func=_SETTLED.format(events=events)
    )


_CHECK = """
    FOR checked IN SELECT id FROM payments_partnership WHERE id IN ({rows}) LOOP
        IF (SELECT COALESCE(SUM(percentage), 0) FROM payments_partnershare WHERE partnership_id = checked) <> 100 THEN
            RAISE EXCEPTION 'The shares of partnership % do not add up to 100.', checked USING ERRCODE = '23514';
        END IF;
    END LOOP;
    RETURN NULL;
"""


def _adds_up(name: str, rows: str, operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    """Asked when the transaction ends, so that shares can be changed one after the other."""
    return pgtrigger.Trigger(
        name=name,
        operation=operation,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        declare=[("checked", "bigint")],
        func=_CHECK.format(rows=rows),
    )


SETTLED = _(
    "A month in which this visit moved money is closed: its partners and their shares stay as they are. What has to be "
    "different is settled between the partners."
)


class PartnershipForm(WagtailAdminModelForm):
    def clean(self) -> dict[str, Any]:
        """Together the shares are 100 %, and those of a closed month stay; said here before the database says it."""
        cleaned: dict[str, Any] = super().clean()
        events = {self.instance.event_id, getattr(cleaned.get("event"), "pk", None)} - {None}
        if Partnership.are_settled(events):
            raise ValidationError(SETTLED, code="settled")
        shares = [form for form in self.formsets["shares"].forms if form.is_valid()]
        parts = [form.cleaned_data for form in shares if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        if len(shares) == len(self.formsets["shares"].forms):
            total = sum(part["percentage"] for part in parts)
            if total != 100:
                raise ValidationError(
                    _("The shares come to %(total)s %%: make it 100."), code="shares", params={"total": total}
                )
        return cleaned


class Partnership(ClusterableModel):
    """Of one visit. Without one all of it is the seller's."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="partnership", verbose_name=_("visit"))
    owner = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("owner"),
        help_text=_("The organisation whose visit it is."),
    )

    base_form_class = PartnershipForm
    panels = [
        FieldPanel("event"),
        FieldPanel("owner"),
        InlinePanel("shares", heading=_("Shares"), label=_("Share"), min_num=1),
    ]

    class Meta:
        verbose_name = _("partners of a visit")
        verbose_name_plural = _("partners of visits")
        ordering = ["-event__starts_at", "-pk"]
        triggers = [
            _adds_up("shares_add_up", "NEW.id", pgtrigger.Insert),
            _stays("NEW.event_id, OLD.event_id"),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.owner}"

    @classmethod
    def are_settled(cls, events: Collection[int]) -> bool:
        """One of these visits moved money in a month that is closed: partners were told what they get of it."""
        moved = LedgerEntry.objects.filter(event__in=events)
        in_month = moved.annotate(in_month=TruncMonth("booked_on", output_field=models.DateField()))
        return in_month.filter(in_month__in=ClosedMonth.objects.values("month")).exists()


class PartnerShare(models.Model):
    """What one organisation gets of a visit, in per cent."""

    partnership = ParentalKey(Partnership, on_delete=models.CASCADE, related_name="shares")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    percentage = models.DecimalField(
        _("share (%)"), max_digits=5, decimal_places=2, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )

    panels = [FieldPanel("organisation"), FieldPanel("percentage")]

    class Meta:
        verbose_name = _("share of a partner")
        verbose_name_plural = _("shares of partners")
        ordering = ["-percentage", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "organisation"], name="partner_share_once"),
            models.CheckConstraint(condition=Q(percentage__gt=0, percentage__lte=100), name="partner_share_percentage"),
        ]
        triggers = [
            _adds_up(
                "shares_add_up",
                "COALESCE(NEW.partnership_id, 0), COALESCE(OLD.partnership_id, 0)",
                _ANY,
            ),
            _stays(_OF_SHARES),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.percentage} %"

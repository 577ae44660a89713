"""What the VAT rules say of a visit, beside what the visit says itself."""

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from cms.templatetags.cms_tags import number
from events.models import Event
from payments.models import BuyerKind, SellerSettings, VatRule


class Departure(NamedTuple):
    """A paid visit whose VAT is not what the rules say; `text` says how, for whoever can put it right."""

    event: Event
    text: str


def departures(*, at: datetime) -> list[Departure]:
    """The paid visits to come that depart from the rules of their day, the nearest first.

    Two queries, and one for each country. A rule for one kind of buyer says nothing here: a visit has one price.
    """
    seller = SellerSettings.load().vat_status
    events = Event.objects.exclude(status=Event.Status.CANCELLED).upcoming(at).order_by("starts_at", "pk")
    found = []
    rules: dict[str, list[VatRule]] = {}
    for event in events.filter(ticket_types__price_excl_vat__gt=0).distinct():
        if event.vat_country not in rules:
            of_country = VatRule.objects.filter(event_country=event.vat_country, seller_status=seller)
            rules[event.vat_country] = list(of_country.filter(supply="admission").order_by("-valid_from"))
        if text := _departure(event, rules[event.vat_country]):
            found.append(Departure(event, text))
    return found


def _departure(event: Event, rules: list[VatRule]) -> str:
    if event.vat_country != event.country:
        return _("VAT is charged for another country than the one the visit is in.")
    day = event.date
    in_force = [
        rule
        for rule in rules
        if rule.valid_from <= day
        and (rule.valid_to is None or rule.valid_to >= day)
        and rule.buyer_kind in {"", BuyerKind.BUSINESS}
    ]
    if not in_force:
        return _("No VAT rule says what applies in this country on that day.")
    rule = max(in_force, key=lambda found: (found.buyer_kind == "", found.valid_from))
    if (event.vat_category, event.vat_rate) == (rule.category, rule.rate):
        return ""
    return _("The visit says %(category)s %(rate)s %%, the rule %(rule_category)s %(rule_rate)s %%.") % {
        "category": event.vat_category,
        "rate": number(event.vat_rate),
        "rule_category": rule.category,
        "rule_rate": number(rule.rate),
    }

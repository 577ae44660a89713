"""Who bore the cost so far, for the results page: from the ledger, as finance's report of free seats has it."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from cms.charts import stacked_bars
from cms.results import Chapter, Figure, counted
from cms.templatetags.cms_tags import money
from events.models import Event
from payments.movements import free_seats

ZERO = Decimal("0.00")


def chapter(*, at: datetime) -> Chapter | None:
    """None while no visit with a price is over: there is nothing to cover yet. Takes one query.

    Cost covered = what participants paid, excl. VAT, over all seats at cost price: the share that the visits earned
    back. What is charged above cost price cannot make it more than 100 %.
    """
    day = timezone.localdate(at)
    visits = [
        visit
        for visit in free_seats(None, day)
        if visit.status == Event.Status.SCHEDULED and visit.ends_at < at and visit.price and visit.free + visit.paid
    ]
    at_cost = sum(((visit.free + visit.paid) * visit.price for visit in visits), start=ZERO)
    if not at_cost:
        return None
    brought = sum((visit.net for visit in visits), start=ZERO)
    years: dict[int, list[Decimal]] = {}
    for visit in visits:
        sums = years.setdefault(visit.date.year, [ZERO, ZERO])
        sums[0] += visit.net
        sums[1] += max(visit.subsidy, ZERO)
    chart = stacked_bars(
        "cost",
        _("Cost price of the seats per year, in euro excl. VAT"),
        [_("Paid by participants"), _("Left to be found")],
        [(str(year), years[year]) for year in sorted(years)],
        last=True,
    )
    share = min(Decimal(100), 100 * brought / at_cost)
    return Chapter(
        _("Cost"),
        [
            Figure(
                _("Cost covered by participants"),
                f"{counted(share)} %",
                _("What was paid, as a share of all seats at cost price, on visits that had a price and are over."),
            ),
            Figure(_("Paid by participants"), money(brought), _("Excl. VAT.")),
            Figure(_("Cost price of all their seats"), money(at_cost), _("Free seats of members included.")),
        ],
        [chart] if chart else [],
    )

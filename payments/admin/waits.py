"""On the admin's front page: what of the money waits for whom, each with the way to it."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.templatetags.cms_tags import brief, money
from cms.waiting import MOST, Row, Waiting, first_of, there
from payments.admin.concerns import PAGE_TITLE
from payments.admin.matters import tell
from payments.cancelled_visits import cancelled_with_money
from payments.models import BankTransaction, Concern
from payments.open_items import open_invoices, overdue


def waiting(*, user: Any, at: datetime) -> list[Waiting]:
    """What this person may decide, look into, pay back or name. A constant number of queries."""
    return there(_of(user, at))


def _of(user: Any, at: datetime) -> Iterator[Waiting]:
    if user.has_perm("payments.change_concern"):
        yield _matters(user)
    if user.has_perm("payments.view_ledgerentry"):
        yield _open_invoices(at)
    if user.has_perm("payments.add_bulkrefund"):
        yield _to_pay_back()
    if user.has_perm("payments.change_banktransaction"):
        yield _to_name()


def _matters(user: Any) -> Waiting:
    """The oldest first: a dispute has a last day."""
    related = "payment__registration__event"
    count, concerns = first_of(Concern.objects.open().select_related(related).order_by("raised_at", "pk"))
    rows = [
        Row(
            matter.title,
            reverse("tour_concerns:inspect", args=[concern.pk]),
            ", ".join(filter(None, [matter.visit, matter.who, matter.amount])),
        )
        for concern, matter in zip(concerns, tell(concerns, user), strict=True)
    ]
    return Waiting(str(PAGE_TITLE), count, rows, reverse("tour_concerns:index"))


def _open_invoices(at: datetime) -> Waiting:
    today = timezone.localdate(at)
    asked = open_invoices(today)
    sums = asked.order_by().aggregate(count=Count("pk"), amount=Sum("open_amount"))
    late = asked.order_by().filter(overdue(today)).count()
    amount = _("%(amount)s, of which %(late)s late") % {"amount": money(sums["amount"] or Decimal(0)), "late": late}
    rows = [
        Row(
            invoice.number,
            reverse("tour_invoices:inspect", args=[invoice.pk]),
            f"{invoice.buyer_name}, {money(invoice.open_amount)}, {brief(invoice.due_on)}",
        )
        for invoice in asked[:MOST]
    ]
    return Waiting(_("Open invoices"), sums["count"], rows, reverse("open_invoices"), note=amount)


def _to_pay_back() -> Waiting:
    count, events = first_of(cancelled_with_money())
    rows = [
        Row(event.name, reverse("tour_bulk_refunds:event", args=[event.pk]), money(event.in_hand)) for event in events
    ]
    return Waiting(_("Cancelled visits to pay back"), count, rows, reverse("tour_bulk_refunds:index"))


def _to_name() -> Waiting:
    to_name = BankTransaction.objects.to_name().select_related("party").order_by("booked_on", "pk")
    count, movements = first_of(to_name)
    rows = [
        Row(
            money(movement.amount),
            reverse("tour_bank_movements:inspect", args=[movement.pk]),
            ", ".join(filter(None, [brief(movement.booked_on), str(getattr(movement, "party", ""))])),
        )
        for movement in movements
    ]
    url = f"{reverse('tour_bank_movements:index')}?state=to_name"
    return Waiting(_("Bank movements to name"), count, rows, url)

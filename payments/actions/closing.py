"""Closing a month of the books, and which month a fact is booked in."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Max, Min, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from payments.models import ClosedMonth, LedgerEntry

#: For whoever is booking just now; everybody who wants to book next waits as long.
LONGEST_WAIT = "5s"
#: Of the books; an amount in another is in no sum.
CURRENCY = "EUR"


class CannotClose(Exception):
    """Refused; `str()` is a translated sentence for whoever wanted to close."""


def local_day(moment: datetime) -> date:
    """The day in Brussels, whatever the reader's own clock."""
    return moment.astimezone(timezone.get_default_timezone()).date()


def first_of(day: date) -> date:
    return day.replace(day=1)


def next_month(month: date) -> date:
    return first_of(month + timedelta(days=31))


def booking_day(occurred_at: datetime) -> date:
    """The day a fact is booked on: when it occurred, or the first day still open when that month is closed."""
    day = local_day(occurred_at)
    last = ClosedMonth.objects.aggregate(last=Max("month"))["last"]
    return max(day, next_month(last)) if last is not None else day


@transaction.atomic
def close_month(*, month: date, by: Any, at: datetime) -> ClosedMonth:
    """Close a month that is over: nothing is booked in it any more. Done twice it changes nothing.

    Raises CannotClose for a month that is not over, while an earlier month with entries is open, and when somebody
    books for longer than we wait.
    """
    month = first_of(month)
    with connection.cursor() as cursor:
        # Nobody writes an entry between our sums and the commit; reading goes on.
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LONGEST_WAIT])
        try:
            cursor.execute(f"LOCK TABLE {LedgerEntry._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        except OperationalError as error:
            raise CannotClose(_("Money is being booked just now. Try again in a minute.")) from error
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    if (closed := ClosedMonth.objects.filter(month=month).first()) is not None:
        return closed
    if next_month(month) > local_day(at):
        raise CannotClose(_("This month is not over yet."))
    last = ClosedMonth.objects.aggregate(last=Max("month"))["last"]
    earlier = LedgerEntry.objects.filter(booked_on__lt=month)
    if last is not None:
        earlier = earlier.filter(booked_on__gte=next_month(last))
    if (first_open := earlier.aggregate(first=Min("booked_on"))["first"]) is not None:
        raise CannotClose(_("Close %(month)s first.") % {"month": f"{first_open:%Y-%m}"})
    entries = LedgerEntry.objects.filter(booked_on__gte=month, booked_on__lt=next_month(month)).order_by("pk")
    digest, count = hashlib.sha256(), 0
    for row in entries.values_list("pk", "kind", "source", "amount", "currency", "booked_on").iterator():
        digest.update("\t".join(map(str, row)).encode() + b"\n")
        count += 1
    sums = entries.filter(currency=CURRENCY).order_by().values_list("kind").annotate(total=Sum("amount"))
    return ClosedMonth.objects.create(
        month=month,
        closed_at=at,
        closed_by=by,
        entries=count,
        totals={kind: str(total) for kind, total in sorted(sums)},
        digest=digest.hexdigest(),
    )

"""Closing a month needs a moment without bookings, and waits for it only so long: nobody's payment stands behind it."""

from datetime import UTC, date, datetime
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from payments.actions import closing
from payments.models import ClosedMonth, LedgerEntry
from tests import factories

MONTH, AFTER = date(2027, 1, 1), datetime(2027, 2, 3, tzinfo=UTC)


def test_while_somebody_books_a_month_is_not_closed_and_afterwards_it_is(transactional_db, monkeypatch):
    monkeypatch.setattr(closing, "LONGEST_WAIT", "50ms")
    by = factories.user("Finance")
    is_booking, may_end = Event(), Event()

    def book():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {LedgerEntry._meta.db_table} IN ROW EXCLUSIVE MODE")
            is_booking.set()
            may_end.wait(30)
        connection.close()

    booking = Thread(target=book)
    booking.start()
    assert is_booking.wait(30)
    with pytest.raises(closing.CannotClose, match="geboekt"):
        closing.close_month(month=MONTH, by=by, at=AFTER)
    may_end.set()
    booking.join(30)

    closing.close_month(month=MONTH, by=by, at=AFTER)
    assert ClosedMonth.objects.get().month == MONTH

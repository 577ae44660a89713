"""Many rows out of few, for measuring how the reports stream: copies made by SQL, with the guards of the tables off.

Only for that. The copies hang together (seat, entry, line, invoice, payout with its parts) but they are no books: a
registration has them many times over.
"""

from django.db import connection
from django.db.models import Model

from events.models import Attendee
from payments.models import Invoice, LedgerEntry, LedgerLine, Payout, PayoutItem

APART = 10_000_000
#: Per model what a copy has of its own; {n} is the number of the copy, {far} how far its rows are from the first.
COPIED: dict[type[Model], dict[str, str]] = {
    Attendee: {"email": "'copy{n}.' || email", "calendar_uid": "gen_random_uuid()"},
    LedgerEntry: {"source": "source || '-{n}'"},
    LedgerLine: {"entry_id": "entry_id + {far}", "attendee_id": "attendee_id + {far}"},
    Invoice: {
        "number": "'C' || id + {far}",
        "cause": "cause || '-{n}'",
        "replaces_id": "replaces_id + {far}",
        "payment_reference": "CASE payment_reference WHEN '' THEN '' ELSE lpad((id + {far})::text, 12, '0') END",
    },
    Payout: {"payout_id": "payout_id || '-{n}'"},
    PayoutItem: {"transaction_id": "transaction_id || '-{n}'", "payout_id": "payout_id + {far}", "entry_id": "NULL"},
}


def multiply_to(lines: int) -> int:
    """Copies until the ledger has so many lines. Returns how many it has."""
    had = LedgerLine.objects.filter(pk__lt=APART).count()
    there = LedgerLine.objects.count()
    first = there // had
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for number in range(first, max(first, lines // had)):
            for model, own in COPIED.items():
                _copy(cursor, model, own, number)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE")
    return LedgerLine.objects.count()


def _copy(cursor, model: type[Model], own: dict[str, str], number: int) -> None:
    far = number * APART
    columns = [field.column for field in model._meta.concrete_fields]
    told = {"id": "id + {far}"} | own
    values = [told.get(column, column).format(n=number, far=far) for column in columns]
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
        f"SELECT {', '.join(values)} FROM {model._meta.db_table} WHERE id < {APART}"
    )

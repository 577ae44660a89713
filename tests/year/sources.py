"""What the books are compared with: the stand-in's own figures, the bank's, and the reports' own files."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from zoneinfo import ZoneInfo

from django.test import Client

from payments.admin.finance_reports import REPORTS
from payments.admin.more_reports import MORE_REPORTS
from tests import factories
from tests.year.making import Year

ZERO = Decimal("0.00")
BRUSSELS = ZoneInfo("Europe/Brussels")
PERIODS = ("vat", "fees", "refunds", "payouts", "journal", "partners")
DAYS = ("deferred-income", "open-invoices")
#: Whose files of a closed month may not change any more. Two speak of now: a paid seat shows what was refunded since,
#: a free seat who is coming.
CLOSED = (*PERIODS, *DAYS)
#: Every report there is.
ALL = ("paid-tickets", *(slug for _view, slug in (*REPORTS, *MORE_REPORTS)))


def last_of(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


class Files:
    """The reports' files, downloaded as finance does."""

    def __init__(self, client: Client | None = None) -> None:
        self.client = client or Client()
        if client is None:
            self.client.force_login(factories.user("Finance"))

    def file(self, slug: str, since: date, until: date, kind: str = "csv") -> bytes:
        return b"".join(self.pieces(slug, since, until, kind))

    def pieces(self, slug: str, since: date, until: date, kind: str = "csv") -> Iterable[bytes]:
        asked = f"as_of={until}" if slug in DAYS else f"since={since}&until={until}"
        if slug == "paid-tickets":
            asked = f"paid_from={since}&paid_until={until}"
        answer = self.client.get(f"/admin/reports/{slug}/?export={kind}&{asked}")
        assert answer.status_code == 200, (slug, answer.status_code)
        return answer.streaming_content if answer.streaming else answer

    def rows(self, slug: str, since: date, until: date) -> list[dict[str, str]]:
        """All rows; the last is the totals."""
        return list(csv.DictReader(StringIO(self.file(slug, since, until).decode())))

    def totals(self, slug: str, since: date, until: date) -> dict[str, Decimal]:
        last = self.rows(slug, since, until)[-1]
        return {name: Decimal(value) for name, value in last.items() if value not in ("", "TOTAL")}

    def closed(self, month: date) -> dict[str, bytes]:
        return {slug: self.file(slug, month, last_of(month)) for slug in CLOSED}


class AtStripe:
    """The stand-in's balance transactions, in its own cents and on its own clock; read from its memory."""

    def __init__(self, year: Year) -> None:
        self.state = year.stripe.state

    def transactions(self, since: date, until: date) -> list[dict]:
        return [
            txn
            for txn in self.state.objects["balance_transaction"].values()
            if since <= datetime.fromtimestamp(txn["created"], BRUSSELS).date() <= until
        ]

    def balance(self, until: date) -> Decimal:
        return _euro(sum(txn["net"] for txn in self.transactions(date.min, until)))

    def fees(self, since: date, until: date) -> Decimal:
        """What it kept: of payments and disputes, and fees of its own."""
        moved = self.transactions(since, until)
        own = sum(-txn["amount"] for txn in moved if txn["reporting_category"] == "fee")
        return _euro(sum(txn["fee"] for txn in moved) + own)

    def amounts(self, since: date, until: date) -> dict[str, Decimal]:
        """By reporting category, gross."""
        sums: dict[str, int] = defaultdict(int)
        for txn in self.transactions(since, until):
            sums[txn["reporting_category"]] += txn["amount"]
        return defaultdict(lambda: ZERO, {name: _euro(cents) for name, cents in sums.items()})

    def payouts(self) -> dict[str, tuple[Decimal, Decimal, int]]:
        """Of each payout its amount, the net of what it gathered, and of how many."""
        gathered: dict[str, list[int]] = defaultdict(list)
        transactions = self.state.objects["balance_transaction"]
        for txn, payout in self.state.paid_out.items():
            gathered[payout].append(transactions[txn]["net"])
        return {
            pk: (_euro(payout["amount"]), _euro(sum(gathered[pk])), len(gathered[pk]))
            for pk, payout in self.state.objects["payout"].items()
        }


def _euro(cents: int) -> Decimal:
    return Decimal(cents) / 100

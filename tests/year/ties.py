"""The ties of the books. Each check has a name and gives what does not tie, in words; nothing when all does.

Amounts are compared exactly. The other side of each is not the code that made the report: the stand-in, the bank's
statements, the documents' rows, or rows added up here one by one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Any

from django.db.models import Sum

from events.models import Attendee, Registration
from payments.models import (
    BillingDetails,
    ClosedMonth,
    Concern,
    Invoice,
    InvoiceLine,
    JournalAccounts,
    LedgerEntry,
    LedgerLine,
    Payout,
    Refund,
)
from tests.year.making import Year
from tests.year.sources import CLOSED, ZERO, AtStripe, Files, last_of

#: What the VAT report and the journal's VAT are of: a dispute undoes no sale.
TAXED = ("payment", "refund", "refund_failed")
SALES = ("payment", "refund", "refund_failed", "dispute", "dispute_won")
Faults = Iterator[str]


class Books:
    """A year with its sources, and the files of each month as they were when it was closed."""

    def __init__(self, year: Year) -> None:
        self.year, self.files, self.stripe = year, Files(), AtStripe(year)
        self.closed: dict[date, dict[str, bytes]] = {}

    def close(self, month: date) -> None:
        self.closed[month] = self.files.closed(month)

    def place(self, registration: int, day: date) -> Any:
        """The visit this registration was for at the end of a day, by the year's own memory."""
        return [visit for since, visit in self.year.places[registration] if since <= day][-1]


def differs(name: str, what: object, one: object, other: object) -> Faults:
    if one != other:
        yield f"{name}: {what}: {one} and {other}"


def entries(since: date, until: date, **only: Any) -> Any:
    return LedgerEntry.objects.filter(booked_on__gte=since, booked_on__lte=until, **only)


def added(rows: Any, column: str = "amount") -> Decimal:
    return rows.aggregate(total=Sum(column))["total"] or ZERO


def moves(books: Books, since: date, until: date) -> Iterator[tuple[Any, Any, Decimal, Decimal]]:
    """(from, to, net, VAT) of every registration that was moved with money in hand, by the year's own memory."""
    for registration, places in books.year.places.items():
        for (_then, old), (day, new) in pairwise(places):
            if since <= day <= until:
                paid = LedgerLine.objects.filter(
                    entry__registration=registration, entry__kind__in=SALES, entry__booked_on__lt=day
                ).aggregate(net=Sum("net"), vat=Sum("vat"))
                yield old, new, paid["net"] or ZERO, paid["vat"] or ZERO


# --- Of a period --------------------------------------------------------------------------------------------------


def stripe_balance(books: Books, since: date, until: date) -> Faults:
    ours = added(LedgerEntry.objects.filter(account="stripe", booked_on__lte=until))
    yield from differs("stripe balance", until, ours, books.stripe.balance(until))


def bank_balance(books: Books, since: date, until: date) -> Faults:
    ours = added(LedgerEntry.objects.filter(account="bank", booked_on__lte=until))
    yield from differs("bank balance", until, ours, books.year.bank.balance_on(until))


def vat_report(books: Books, since: date, until: date) -> Faults:
    """Per country and rate what was received and given back, by the visit that was sold."""
    sums: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [ZERO] * 4)
    lines = LedgerLine.objects.filter(entry__in=entries(since, until, kind__in=TAXED))
    for line in lines.values("entry__kind", "entry__registration", "entry__booked_on", "net", "vat").iterator():
        sold = books.place(line["entry__registration"], line["entry__booked_on"])
        at = 0 if line["entry__kind"] == "payment" else 2
        rate = books.year.places[line["entry__registration"]][0][1].vat_rate  # a seat keeps the rate it was sold at
        figures = sums[sold.vat_country, f"{rate:.2f}"]
        figures[at] += line["net"]
        figures[at + 1] += line["vat"]
    told: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [ZERO] * 4)
    for row in books.files.rows("vat", since, until)[:-1]:
        for place, name in enumerate(("base", "vat_in", "base_back", "vat_back")):
            told[row["country"], row["rate"]][place] += Decimal(row[name])
    for old, new, net, vat in moves(books, since, until):
        for visit, sign in ((old, -1), (new, 1)):
            figures = sums[visit.vat_country, f"{old.vat_rate:.2f}"]
            figures[2] += sign * net
            figures[3] += sign * vat
    told = {key: figures for key, figures in told.items() if any(figures)}
    sums = {key: figures for key, figures in sums.items() if any(figures)}
    yield from differs("VAT report", since, dict(sorted(told.items())), dict(sorted(sums.items())))
    moved = books.stripe.amounts(since, until)
    online = added(entries(since, until, kind="payment", account="stripe"))
    yield from differs("VAT report", f"received online {since}", online, moved["charge"])


def fees_report(books: Books, since: date, until: date) -> Faults:
    bank = sum((amount for day, amount in books.year.bank.costs if since <= day <= until), start=ZERO)
    told = books.files.totals("fees", since, until).get("amount", ZERO)
    yield from differs("fees report", since, -told, books.stripe.fees(since, until) + bank)


def refunds_report(books: Books, since: date, until: date) -> Faults:
    moved = books.stripe.amounts(since, until)
    online = sum((moved[name] for name in ("refund", "refund_failure", "dispute", "dispute_reversal")), start=ZERO)
    bank = sum((amount for day, amount in books.year.bank.given_back if since <= day <= until), start=ZERO)
    told = books.files.totals("refunds", since, until)["amount"]
    yield from differs("refunds report", since, told, online - bank)


def open_invoices(books: Books, since: date, until: date) -> Faults:
    """Invoices less credit notes less money in, document by document."""
    opened: dict[int, Decimal] = {}
    for pk, gross in Invoice.objects.invoices().filter(issued_on__lte=until, payment=None).values_list("pk", "gross"):
        opened[pk] = gross
    notes = Invoice.objects.credit_notes().filter(issued_on__lte=until, refers_to__in=list(opened))
    for pk, gross in notes.values_list("refers_to", "gross"):
        opened[pk] -= gross
    came = LedgerEntry.objects.filter(
        booked_on__lte=until, kind__in=("payment", "refund", "refund_failed"), payment__pays__isnull=False
    )
    newer = Invoice.objects.filter(replaces__isnull=False, issued_on__lte=until)
    in_force = dict(newer.values_list("replaces", "pk"))
    for pk, amount in came.values_list("payment__pays", "amount"):
        opened[in_force.get(pk, pk)] -= amount
    owed = sum((amount for amount in opened.values() if amount > 0), start=ZERO)
    told = books.files.totals("open-invoices", since, until)
    yield from differs("open invoices", until, told["open_amount"], owed)


def deferred_income(books: Books, since: date, until: date) -> Faults:
    """Received, less given back, for visits after the day: by where each registration stood on that day."""
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    lines = LedgerLine.objects.filter(entry__booked_on__lte=until, entry__kind__in=SALES)
    per = lines.order_by().values_list("entry__registration").annotate(total=Sum("net"))
    for registration, net in per:
        visit = books.place(registration, until)
        if visit.date > until:
            sums[visit.name] += net
    told = {row["event"]: Decimal(row["net"]) for row in books.files.rows("deferred-income", since, until)[:-1]}
    expected = {name: net for name, net in sums.items() if net > 0}
    yield from differs("deferred income", until, sorted(told.items()), sorted(expected.items()))


def journal(books: Books, since: date, until: date) -> Faults:
    """Debit is credit, and every account moved by what the ledger says."""
    *rows, last = books.files.rows("journal", since, until)
    yield from differs("journal", f"debit and credit {since}", last["debit"], last["credit"])
    moved: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for row in rows:
        moved[row["account"]] += Decimal(row["debit"]) - Decimal(row["credit"])
    accounts = JournalAccounts.load()
    of = {kind: added(entries(since, until, kind=kind)) for kind in LedgerEntry.Kind.values}
    booked = LedgerLine.objects.filter(entry__in=entries(since, until, kind__in=TAXED))
    expected = {
        accounts.stripe: added(entries(since, until, account="stripe")),
        accounts.bank: added(entries(since, until, account="bank")),
        accounts.revenue: -added(booked, "net"),
        accounts.vat: -added(booked, "vat"),
        accounts.fees: -of["fee"] - of["dispute_fee"] - of["service_fee"],
        accounts.disputes: -of["dispute"] - of["dispute_won"],
        accounts.transit: -of["payout"] - of["payout_failed"] - of["payout_arrived"],
        accounts.suspense: -of["unmatched"] - of["matched"] - of["opening"] - of["other"],
    }
    for account, amount in expected.items():
        yield from differs("journal", f"account {account} {since}", moved[account], amount)
    *_rows, reported = books.files.rows("vat", since, until)
    yield from differs("journal", f"VAT of the VAT report {since}", -moved[accounts.vat], Decimal(reported["vat_left"]))


def partners(books: Books, since: date, until: date) -> Faults:
    """The partners' shares of a visit come to what it brought."""
    shared: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO] * 3)
    for row in books.files.rows("partners", since, until)[:-1]:
        for place, name in enumerate(("revenue", "refunds", "fees")):
            shared[row["event"]][place] += Decimal(row[name])
    brought: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO] * 3)
    of_visits = entries(since, until, registration__isnull=False)
    lines = LedgerLine.objects.filter(entry__in=of_visits.filter(kind__in=[*SALES, "fee"]))
    for line in lines.values("entry__kind", "entry__registration", "entry__booked_on", "net").iterator():
        name = books.place(line["entry__registration"], line["entry__booked_on"]).name
        place = {"payment": 0, "fee": 2}.get(line["entry__kind"], 1)
        brought[name][place] += line["net"]
    for row in of_visits.filter(kind="dispute_fee").values("registration", "booked_on", "amount"):
        brought[books.place(row["registration"], row["booked_on"]).name][2] += row["amount"]
    for old, new, net, _vat in moves(books, since, until):
        brought[old.name][0] -= net
        brought[new.name][0] += net
    yield from differs("partners", since, sorted(shared.items()), sorted(brought.items()))


def lines_add_up(books: Books, since: date, until: date) -> Faults:
    split = entries(since, until, lines__isnull=False).order_by().values("pk", "amount")
    for entry in split.annotate(lines_sum=Sum("lines__gross")):
        yield from differs("lines", f"entry {entry['pk']}", entry["amount"], entry["lines_sum"])


OF_A_PERIOD: tuple[Callable[[Books, date, date], Faults], ...] = (
    stripe_balance,
    bank_balance,
    vat_report,
    fees_report,
    refunds_report,
    open_invoices,
    deferred_income,
    journal,
    partners,
    lines_add_up,
)


def faults_of(books: Books, since: date, until: date) -> list[str]:
    return [fault for check in OF_A_PERIOD for fault in check(books, since, until)]


# --- Of the whole -------------------------------------------------------------------------------------------------


def payouts(books: Books) -> Faults:
    """Every payout is the sum of its balance transactions, and each of those is in our ledger."""
    at_stripe = books.stripe.payouts()
    ours = {payout.payout_id: payout for payout in Payout.objects.all()}
    yield from differs("payouts", "which", sorted(ours), sorted(at_stripe))
    for pk, (amount, gathered, number) in at_stripe.items():
        items = ours[pk].items.all()
        yield from differs("payouts", pk, (amount, number), (gathered, items.count()))
        yield from differs("payouts", pk, (ours[pk].amount, ours[pk].difference), (amount, ZERO))
        yield from differs("payouts", pk, added(items, "net"), gathered)
        yield from differs("payouts", f"{pk} not in the ledger", items.filter(entry=None).count(), 0)


def paid_tickets(books: Books, until: date) -> Faults:
    told = books.files.totals("paid-tickets", date(2027, 1, 1), until)
    of = {kind: added(LedgerEntry.objects.filter(kind=kind)) for kind in LedgerEntry.Kind.values}
    figures = (told["gross"], told["refunded"], told["disputed"], told["fee"])
    went = (-of["refund"] - of["refund_failed"], -of["dispute"] - of["dispute_won"])
    yield from differs("paid tickets", until, figures, (of["payment"], *went, -of["fee"]))
    left = told["gross"] - told["refunded"] - told["disputed"] - told["fee"]
    yield from differs("paid tickets", "what is left", told["left"], left)


def numbers(books: Books) -> Faults:
    """Without a gap, and dated in the order of their numbers."""
    for kind in ("invoice", "credit_note"):
        issued = list(Invoice.objects.filter(kind=kind).order_by("pk").values_list("number", "issued_on"))
        for year, of_year in groupby(sorted(issued, key=lambda row: row[1].year), lambda row: row[1].year):
            given = sorted((int(number.rpartition("-")[2]), issued_on) for number, issued_on in of_year)
            yield from differs("numbers", (kind, year), [at for at, _day in given], [*range(1, len(given) + 1)])
            days = [day for _at, day in given]
            yield from differs("numbers", (kind, year, "days"), days, sorted(days))


def documents(books: Books) -> Faults:
    """Invoices less credit notes are what is owed by invoice, and what was received and kept of the others.

    But for two that are under way on the last day: an invoice waits for an order number that was promised less than a
    week ago, and a refund came back that nobody has transferred yet, so its money is kept and owed by no document.
    """
    waits = _waiting_for_numbers(books.year.clock.at.date())
    to_give: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for refund in Refund.objects.filter(status="failed").select_related("payment"):
        if Concern.objects.open().filter(kind="refund_failed", source=str(refund.pk)).exists():
            to_give[refund.payment.registration_id] += refund.amount
    asked: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for registration, kind, gross in Invoice.objects.values_list("registration", "kind", "gross"):
        asked[registration] += gross if kind == "invoice" else -gross
    kept: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for registration, amount in LedgerEntry.objects.filter(kind__in=TAXED).values_list("registration", "amount"):
        kept[registration] += amount
    owed: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for seat in Attendee.objects.select_related("registration").iterator():
        owed[seat.registration_id] += seat.owed
    for pk, method in Registration.objects.values_list("pk", "billing_method").iterator():
        expected = ZERO if pk in waits else owed[pk] if method == "invoice" else kept[pk] - to_give[pk]
        yield from differs("documents", f"registration {pk} ({method})", asked[pk], expected)
    lines: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for invoice, gross in InvoiceLine.objects.values_list("invoice", "gross").iterator():
        lines[invoice] += gross
    for pk, gross in Invoice.objects.values_list("pk", "gross").iterator():
        yield from differs("documents", f"lines of document {pk}", lines[pk], gross)


def _waiting_for_numbers(day: date) -> set[int]:
    """Registrations that said an order number follows, on one of the seven days before, and have no document."""
    promised = BillingDetails.objects.filter(po_follows=True, purchase_order="")
    recent = promised.filter(registration__confirmed_at__date__gte=day - timedelta(days=7))
    return set(recent.filter(registration__invoices__isnull=True).values_list("registration", flat=True))


def closed_months(books: Books) -> Faults:
    """The files of a closed month are byte for byte what they were when it was closed; so is its digest's ground."""
    for month, files in books.closed.items():
        for slug in CLOSED:
            now = books.files.file(slug, month, last_of(month))
            if now != files[slug]:
                lost = sorted(set(files[slug].splitlines()) - set(now.splitlines()))[:1]
                came = sorted(set(now.splitlines()) - set(files[slug].splitlines()))[:1]
                yield f"closed months: {slug} of {month:%Y-%m} has changed: {lost} -> {came}"
        closed = ClosedMonth.objects.get(month=month)
        rows = entries(month, last_of(month))
        sums = {kind: str(total) for kind, total in rows.order_by().values_list("kind").annotate(total=Sum("amount"))}
        yield from differs("closed months", month, (closed.entries, closed.totals), (rows.count(), sums))


def faults_of_year(books: Books) -> list[str]:
    """After the last month was closed: the year as one period, and what is asked of the whole."""
    first, until = min(books.closed), last_of(max(books.closed))
    return [
        *faults_of(books, first, until),
        *payouts(books),
        *paid_tickets(books, date(2028, 12, 31)),
        *numbers(books),
        *documents(books),
        *closed_months(books),
    ]

"""Finance's other reports: VAT, fees, refunds, deferred income, free seats, payouts, journal."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Sum
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cms.admin.spreadsheets import local
from cms.charts import Chart, stacked_bars
from cms.templatetags.cms_tags import brief, month
from events.models import Event
from payments import movements
from payments.admin.report import TOTAL, ZERO, FiguresReport, PeriodsForm, ReportColumn, ReportFilterSet, a_day
from payments.journal import postings
from payments.models import JournalAccounts, LedgerEntry, LedgerLine, Payout
from payments.movements import Period
from payments.visits import per_visit

if TYPE_CHECKING:
    from django.db.models import QuerySet

Kind = LedgerEntry.Kind


class PeriodFilterSet(ReportFilterSet):
    since = a_day(_("From"))
    until = a_day(_("Until"))

    class Meta:
        model = LedgerEntry
        fields: list[str] = []
        form = PeriodsForm

    def asked(self) -> Period:
        return Period(self.form.cleaned_data["since"], self.form.cleaned_data["until"])


class AsOfFilterSet(ReportFilterSet):
    as_of = a_day(_("As of"))

    class Meta:
        model = LedgerEntry
        fields: list[str] = []

    def asked(self) -> date:
        return self.form.cleaned_data["as_of"] or timezone.localdate(timezone=timezone.get_default_timezone())


def field(name: str) -> Any:
    return lambda row: row[name]


def fact(name: str) -> Any:
    return lambda row: getattr(row, name)


class SummedReport(FiguresReport):
    """One whose figures are annotations of the same names, added up by the database."""

    def sums(self, rows: "QuerySet[Any]") -> dict[str, Any]:
        added = rows.order_by().aggregate(**{f"sum_{name}": Sum(name) for name in self.figures})
        return {name: added[f"sum_{name}"] or ZERO for name in self.figures}


class VatReport(SummedReport):
    page_title = _("VAT by country and rate")
    model = LedgerLine
    index_url_name = "vat_report"
    index_results_url_name = "vat_report_results"
    filterset_class = PeriodFilterSet
    file_name = "vat"
    nothing_found = _("Nothing was booked in this period.")
    figures = ("base", "vat_in", "gross_in", "base_back", "vat_back", "base_left", "vat_left", "gross_left")
    report_columns = (
        ReportColumn("month", _("Month"), lambda row: f"{row['month']:%Y-%m}", shown=lambda row: month(row["month"])),
        ReportColumn("country", _("VAT country"), field("country")),
        ReportColumn("rate", _("VAT rate (%)"), field("rate"), is_figure=True),
        ReportColumn("base", _("Received excl. VAT"), field("base"), is_figure=True),
        ReportColumn("vat_in", _("VAT"), field("vat_in"), is_figure=True),
        ReportColumn("gross_in", _("Received incl. VAT"), field("gross_in"), is_figure=True),
        ReportColumn("base_back", _("Given back excl. VAT"), field("base_back"), is_figure=True),
        ReportColumn("vat_back", _("VAT given back"), field("vat_back"), is_figure=True),
        ReportColumn("base_left", _("Taxable"), field("base_left"), is_figure=True),
        ReportColumn("vat_left", _("VAT due"), field("vat_left"), is_figure=True),
        ReportColumn("gross_left", _("Together"), field("gross_left"), is_figure=True),
    )

    def question(self, asked: Period) -> "QuerySet[Any]":
        return movements.vat_by_rate(asked)


ENTRY_COLUMNS = (
    ReportColumn("booked_on", _("Booked on"), fact("booked_on"), shown=lambda row: brief(row.booked_on), is_day=True),
    ReportColumn("kind", _("Kind"), fact("kind"), shown=lambda row: row.get_kind_display(), below=fact("source")),
    ReportColumn("source", _("Source"), fact("source"), only_in_files=True),
    ReportColumn("reference", _("Reference"), lambda row: row.registration.reference if row.registration else ""),
    ReportColumn("event", _("Event"), lambda row: row.event.name if row.event else ""),
    ReportColumn("account", _("Account"), fact("account"), shown=fact("account_name")),
    ReportColumn("amount", _("Amount"), fact("amount"), is_figure=True),
)


class EntriesReport(SummedReport):
    """Entries of some kinds, one a row."""

    kinds: ClassVar[tuple[str, ...]] = ()
    filterset_class = PeriodFilterSet
    nothing_found = _("Nothing was booked in this period.")
    figures = ("amount",)
    report_columns = ENTRY_COLUMNS

    def question(self, asked: Period) -> "QuerySet[LedgerEntry]":
        return movements.entries(asked, self.kinds)


class FeesReport(EntriesReport):
    page_title = _("Fees")
    index_url_name = "fees_report"
    index_results_url_name = "fees_report_results"
    file_name = "fees"
    kinds = movements.FEES


class RefundsReport(EntriesReport):
    page_title = _("Refunds and disputes")
    index_url_name = "refunds_report"
    index_results_url_name = "refunds_report_results"
    file_name = "refunds"
    kinds = (Kind.REFUND, Kind.REFUND_FAILED, Kind.DISPUTE, Kind.DISPUTE_WON)


class DeferredReport(SummedReport):
    page_title = _("Deferred income")
    model = Event
    index_url_name = "deferred_report"
    index_results_url_name = "deferred_report_results"
    filterset_class = AsOfFilterSet
    file_name = "deferred-income"
    nothing_found = _("Nothing was received for visits after this day.")
    figures = ("seats", "net", "vat")
    report_columns = (
        ReportColumn("event", _("Event"), fact("name"), below=lambda row: brief(local(row.known_start).date())),
        ReportColumn("event_date", _("Event date"), lambda row: local(row.known_start).date(), only_in_files=True),
        ReportColumn("seats", _("Paid seats"), fact("seats"), is_figure=True, decimals=0),
        ReportColumn("net", _("Excl. VAT"), fact("net"), is_figure=True),
        ReportColumn("vat", _("VAT"), fact("vat"), is_figure=True),
    )

    def question(self, asked: date) -> "QuerySet[Event]":
        return movements.deferred_income(asked)

    def chart(self, rows: Any, totals: dict[str, Any]) -> Chart | None:
        per_month: dict[str, Decimal] = {}
        for event in rows:
            of_visit = month(local(event.known_start))
            per_month[of_visit] = per_month.get(of_visit, ZERO) + event.net
        title = _("Income of later, by the month of the visit, excl. VAT")
        return stacked_bars("deferred", title, [_("Excl. VAT")], [(name, [net]) for name, net in per_month.items()])


class FreeSeatsReport(SummedReport):
    """A visit a row: paid and free seats, what came and went, VAT, fees, and the subsidy cost price leaves to find."""

    page_title = _("Free seats and what they would have brought")
    model = Event
    index_url_name = "free_seats_report"
    index_results_url_name = "free_seats_report_results"
    filterset_class = PeriodFilterSet
    file_name = "free-seats"
    nothing_found = _("No visits in this period.")
    figures = ("paid", "free", "net", "back", "vat", "fees", "notional", "subsidy")
    report_columns = (
        ReportColumn(
            "event",
            _("Event"),
            fact("name"),
            below=lambda row: f"{brief(local(row.starts_at).date())}, {row.vat_country}",
        ),
        ReportColumn("event_date", _("Event date"), lambda row: local(row.starts_at).date(), only_in_files=True),
        ReportColumn("vat_country", _("VAT country"), fact("vat_country"), only_in_files=True),
        ReportColumn("price", _("Cost price excl. VAT"), fact("price"), is_figure=True),
        ReportColumn("paid", _("Seats with a price"), fact("paid"), is_figure=True, decimals=0),
        ReportColumn("free", _("Free seats"), fact("free"), is_figure=True, decimals=0),
        ReportColumn("net", _("Brought in excl. VAT"), fact("net"), is_figure=True),
        ReportColumn("back", _("Given back excl. VAT"), fact("back"), is_figure=True),
        ReportColumn("vat", _("VAT"), fact("vat"), is_figure=True),
        ReportColumn("fees", _("Fees"), fact("fees"), is_figure=True),
        ReportColumn("notional", _("Notional value of free seats"), fact("notional"), is_figure=True),
        ReportColumn("subsidy", _("Subsidy needed"), fact("subsidy"), is_figure=True),
    )

    def question(self, asked: Period) -> "QuerySet[Event]":
        return per_visit(asked.since, asked.until)

    def chart(self, rows: Any, totals: dict[str, Any]) -> Chart | None:
        bars = [(event.name, [event.paid, event.free]) for event in rows]
        series = [_("Seats with a price"), _("Free seats")]
        return stacked_bars("seats", _("Seats per visit"), series, bars, decimals=0, last=True)


class PayoutsReport(SummedReport):
    page_title = _("Payouts")
    model = Payout
    index_url_name = "payouts_report"
    index_results_url_name = "payouts_report_results"
    filterset_class = PeriodFilterSet
    file_name = "payouts"
    nothing_found = _("No payouts in this period.")
    figures = ("charges", "back", "disputes", "fees", "other", "gathered", "amount")
    report_columns = (
        ReportColumn(
            "arrives_on",
            _("In the bank on"),
            fact("arrives_on"),
            shown=lambda row: brief(row.arrives_on),
            is_day=True,
        ),
        ReportColumn("payout", _("Payout"), fact("payout_id"), below=lambda row: row.get_status_display()),
        ReportColumn("status", _("Status"), fact("status"), only_in_files=True),
        ReportColumn("charges", _("Payments"), fact("charges"), is_figure=True),
        ReportColumn("back", _("Refunds"), fact("back"), is_figure=True),
        ReportColumn("disputes", _("Disputes"), fact("disputes"), is_figure=True),
        ReportColumn("fees", _("Less fees"), fact("fees"), is_figure=True),
        ReportColumn("other", _("Other"), fact("other"), is_figure=True),
        ReportColumn("gathered", _("Adds up to"), fact("gathered"), is_figure=True),
        ReportColumn("amount", _("Paid out"), fact("amount"), is_figure=True),
        ReportColumn(
            "ties",
            _("Ties"),
            lambda row: "" if row.difference is None else "yes" if not row.difference else "no",
            shown=lambda row: _("not yet") if row.difference is None else _("no") if row.difference else _("yes"),
        ),
    )

    def question(self, asked: Period) -> "QuerySet[Payout]":
        return movements.payouts(asked.since, asked.until)


class JournalReport(SummedReport):
    """On screen an entry a row; in the files its postings, debit and credit equal."""

    page_title = _("Journal for the bookkeeping")
    index_url_name = "journal_report"
    index_results_url_name = "journal_report_results"
    filterset_class = PeriodFilterSet
    file_name = "journal"
    nothing_found = _("Nothing was booked in this period.")
    figures = ("amount",)
    report_columns = ENTRY_COLUMNS
    FILE_COLUMNS = ("booked_on", "entry", "kind", "source", "reference", "account", "debit", "credit", "currency")

    @cached_property
    def accounts(self) -> JournalAccounts:
        return JournalAccounts.load()

    @property
    def list_export(self) -> list[str]:
        return list(self.FILE_COLUMNS)

    def question(self, asked: Period) -> "QuerySet[LedgerEntry]":
        rows = movements.entries(asked, tuple(Kind.values))
        return rows.annotate(net=movements.total("lines__net"), vat=movements.total("lines__vat"))

    def file_rows(self, rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
        debit = credit = Decimal("0.00")
        for entry in rows:
            for posting in postings(entry, self.accounts):
                debit, credit = debit + posting.debit, credit + posting.credit
                yield {
                    "booked_on": entry.booked_on,
                    "entry": entry.pk,
                    "kind": entry.kind,
                    "source": entry.source,
                    "reference": entry.registration.reference if entry.registration else "",
                    "account": posting.account,
                    "debit": posting.debit,
                    "credit": posting.credit,
                    "currency": entry.currency,
                }
        empty = dict.fromkeys(self.FILE_COLUMNS, "")
        yield empty | {"booked_on": TOTAL, "debit": debit, "credit": credit}


REPORTS: tuple[tuple[type[FiguresReport], str], ...] = (
    (FreeSeatsReport, "free-seats"),
    (VatReport, "vat"),
    (FeesReport, "fees"),
    (RefundsReport, "refunds"),
    (DeferredReport, "deferred-income"),
    (PayoutsReport, "payouts"),
    (JournalReport, "journal"),
)

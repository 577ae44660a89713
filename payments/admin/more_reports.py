"""Reports on debtors and partners: what was open on a day by age, and what each partner of a visit gets."""

from datetime import date
from typing import TYPE_CHECKING, Any

import django_filters
from django.utils.translation import gettext_lazy as _

from cms.models import Organisation
from payments.admin.charts import Chart, stacked_bars
from payments.admin.finance_reports import AsOfFilterSet, PeriodFilterSet, SummedReport, fact
from payments.admin.report import ZERO, FiguresReport, ReportColumn
from payments.ageing import AGES, open_on
from payments.models import Invoice, Partnership
from payments.movements import Period
from payments.partners import partner_rows

if TYPE_CHECKING:
    from django.db.models import QuerySet

LABELS = {
    "not_due": _("Not due yet"),
    "days_30": _("1 to 30 days late"),
    "days_60": _("31 to 60 days late"),
    "days_90": _("61 to 90 days late"),
    "older": _("More than 90 days late"),
}


class AgeingReport(SummedReport):
    page_title = _("Open items by age")
    model = Invoice
    index_url_name = "ageing_report"
    index_results_url_name = "ageing_report_results"
    filterset_class = AsOfFilterSet
    file_name = "open-items"
    nothing_found = _("Nothing was open on this day.")
    figures = (*AGES, "open_amount")
    report_columns = (
        ReportColumn("number", _("Invoice"), fact("number"), below=lambda row: row.registration.reference),
        ReportColumn("reference", _("Reference"), lambda row: row.registration.reference, only_in_files=True),
        ReportColumn("buyer", _("Buyer"), fact("buyer_name"), below=lambda row: row.registration.event.name),
        ReportColumn("event", _("Event"), lambda row: row.registration.event.name, only_in_files=True),
        ReportColumn("issued_on", _("Issued on"), fact("issued_on"), only_in_files=True),
        ReportColumn("due_on", _("Due on"), fact("due_on"), shown=lambda row: row.due_on.isoformat()),
        *(ReportColumn(name, label, fact(name), is_figure=True) for name, label in LABELS.items()),
        ReportColumn("open_amount", _("Open"), fact("open_amount"), is_figure=True),
    )

    def question(self, asked: date) -> "QuerySet[Any]":
        return open_on(asked).select_related("registration__event")

    def chart(self, rows: Any, totals: dict[str, Any]) -> Chart | None:
        bars = [(str(label), [totals.get(name, ZERO)]) for name, label in LABELS.items()]
        return stacked_bars("open-items", self.page_title, [_("Open")], bars)


class PartnerFilterSet(PeriodFilterSet):
    partner = django_filters.ModelChoiceFilter(
        label=_("Partner"), queryset=Organisation.objects.none(), empty_label=_("All")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_share = Organisation.objects.filter(pk__in=Partnership.objects.values("shares__organisation"))
        self.filters["partner"].queryset = with_share.order_by("name", "pk")

    def asked(self) -> Any:
        partner = self.form.cleaned_data["partner"]
        return super().asked(), partner.pk if partner else None


class PartnersReport(FiguresReport):
    """No names but those of organisations and visits: it goes to partners as it is."""

    page_title = _("Partners' shares")
    model = Partnership
    index_url_name = "partners_report"
    index_results_url_name = "partners_report_results"
    filterset_class = PartnerFilterSet
    file_name = "partners"
    nothing_found = _("Nothing was booked in this period.")
    figures = ("revenue", "refunds", "fees", "net")
    report_columns = (
        ReportColumn("partner", _("Partner"), fact("partner"), below=lambda row: _("owner") if row.is_owner else ""),
        ReportColumn("owner", _("Owner"), lambda row: "yes" if row.is_owner else "no", only_in_files=True),
        ReportColumn("event", _("Event"), fact("event"), below=lambda row: row.event_date.isoformat()),
        ReportColumn("event_date", _("Event date"), fact("event_date"), only_in_files=True),
        ReportColumn("percentage", _("Share (%)"), fact("percentage"), is_figure=True),
        ReportColumn("revenue", _("Received excl. VAT"), fact("revenue"), is_figure=True),
        ReportColumn("refunds", _("Given back excl. VAT"), fact("refunds"), is_figure=True),
        ReportColumn("fees", _("Fees"), fact("fees"), is_figure=True),
        ReportColumn("net", _("Net"), fact("net"), is_figure=True),
    )

    def question(self, asked: tuple[Period, int | None]) -> Any:
        period, partner = asked
        return partner_rows(period, partner)

    def sums(self, rows: Any) -> dict[str, Any]:
        return {name: sum((getattr(row, name) for row in rows), start=ZERO) for name in self.figures}


MORE_REPORTS: tuple[tuple[type[FiguresReport], str], ...] = (
    (AgeingReport, "open-items"),
    (PartnersReport, "partners"),
)

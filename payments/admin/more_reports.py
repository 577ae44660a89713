"""Reports on documents and partners: what was open on a day by age, VAT on invoices, each partner's part."""

from datetime import date
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from cms.charts import Chart, stacked_bars
from cms.models import Organisation
from cms.templatetags.cms_tags import brief, month
from payments.admin.finance_reports import AsOfFilterSet, PeriodFilterSet, SummedReport, fact, field
from payments.admin.report import ZERO, FiguresReport, ReportColumn
from payments.models import Invoice, InvoiceVat, Partnership
from payments.movements import Period
from payments.open_items import COLUMNS, Age, open_on
from payments.partners import partner_rows
from payments.vat_on_documents import vat_on_documents

if TYPE_CHECKING:
    from django.db.models import QuerySet


class OpenInvoicesFilterSet(AsOfFilterSet):
    event = django_filters.NumberFilter(method="filter_event", widget=forms.HiddenInput)
    age = django_filters.ChoiceFilter(label=_("How late"), choices=Age, method="filter_event", empty_label=_("All"))

    def filter_event(self, rows: Any, name: str, value: Any) -> Any:
        return rows  # asked of the question itself, below

    def asked(self) -> Any:
        return super().asked(), self.form.cleaned_data["event"], self.form.cleaned_data["age"]


class OpenInvoicesReport(SummedReport):
    """The debtors of a day: what was invoiced and not paid, whole or in part, by how late; those due longest first."""

    page_title = _("Open invoices")
    model = Invoice
    index_url_name = "open_invoices"
    index_results_url_name = "open_invoices_results"
    filterset_class = OpenInvoicesFilterSet
    file_name = "open-invoices"
    nothing_found = _("Nothing was open on this day.")
    figures = (*COLUMNS, "open_amount")
    report_columns = (
        ReportColumn("number", _("Invoice"), fact("number"), below=lambda row: row.registration.reference),
        ReportColumn("reference", _("Reference"), lambda row: row.registration.reference, only_in_files=True),
        ReportColumn("buyer", _("Buyer"), fact("buyer_name"), below=fact("buyer_email")),
        ReportColumn("email", _("E-mail for invoices"), fact("buyer_email"), only_in_files=True),
        # As the document says it: a registration that is moved later leaves a closed month as it was.
        ReportColumn("event", _("Event"), fact("event_title")),
        ReportColumn("issued_on", _("Issued on"), fact("issued_on"), only_in_files=True),
        ReportColumn("due_on", _("Due on"), fact("due_on"), shown=lambda row: brief(row.due_on), is_day=True),
        ReportColumn("payment_reference", _("Structured communication"), fact("payment_reference"), only_in_files=True),
        ReportColumn("gross", _("Incl. VAT"), fact("gross"), only_in_files=True),
        *(ReportColumn(name, age.label, fact(name), is_figure=True) for name, age in COLUMNS.items()),
        ReportColumn("open_amount", _("Open"), fact("open_amount"), is_figure=True),
    )

    def question(self, asked: tuple[date, Any, str]) -> "QuerySet[Any]":
        day, event, age = asked
        rows = open_on(day).select_related("registration")
        if event:
            rows = rows.filter(registration__event=int(event))
        return rows.filter(age=age) if age else rows

    def chart(self, rows: Any, totals: dict[str, Any]) -> Chart | None:
        bars = [(str(age.label), [totals.get(name, ZERO)]) for name, age in COLUMNS.items()]
        return stacked_bars("open-invoices", self.page_title, [_("Open")], bars)


class VatOnDocumentsReport(SummedReport):
    """Beside the VAT on what was received: what finance declares when invoices go out before the money comes."""

    page_title = _("VAT on invoices")
    model = InvoiceVat
    index_url_name = "vat_on_documents"
    index_results_url_name = "vat_on_documents_results"
    filterset_class = PeriodFilterSet
    file_name = "vat-on-invoices"
    nothing_found = _("Nothing was invoiced in this period.")
    figures = ("base", "vat", "base_credited", "vat_credited", "base_left", "vat_left")
    report_columns = (
        ReportColumn("month", _("Month"), lambda row: f"{row['month']:%Y-%m}", shown=lambda row: month(row["month"])),
        ReportColumn("country", _("VAT country"), field("country")),
        ReportColumn("category", _("VAT category"), field("category")),
        ReportColumn("rate", _("VAT rate (%)"), field("rate"), is_figure=True),
        ReportColumn("base", _("Invoiced excl. VAT"), field("base"), is_figure=True),
        ReportColumn("vat", _("VAT"), field("vat"), is_figure=True),
        ReportColumn("base_credited", _("Credited excl. VAT"), field("base_credited"), is_figure=True),
        ReportColumn("vat_credited", _("VAT credited"), field("vat_credited"), is_figure=True),
        ReportColumn("base_left", _("Taxable"), field("base_left"), is_figure=True),
        ReportColumn("vat_left", _("VAT due"), field("vat_left"), is_figure=True),
    )

    def question(self, asked: Period) -> "QuerySet[Any]":
        return vat_on_documents(asked)


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
        ReportColumn("event", _("Event"), fact("event"), below=lambda row: brief(row.event_date)),
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
    (OpenInvoicesReport, "open-invoices"),
    (VatOnDocumentsReport, "vat-on-invoices"),
    (PartnersReport, "partners"),
)

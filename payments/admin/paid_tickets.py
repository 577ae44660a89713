"""The report "Paid tickets": one row per paid seat, on screen and as CSV and XLSX. The figures: payments.reports."""

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

import django_filters
from django.utils.translation import gettext_lazy, ngettext

from cms.admin.spreadsheets import local
from cms.templatetags.cms_tags import brief
from events.models import Attendee, Event, TicketType
from payments.admin.report import FiguresReport, PeriodsForm, ReportColumn, ReportFilterSet, a_day
from payments.reports import PaidTicketFilters, TicketMoney, Totals, paid_tickets, totals

if TYPE_CHECKING:
    from django.db.models import QuerySet


class TicketTypeField(django_filters.fields.ModelChoiceField):
    def label_from_instance(self, obj: TicketType) -> str:
        return f"{obj.event}: {obj.name}"


class TicketTypeFilter(django_filters.ModelChoiceFilter):
    field_class = TicketTypeField


class PaidTicketsForm(PeriodsForm):
    periods = (("paid_from", "paid_until"), ("event_from", "event_until"))


class PaidTicketsFilterSet(ReportFilterSet):
    paid_from = a_day(gettext_lazy("Paid from"))
    paid_until = a_day(gettext_lazy("Paid until"))
    event_from = a_day(gettext_lazy("Event from"))
    event_until = a_day(gettext_lazy("Event until"))
    event = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Event"),
        queryset=Event.objects.order_by("-starts_at", "-pk"),
        empty_label=gettext_lazy("All"),
    )
    ticket_type = TicketTypeFilter(
        label=gettext_lazy("Ticket type"),
        queryset=TicketType.objects.select_related("event").order_by(
            "-event__starts_at", "-event__pk", "sort_order", "pk"
        ),
        empty_label=gettext_lazy("All"),
    )
    status = django_filters.ChoiceFilter(
        label=gettext_lazy("Status"), choices=TicketMoney, empty_label=gettext_lazy("All")
    )

    class Meta:
        model = Attendee
        fields: list[str] = []
        form = PaidTicketsForm

    def asked(self) -> PaidTicketFilters:
        cleaned = self.form.cleaned_data
        return PaidTicketFilters(
            paid_from=cleaned["paid_from"],
            paid_until=cleaned["paid_until"],
            event_from=cleaned["event_from"],
            event_until=cleaned["event_until"],
            event=cleaned["event"].pk if cleaned["event"] else None,
            ticket_type=cleaned["ticket_type"].pk if cleaned["ticket_type"] else None,
            status=cleaned["status"] or None,
        )


class PaidTicketsReport(FiguresReport):
    page_title = gettext_lazy("Paid tickets")
    model = Attendee
    index_url_name = "paid_tickets"
    index_results_url_name = "paid_tickets_results"
    filterset_class = PaidTicketsFilterSet
    file_name = "paid-tickets"
    nothing_found = gettext_lazy("No paid seats match these filters.")
    #: Named as in Totals and as annotated by paid_tickets().
    figures = tuple(field.name for field in fields(Totals) if field.name != "tickets")
    report_columns = (
        ReportColumn(
            "paid_on",
            gettext_lazy("Paid on"),
            lambda seat: local(seat.paid_at).date(),
            shown=lambda seat: brief(local(seat.paid_at).date()),
        ),
        ReportColumn(
            "event",
            gettext_lazy("Event"),
            lambda seat: seat.event.name,
            below=lambda seat: brief(local(seat.event.starts_at).date()),
        ),
        ReportColumn(
            "event_date",
            gettext_lazy("Event date"),
            lambda seat: local(seat.event.starts_at).date(),
            only_in_files=True,
        ),
        ReportColumn(
            "reference", gettext_lazy("Reference"), lambda seat: seat.registration.reference, only_in_files=True
        ),
        ReportColumn(
            "attendee",
            gettext_lazy("Attendee"),
            lambda seat: seat.name,
            below=lambda seat: f"{seat.registration.reference}, {seat.registration.organisation_name}",
        ),
        ReportColumn(
            "organisation",
            gettext_lazy("Organisation"),
            lambda seat: seat.registration.organisation_name,
            only_in_files=True,
        ),
        ReportColumn(
            "ticket_type",
            gettext_lazy("Ticket type"),
            lambda seat: seat.ticket_type.name,
            only_in_files=True,
        ),
        ReportColumn(
            "status",
            gettext_lazy("Status"),
            lambda seat: seat.money,
            shown=lambda seat: TicketMoney(seat.money).label,
            below=lambda seat: f"{seat.ticket_type.name}, {seat.event.vat_country} {seat.vat_rate:.0f}%",
        ),
        ReportColumn(
            "vat_country", gettext_lazy("VAT country"), lambda seat: seat.event.vat_country, only_in_files=True
        ),
        ReportColumn(
            "vat_rate", gettext_lazy("VAT rate (%)"), lambda seat: seat.vat_rate, is_figure=True, only_in_files=True
        ),
        ReportColumn("net", gettext_lazy("Excl. VAT"), lambda seat: seat.net, is_figure=True),
        ReportColumn("vat", gettext_lazy("VAT"), lambda seat: seat.vat, is_figure=True),
        ReportColumn("gross", gettext_lazy("Incl. VAT"), lambda seat: seat.gross, is_figure=True),
        ReportColumn("fee", gettext_lazy("Fee"), lambda seat: seat.fee, is_figure=True),
        ReportColumn("refunded", gettext_lazy("Refunded"), lambda seat: seat.refunded, is_figure=True),
        ReportColumn("disputed", gettext_lazy("Disputed"), lambda seat: seat.disputed, is_figure=True),
        ReportColumn("left", gettext_lazy("What is left"), lambda seat: seat.left, is_figure=True),
    )

    def question(self, asked: PaidTicketFilters) -> "QuerySet[Attendee]":
        return paid_tickets(asked)

    def sums(self, rows: "QuerySet[Attendee]") -> dict[str, Any]:
        return asdict(totals(rows))

    def counted(self, totals: dict[str, Any]) -> str:
        tickets = totals.get("tickets", 0)
        return ngettext("%(count)s seat", "%(count)s seats", tickets) % {"count": tickets}

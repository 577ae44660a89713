"""The payments chapter in Wagtail's admin: a menu for finance, and its report."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.model import ModelViewSetGroup

from payments.admin.bank import BankStatementViewSet
from payments.admin.bank_movements import BankTransactionViewSet
from payments.admin.bulk_refunds import BulkRefundViewSet
from payments.admin.closing import ClosedMonthViewSet, DisputeViewSet, PayoutViewSet
from payments.admin.concerns import ConcernViewSet
from payments.admin.finance_reports import REPORTS
from payments.admin.invoices import InvoiceViewSet
from payments.admin.lab import LabGroup
from payments.admin.lists import LedgerEntryViewSet, PaymentViewSet, RefundViewSet, StripeEventViewSet
from payments.admin.more_reports import MORE_REPORTS
from payments.admin.outbox import DispatchViewSet
from payments.admin.paid_tickets import PaidTicketsReport
from payments.admin.partners import PartnershipViewSet
from payments.admin.report import FiguresReport
from payments.admin.vat import InvoicingPanel, VatRuleViewSet, may_see_panel
from payments.admin.waits import WaitsPanel, may_see_what_waits


class MoneyGroup(ModelViewSetGroup):
    menu_label = _("Money")
    menu_name = "money"
    menu_icon = "table"
    menu_order = 160
    items = (
        ConcernViewSet,
        InvoiceViewSet,
        DispatchViewSet,
        PaymentViewSet,
        RefundViewSet,
        BulkRefundViewSet,
        DisputeViewSet,
        PayoutViewSet,
        BankStatementViewSet,
        BankTransactionViewSet,
        LedgerEntryViewSet,
        ClosedMonthViewSet,
        VatRuleViewSet,
        PartnershipViewSet,
        StripeEventViewSet,
    )


class LedgerReportMenuItem(MenuItem):
    """Shown to whoever may read the ledger."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("payments.view_ledgerentry"))


@hooks.register("register_admin_viewset")
def money() -> MoneyGroup:
    return MoneyGroup()


@hooks.register("register_admin_viewset")
def lab() -> LabGroup:
    return LabGroup()


@hooks.register("register_admin_urls")
def reports() -> list[URLPattern]:
    return [
        path("reports/paid-tickets/", PaidTicketsReport.as_view(), name="paid_tickets"),
        path(
            "reports/paid-tickets/results/",
            PaidTicketsReport.as_view(results_only=True),
            name="paid_tickets_results",
        ),
        *(
            path(f"reports/{slug}/{part}", view.as_view(results_only=bool(part)), name=name)
            for view, slug in (*REPORTS, *MORE_REPORTS)
            for part, name in (("", view.index_url_name), ("results/", view.index_results_url_name))
        ),
    ]


@hooks.register("register_reports_menu_item")
def paid_tickets_menu_item() -> Any:
    return LedgerReportMenuItem(
        _("Paid tickets"), reverse("paid_tickets"), name="paid-tickets", icon_name="table", order=100
    )


def _menu_item(view: type[FiguresReport], order: int) -> Callable[[], LedgerReportMenuItem]:
    def item() -> LedgerReportMenuItem:
        return LedgerReportMenuItem(
            view.page_title, reverse(view.index_url_name), name=view.file_name, icon_name="table", order=order
        )

    return item


for order, (view, _slug) in enumerate((*REPORTS, *MORE_REPORTS), start=101):
    hooks.register("register_reports_menu_item", _menu_item(view, order))


@hooks.register("register_permissions")
def permissions_without_a_list() -> QuerySet[Permission]:
    """What a group can be given though no list of its own asks for it."""
    names = ["view_ledgerline", "view_costprice", "add_costprice"]
    return Permission.objects.filter(content_type__app_label="payments", codename__in=names)


@hooks.register("construct_homepage_panels")
def what_keeps_invoices_waiting(request: HttpRequest, panels: list[Any]) -> None:
    if may_see_what_waits(request):
        panels.append(WaitsPanel())
    if may_see_panel(request):
        panels.append(InvoicingPanel())

"""VAT rules, which finance keeps, and a warning on the front page where a visit departs from them."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.model import ModelViewSet

from payments.actions.agreeing import undocumented
from payments.actions.issuing import waiting_payments
from payments.models import SellerSettings, VatRule
from payments.open_items import open_invoices, overdue
from payments.vat import departures


class VatRuleViewSet(ModelViewSet):
    model = VatRule
    name = "tour_vat_rules"
    url_prefix = "vat-rules"
    icon = "list-ol"
    menu_label = gettext_lazy("VAT rules")
    copy_view_enabled = True
    add_to_reference_index = False
    list_display = [
        "event_country",
        "seller_status",
        "supply",
        "buyer_kind",
        "category",
        "rate",
        "valid_from",
        "valid_to",
    ]
    list_filter = ["event_country", "seller_status", "supply"]
    form_fields = [
        "event_country",
        "seller_status",
        "buyer_kind",
        "supply",
        "category",
        "rate",
        "mention_nl",
        "mention_en",
        "exemption_code",
        "valid_from",
        "valid_to",
    ]


class InvoicingPanel(Component):
    """On the admin's front page: what keeps invoices from being issued, and VAT that is not what the rules say."""

    name = "invoicing"
    template_name = "payments/admin/invoicing_panel.html"
    order = 120

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        waiting = waiting_payments()
        return {
            "missing": SellerSettings.load().missing(),
            "waiting": waiting,
            "departures": departures(at=timezone.now())[:10],
            "unissued": len(undocumented()),
            "late": open_invoices(timezone.localdate()).filter(overdue(timezone.localdate())).count(),
        }

    def render_html(self, parent_context: Any = None) -> Any:
        context = self.get_context_data(parent_context)
        wanted = ("waiting", "departures", "unissued", "late")
        return super().render_html(parent_context) if any(context[name] for name in wanted) else ""


def may_see_panel(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("payments.view_invoice"))

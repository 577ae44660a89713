"""On the admin's front page: what waits for finance, each with the way to it. Zero is said too: nothing is hidden."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from cms.templatetags.cms_tags import money
from payments.admin.concerns import PAGE_TITLE
from payments.cancelled_visits import cancelled_with_money
from payments.models import BankTransaction, Concern
from payments.open_items import open_invoices, overdue


class WaitsPanel(Component):
    """For whoever may read the matters to look into. A constant number of queries."""

    name = "finance_waits"
    template_name = "payments/admin/waits_panel.html"
    order = 110

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        today = timezone.localdate()
        asked = open_invoices(today).order_by()
        sums = asked.aggregate(count=Count("pk"), amount=Sum("open_amount"))
        late = asked.filter(overdue(today)).count()
        amount = _("%(amount)s, of which %(late)s late") % {"amount": money(sums["amount"] or Decimal(0)), "late": late}
        matters = Concern.objects.open().count()
        cancelled = cancelled_with_money().count()
        to_name = BankTransaction.objects.to_name().count()
        return {
            "rows": [
                (PAGE_TITLE, matters, "", reverse("tour_concerns:index")),
                (_("Open invoices"), sums["count"], amount if sums["count"] else "", reverse("open_invoices")),
                (
                    _("Cancelled visits to pay back"),
                    cancelled,
                    "",
                    reverse("tour_bulk_refunds:index"),
                ),
                (
                    _("Bank movements to name"),
                    to_name,
                    "",
                    f"{reverse('tour_bank_movements:index')}?state=to_name",
                ),
            ]
        }


def may_see_what_waits(request: HttpRequest) -> bool:
    return bool(request.user.has_perms(["payments.view_concern", "payments.view_banktransaction"]))

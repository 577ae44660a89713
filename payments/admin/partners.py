"""Who shares in a visit: its owner and the percentages, kept by finance and organisers."""

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from payments.models import PartnerShare, Partnership


class PartnershipIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        rows = super().get_base_queryset().select_related("event", "owner")
        return rows.prefetch_related(Prefetch("shares", PartnerShare.objects.select_related("organisation")))


class PartnershipViewSet(ModelViewSet):
    model = Partnership
    name = "tour_partnerships"
    url_prefix = "partnerships"
    icon = "group"
    menu_label = gettext_lazy("Partners of visits")
    copy_view_enabled = False
    inspect_view_enabled = False
    add_to_reference_index = False
    index_view_class = PartnershipIndexView
    list_display = [
        "event",
        Column("owner", label=gettext_lazy("Owner")),
        Column(
            "shares",
            label=gettext_lazy("Shares"),
            accessor=lambda row: ", ".join(f"{share.organisation} {share.percentage} %" for share in row.shares.all()),
        ),
    ]

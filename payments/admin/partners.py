"""Who shares in a visit: its owner and the percentages, kept by finance and organisers."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import DeleteView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from payments.models import PartnerShare, Partnership
from payments.models.partners import SETTLED


class PartnershipIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        rows = super().get_base_queryset().select_related("event", "owner")
        return rows.prefetch_related(Prefetch("shares", PartnerShare.objects.select_related("organisation")))


class PartnershipDeleteView(DeleteView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Says why those of a closed month stay, in place of a page that cannot do what it asks about."""
        if Partnership.are_settled([self.object.event_id]):
            messages.error(request, str(SETTLED))
            return redirect(reverse(self.edit_url_name, args=[self.object.pk]))
        return super().dispatch(request, *args, **kwargs)


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
    delete_view_class = PartnershipDeleteView
    list_display = [
        "event",
        Column("owner", label=gettext_lazy("Owner")),
        Column(
            "shares",
            label=gettext_lazy("Shares"),
            accessor=lambda row: ", ".join(f"{share.organisation} {share.percentage} %" for share in row.shares.all()),
        ),
    ]

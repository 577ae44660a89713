"""What people need on the day: counted for everybody at the desk, by name for whoever has the permission."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from events.admin.visit_view import VisitScreen
from events.models import Event, Needs, Registration

Status = Registration.Status
#: A licence plate is one car's: it is on the list of names alone.
NEEDS_COUNTED = ("diet", "access", "shoe_size", "clothing_size")


def label(name: str) -> str:
    return str(getattr(Needs._meta.get_field(name), "verbose_name", name))


def coming_needs(event: Event) -> QuerySet[Needs]:
    """Of everybody who comes."""
    coming = Needs.objects.filter(
        attendee__event=event, attendee__released_at__isnull=True, attendee__registration__status=Status.CONFIRMED
    )
    return coming.select_related("attendee").order_by("attendee__last_name", "attendee__first_name", "pk")


class NeedsView(VisitScreen, TemplateView):
    """Who needs what on the day, by name: for whoever has the permission, and gone a week after the visit."""

    needs = "events.view_needs"
    template_name = "events/admin/needs.html"
    page_title = gettext_lazy("Diet, access and equipment")
    header_icon = "list-ul"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "event": self.object, "rows": list(coming_needs(self.object))}

"""On the admin's front page: the visits to come, and what of each waits for its organiser."""

from collections import Counter
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component

from events.models import Approval, Event, Letter

#: A season fits; the rest stands in the list of events.
MOST = 10


class VisitsPanel(Component):
    """For whoever may see registrations. A constant number of queries."""

    name = "tour_visits"
    template_name = "events/admin/visits_panel.html"
    order = 105

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        at = timezone.now()
        visits = Event.objects.upcoming(at).filter(status=Event.Status.SCHEDULED).with_seats(at)
        listed = list(visits.order_by("starts_at", "pk")[:MOST])
        asked = Approval.objects.for_organiser().filter(registration__event__in=listed)
        asks = Counter(asked.values_list("registration__event", flat=True))
        lost = Letter.objects.given_up().filter(registration__event__in=listed)
        letters = Counter(lost.values_list("registration__event", flat=True))
        return {
            "rows": [
                {
                    "visit": visit,
                    "url": reverse("tour_events:cockpit", args=[visit.pk]),
                    "approvals": asks[visit.pk],
                    "letters": letters[visit.pk],
                }
                for visit in listed
            ],
            "more": reverse("tour_events:index"),
        }


def may_see_visits(request: HttpRequest) -> bool:
    return bool(request.user.has_perms(["events.view_event", "events.view_registration"]))

"""The events chapter in Wagtail's admin: one menu for the Tour, and what its screens share."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSetGroup

from events.admin.events import EventViewSet
from events.admin.front import VisitsPanel, may_see_visits
from events.admin.page_list import EventPageViewSet, VisitPageListing
from events.admin.registrations import RegistrationViewSet
from events.admin.schemes import SchemeViewSet


class TourGroup(ModelViewSetGroup):
    menu_label = _("Tour")
    menu_name = "tour"
    menu_icon = "calendar-alt"
    menu_order = 150
    items = (EventViewSet, VisitPageListing, RegistrationViewSet, SchemeViewSet)


@hooks.register("register_admin_viewset")
def tour() -> TourGroup:
    return TourGroup()


@hooks.register("register_admin_viewset")
def explorer_of_visit_pages() -> EventPageViewSet:
    return EventPageViewSet()


@hooks.register("register_permissions")
def permissions_on_what_hangs_on_a_registration() -> QuerySet[Permission]:
    """Attendees, letters and needs have no list of their own; a group can be allowed to see them all the same. So can
    who edits no page see the list of the visits' pages."""
    return Permission.objects.filter(
        content_type__app_label="events", codename__in=["view_attendee", "view_eventpage", "view_letter", "view_needs"]
    )


@hooks.register("insert_global_admin_css")
def figures() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("cms/admin.css"))


@hooks.register("construct_homepage_panels")
def visits_to_come(request: HttpRequest, panels: list[Any]) -> None:
    if may_see_visits(request):
        panels.append(VisitsPanel())

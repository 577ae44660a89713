"""Template tags of the events chapter."""

from datetime import datetime
from typing import Any, NamedTuple

from django import template
from django.template.context import RequestContext
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.forms import Registering
from events.models import Event, EventPage
from events.models.choices import Availability
from events.models.event import FEW_SEATS
from events.places import ON_SITE

register = template.Library()


class Mark(NamedTuple):
    """How a stop looks on the line, and the word that says the same."""

    css: str
    text: str


@register.simple_tag
def mark(event: Event, at: datetime | None = None) -> Mark:
    """The state of a stop: a mark for the eye and words for everybody."""
    at = at or timezone.now()
    left = event.seats_for_newcomers(at)
    match event.availability(at):
        case Availability.PAST:
            return Mark("past", _("Past"))
        case Availability.CANCELLED:
            return Mark("cancelled", _("Cancelled"))
        case Availability.UPCOMING:
            return Mark("pending", _("Registration opens later"))
        case Availability.CLOSED:
            return Mark("closed", _("Registration closed"))
        case Availability.FULL:
            return Mark("full", _("Fully booked · waiting list") if event.waiting_list else _("Fully booked"))
    if left <= FEW_SEATS:
        return Mark("few", ngettext("Last place", "Last %(left)s places", left) % {"left": left})
    return Mark("open", ngettext("%(left)s place left", "%(left)s places left", left) % {"left": left})


@register.simple_tag
def seats_left(event: Event, at: datetime | None = None) -> int:
    """Places a newcomer may take."""
    return event.seats_for_newcomers(at or timezone.now())


@register.simple_tag
def seats_kept(event: Event, at: datetime | None = None) -> int:
    """Places that are free and kept for whoever waits already."""
    return event.seats_kept(at or timezone.now())


@register.inclusion_tag("events/includes/registration_form.html", takes_context=True)
def registration_form(context: RequestContext, page: EventPage) -> dict[str, Any]:
    """The registration form of an event page: empty, or as it was sent with what is wrong in it."""
    at = timezone.now()
    event = page.event
    registering = context.get("registering") or Registering(event)
    is_framed = "place" in context and context["place"].is_framed
    return {
        "page": page,
        "event": event,
        "registering": registering,
        "form": registering.form,
        "colleagues": registering.colleagues,
        "errors": context.get("errors", []),
        "quiet": context.get("quiet", "registering" not in context),
        "takes": event.takes_registrations(at),
        "availability": event.availability(at),
        "left": event.seats_for_newcomers(at),
        "kept": event.seats_kept(at),
        "has_codes": "organisation_code" in registering.form.fields,
        "organiser": context["organiser"],
        "request": context["request"],
        # In a frame there is no cookie to hold a token against, and none is set by asking for one.
        "csrf_token": "" if is_framed else context.get("csrf_token"),
        "is_framed": is_framed,
        "register_url": context.get("register_url") or ON_SITE.url(page),
    }


@register.filter
def at(mapping: dict[Any, Any], key: Any) -> Any:
    """The entry of a mapping, None when it has none."""
    return mapping.get(key)

"""A visit as search engines read it: what, when, where, moved from when, and what a seat costs whom.

The words and addresses are those of one page; what happens is the same visit in both languages, by its `@id`.
"""

from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from django.apps import apps
from django.utils.translation import gettext as _

from cms.linked import Thing, absolute, identity, moment, organisation, said
from cms.models import OrganiserSettings
from events.models.choices import Availability
from events.models.event import Event

if TYPE_CHECKING:
    from events.models.pages import EventPage
    from events.models.ticket_type import TicketType

SCHEMA = "https://schema.org/"
#: What a visitor can do with it, in the words search engines know.
AVAILABLE = {
    Availability.UPCOMING: "PreOrder",
    Availability.OPEN: "InStock",
    Availability.FULL: "SoldOut",
    Availability.CLOSED: "OutOfStock",
    Availability.PAST: "OutOfStock",
    Availability.CANCELLED: "OutOfStock",
}


def starts_before(event: Event) -> list[datetime]:
    """Each moment it was to start while people could know of it, in order; without the one it has now."""
    told = apps.get_model("events", "EventChange")._default_manager.filter(
        pgh_obj=event.pk, status=Event.Status.SCHEDULED
    )
    known = list(told.order_by("pgh_created_at", "pk").values_list("starts_at", flat=True))
    left = [before for before, after in pairwise([*known, event.starts_at]) if before != after]
    return [start for start in dict.fromkeys(left) if start != event.starts_at]


def visit(page: "EventPage", organiser: OrganiserSettings, *, at: datetime) -> list[Thing]:
    """The EducationEvent this page tells about; nothing while it is a draft, for then nothing is arranged."""
    event = page.event
    if event.status == Event.Status.DRAFT:
        return []
    cancelled = event.status == Event.Status.CANCELLED
    previous = [] if cancelled else starts_before(event)
    status = "EventCancelled" if cancelled else "EventRescheduled" if previous else "EventScheduled"
    kinds = list(event.ticket_types.select_related("scheme"))
    case = page.case.localized if page.case is not None and page.case.live else None
    return [
        said(
            {
                "@type": "EducationEvent",
                "@id": identity(f"visit-{event.uid}"),
                "name": page.title,
                "description": page.summary,
                "url": page.full_url,
                "mainEntityOfPage": {"@id": page.full_url},
                "startDate": moment(event.starts_at),
                "endDate": moment(event.ends_at),
                # Repeated for each time it was moved, as Google asks.
                "previousStartDate": [moment(start) for start in previous],
                "eventStatus": f"{SCHEMA}{status}",
                "eventAttendanceMode": f"{SCHEMA}OfflineEventAttendanceMode",
                "location": place(event),
                "inLanguage": event.language,
                "organizer": organisation(organiser),
                "about": said({"@type": "Article", "headline": case.title, "url": case.full_url}) if case else None,
                "image": [absolute(item.image.get_rendition("width-1200").url) for item in case.images.all()]
                if case
                else None,
                "isAccessibleForFree": bool(kinds) and all(kind.is_free for kind in kinds),
                "offers": [offer(kind, page, event.availability(at)) for kind in kinds],
            }
        )
    ]


def place(event: Event) -> Thing:
    address = {
        "@type": "PostalAddress",
        "streetAddress": event.street,
        "postalCode": event.postal_code,
        "addressLocality": event.city,
        "addressCountry": event.country,
    }
    return {"@type": "Place", "name": event.venue, "address": said(address)}


def offer(kind: "TicketType", page: "EventPage", availability: Availability) -> Thing:
    """A seat at a price, as the page shows it: with VAT, and for whom."""
    event = page.event
    price = f"{kind.price_incl_vat:.2f}"
    opens = event.registration_opens_at or page.first_published_at
    return said(
        {
            "@type": "Offer",
            "name": kind.name,
            "description": _("Organisations of %(scheme)s") % {"scheme": kind.scheme.name} if kind.scheme else "",
            "category": "free" if kind.is_free else "paid",
            "price": price,
            "priceCurrency": kind.currency,
            "priceSpecification": {
                "@type": "PriceSpecification",
                "price": price,
                "priceCurrency": kind.currency,
                "valueAddedTaxIncluded": True,
            },
            "availability": f"{SCHEMA}{AVAILABLE[availability]}",
            "validFrom": moment(opens) if opens else None,
            "validThrough": moment(event.closes_at),
            "url": f"{page.full_url}#register",
        }
    )

"""The programme on paper: every visit to come in one language, with the way to register as a QR code."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cms import paper, prose
from cms.templatetags.cms_tags import brief, clock, long_date, money, number
from events.models import Event, EventIndexPage, EventPage, TicketType
from events.templatetags.events import mark

TEMPLATE = Path(__file__).with_name("programme.typ")
#: More visits than these are no programme to carry; the site has them all.
MOST = 50


def programme(index: EventIndexPage, *, at: datetime) -> bytes:
    """The PDF of the visits to come below this index page, in the active language, as things stand `at` this moment.

    A programme without visits says so. Takes a constant number of queries.
    """
    pages = list(EventPage.objects.child_of(index).live().public().upcoming(at).with_event(at)[:MOST])
    files: dict[str, bytes] = {}
    for number_of, page in enumerate(pages, start=1):
        files[f"code-{number_of}.svg"] = paper.code(page.full_url)
    document = {
        **paper.framed(
            title=index.title, author=settings.WAGTAIL_SITE_NAME, foot=index.title, on=timezone.localdate(at)
        ),
        "intro": index.intro,
        "as_of": _("As things stood on %(moment)s. The site has the latest.") % {"moment": brief(at)},
        "url": index.full_url,
        "none": _("No visits are planned at the moment."),
        "register": _("To the visit, and to register"),
        "visits": [_visit(page, f"code-{number_of}.svg", at) for number_of, page in enumerate(pages, start=1)],
    }
    files["paper.json"] = paper.as_json(document)
    return paper.pdf(TEMPLATE, files)


def _visit(page: EventPage, code: str, at: datetime) -> dict[str, Any]:
    event = page.event
    facts = [
        (_("When"), f"{long_date(event.starts_at)}, {clock(event.starts_at)} – {clock(event.ends_at)}"),
        (_("Where"), _where(event)),
        (_("Places"), mark(event, at).text),
        (_("Register until"), brief(event.registration_closes_at)),
        *((_who(kind, event), _price(kind, event)) for kind in event.ticket_types.all()),
    ]
    texts = [
        (_("Programme"), prose.parts(page.programme, base_url=page.full_url)),
        (_("Practical"), prose.parts(page.practical, base_url=page.full_url)),
    ]
    return {
        "title": page.title,
        "day": date_format(timezone.localtime(event.starts_at), "j M"),
        "intro": page.intro,
        "url": page.full_url,
        "code": code,
        "code_alt": _("QR code to this visit on the site: %(address)s") % {"address": page.full_url},
        "facts": [{"name": name, "value": value} for name, value in facts if value],
        "mention": event.vat_mention,
        "texts": [{"heading": heading, "parts": parts} for heading, parts in texts if parts],
    }


def _where(event: Event) -> str:
    town = f"{event.postal_code} {event.city}".strip()
    return ", ".join(filter(None, [event.venue, event.street, town, event.get_country_display()]))


def _who(kind: TicketType, event: Event) -> str:
    """Whose price it is, as the visit's page says it."""
    if kind.scheme:
        return _("Organisations of %(scheme)s") % {"scheme": kind.scheme.name}
    if len(event.ticket_types.all()) > 1:
        return f"{_('Everyone else')} ({kind.name})"
    return kind.name


def _price(kind: TicketType, event: Event) -> str:
    if kind.is_free:
        return _("free of charge")
    facts = {"rate": number(event.vat_rate), "excl": money(kind.price_excl_vat, kind.currency)}
    return f"{money(kind.price_incl_vat, kind.currency)}, " + _("incl. %(rate)s%% VAT (%(excl)s excl. VAT)") % facts

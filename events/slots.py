"""What events put on pages of other chapters."""

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cms import prose
from cms.sites import of_this_site
from cms.templatetags.cms_tags import brief
from events.models import EventIndexPage, EventPage
from events.templatetags.events import mark

#: Stops shown on the home page; the programme shows them all.
STOPS = 6


def programme_button(context: dict[str, Any]) -> str:
    """The main button of the home page."""
    index = of_this_site(EventIndexPage.objects.live().public().filter(locale__language_code=get_language())).first()
    return render_to_string("events/slots/call.html", {"index": index}, request=context["request"]) if index else ""


def season_line(context: dict[str, Any]) -> str:
    """The line of the season: the last visit that was, and the next ones, for the home page."""
    at = timezone.now()
    index = of_this_site(EventIndexPage.objects.live().public().filter(locale__language_code=get_language())).first()
    if index is None:
        return ""
    pages = of_this_site(EventPage.objects.live().public().filter(locale__language_code=get_language()))
    before = list(pages.past(at).with_event(at).order_by("-event__starts_at", "pk")[:1])
    coming = list(pages.upcoming(at).with_event(at)[: STOPS - len(before)])
    return render_to_string(
        "events/slots/season_line.html",
        {"stops": [*before, *coming], "has_coming": bool(coming), "index": index, "at": at},
        request=context["request"],
    )


def visits_to_case(context: dict[str, Any]) -> str:
    """Go and see it: the visits to this case, in whichever language the case page is read."""
    case = context["page"]
    at = timezone.now()
    pages = (
        of_this_site(EventPage.objects.live().public())
        .filter(case__translation_key=case.translation_key, locale_id=case.locale_id)
        .with_event(at)
        .order_by("event__starts_at", "pk")
    )
    visits = [page for page in pages if page.event.status != "draft"]
    coming = [page for page in visits if page.event.ends_at >= at]
    been = [page for page in visits if page.event.ends_at < at]
    return render_to_string(
        "events/slots/visits_to_case.html",
        {"coming": coming, "been": been, "at": at},
        request=context["request"],
    )


def visits_on_paper(*, at: datetime) -> list[tuple[str, list[prose.Part]]]:
    """The visits to come, for the front page on paper; the programme on paper tells more of each."""
    pages = of_this_site(EventPage.objects.live().public().filter(locale__language_code=get_language())).upcoming(at)
    items = [
        prose.linked(
            page.title,
            page.full_url,
            f"{brief(page.event.starts_at)}, {page.event.city} · {mark(page.event, at).text}",
        )
        for page in pages.with_event(at)[:STOPS]
    ]
    return [(_("Visits to come"), [{"kind": "list", "ordered": False, "items": items}])] if items else []

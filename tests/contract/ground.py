"""A site with one of everything the API tells of, public and not, and somebody of each kind who asks."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail_localize.models import StringSegment

from events.actions import Attending, Contact, Order, register
from tests import factories
from tests.cms import translated
from tests.cms.headless import making
from tests.cms.headless.asking import caller

#: Of the people who registered: nobody else is called so.
PERSONAL = ("Geheimlinde", "Verborgenberg", "geheim.linde@example.org", "verborgen.berg@example.org", "0499 98 76 54")
#: Titles of what is not public, and of nothing else.
UNSEEN = ("Besloten blad", "Kladblad")


@dataclass
class Ground:
    """What there is, by name: numbers of pages, the event, the registrations with their tokens."""

    pages: dict[str, int] = field(default_factory=dict)
    event: int = 0
    reference: str = ""
    manage_token: str = ""
    other_reference: str = ""
    other_token: str = ""
    preview: str = ""
    attendee: int = 0
    closed_path: str = ""
    case_path: str = ""
    #: Of the translation that is kept in step.
    text: str = ""

    @classmethod
    def empty(cls) -> "Ground":
        """Of nothing: for who wants to know which questions there are."""
        return cls(pages=defaultdict(int))


def made() -> Ground:
    """Everything, once for a test."""
    there = Ground()
    factories.ground()
    reviewed = making.page(title="Nagelezen blad", show_in_menus=True, both=True)
    reviewed.save_revision().publish()
    reviewed.refresh_from_db()
    making.under_review(reviewed)
    blocks = [
        ("text", f'<p>Zie <a linktype="page" id="{reviewed.pk}">dit</a>.</p>'),
        ("image", {"image": making.image(), "alternative": "Een hal", "caption": "", "credit": "Wij"}),
        ("quote", "Zo."),
        ("document", making.document()),
    ]
    rich = making.page(title="Blad met alles", body=blocks, both=True)
    rich.save_revision().publish()
    kept = translated.standard_page()
    twin = translated.in_english(kept)
    segment = StringSegment.objects.filter(source__object_id=kept.translation_key, context__path="intro").get()
    there.text = str(segment.pk)
    closed = making.private(making.page(title="Besloten blad"))
    below = making.page(title="Onder Besloten blad", under=closed)
    draft = making.page(title="Kladblad", live=False)
    draft.save_revision()
    single = making.page(title="Nog niet in het Engels")
    single.save_revision().publish()
    case = factories.case_page(title="Lampen als dienst")
    starts_at = (timezone.now() + timedelta(days=30)).replace(minute=0, second=0, microsecond=0)
    visit = factories.event(starts_at=starts_at, capacity=400, waiting_list=True)
    shown = factories.event_page(visit)
    Redirect.objects.create(old_path="/nl/oud", redirect_page=reviewed)
    there.pages = {
        "live": reviewed.pk,
        "rich": rich.pk,
        "kept": kept.pk,
        "twin": twin.pk,
        "closed": closed.pk,
        "below": below.pk,
        "draft": draft.pk,
        "single": single.pk,
        "case": case.pk,
        "visit": shown.pk,
    }
    there.event, there.closed_path, there.case_path = visit.pk, closed.url, case.url
    mine = _registered(visit, "geheim.linde@example.org")
    other = _registered(visit, "verborgen.berg@example.org")
    there.attendee = mine.attendees.get().pk
    there.reference, there.manage_token = mine.reference, mine.manage_token
    there.other_reference, there.other_token = other.reference, other.manage_token
    told = caller("admin").post(f"/pages/{draft.pk}/preview/", {"content": {"title": "Kladblad in de maak"}})
    there.preview = told.json()["token"]
    return there


def _registered(visit: Any, email: str) -> Any:
    order = Order(
        contact=Contact("Geheimlinde", "Verborgenberg", email, "Gemeente Proef", phone="0499 98 76 54"),
        attendees=(Attending("Geheimlinde", "Verborgenberg", email),),
        language="nl",
    )
    return register(event=visit, order=order, at=timezone.now())

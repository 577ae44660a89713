"""Demo content of the events: nine visits, a scheme with members, and invented people who registered. Safe to load twice."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import cycle
from typing import Any

from django.utils import timezone

from cases.demo_content import CASES
from cases.models import CasePage
from cms.content import both
from cms.demo import add_page, demo_home, is_beside, needed_home, organisation
from cms.demo_content import ORGANISATIONS
from cms.models import HomePage
from cms.plugins import settlement
from cms.translate import html
from events.demo_content import EVENT_INDEX, EVENTS, PEOPLE
from events.models import (
    Attendee,
    CancellationStep,
    EmailDomain,
    Entitlement,
    Event,
    EventIndexPage,
    EventPage,
    Membership,
    OrganisationCode,
    Registration,
    Scheme,
    TicketType,
)
from events.models.pages import EventPageQuerySet
from events.words import INVENTED

CODE = "GREENDEAL-DEMO"
EXPIRED_CODE = "VERLOPEN-DEMO"
SLUGS = both("programma", "programme")
GREEN_DEAL = both("Green Deal Circulair Aankopen (demo)", "Green Deal Circular Procurement (demo)")
#: Example terms, as Flemish training organisers have them: half from two weeks before, all from one week before.
DEMO_LADDER = [(14, 50), (7, 100)]
COST_PRICE = both("Kostprijs", "Cost price")
FREE_SEAT = both("Gratis plaats", "Free seat")


def load() -> None:
    """Load what is not there yet."""
    home = needed_home()
    scheme = _members()
    index = EventIndexPage.objects.child_of(home).first()
    if index is None:
        index = EventIndexPage(
            title=EVENT_INDEX["title"].nl,
            slug=SLUGS.nl,
            locale=home.locale,
            intro=EVENT_INDEX["intro"].nl,
            show_in_menus=True,
        )
        add_page(home, index, [EVENT_INDEX, SLUGS])
    for content in EVENTS:
        if not EventPage.objects.child_of(index).filter(slug=content["slug"].nl).exists():
            _event(home, index, content, scheme)


def is_loaded() -> bool:
    """Whether the last of the demonstration’s visits is there."""
    return _pages(EVENTS[-1]).exists()


def demo_visit(key: str) -> Event:
    """The demonstration’s visit with this key. Raises Event.DoesNotExist."""
    content = next(content for content in EVENTS if content["key"] == key)
    return Event.objects.get(pages__in=_pages(content))


def _pages(content: Any) -> EventPageQuerySet:
    """The visit’s page in Dutch, of the demonstration and nobody else."""
    home = demo_home()
    pages: EventPageQuerySet = EventPage.objects.filter(slug=content["slug"].nl)
    return pages.descendant_of(home) if home is not None else pages.none()


def _members() -> Scheme:
    """The demo's own scheme: the real Green Deal closed in 2019, so this one is named a demo and has open dates."""
    scheme, _created = Scheme.objects.get_or_create(
        slug="green-deal-demo", defaults={"name_nl": GREEN_DEAL.nl, "name_en": GREEN_DEAL.en}
    )
    for facts in ORGANISATIONS:
        if facts["scheme_role"] is None and not facts["is_demo"]:
            continue
        member = organisation(facts["key"])
        if facts["scheme_role"]:
            Membership.objects.get_or_create(
                organisation=member,
                scheme=scheme,
                role=facts["scheme_role"],
                defaults={"evidence": "Demo: invented."},
            )
        for domain in facts["domains"]:
            EmailDomain.objects.get_or_create(
                domain=domain, defaults={"organisation": member, "verified_on": date(2026, 1, 1)}
            )
    member = organisation("demo-member")
    OrganisationCode.objects.get_or_create(code=CODE, defaults={"organisation": member})
    OrganisationCode.objects.get_or_create(
        code=EXPIRED_CODE, defaults={"organisation": member, "valid_until": date(2019, 11, 30)}
    )
    return scheme


def _event(home: HomePage, index: EventIndexPage, content: Any, scheme: Scheme) -> None:
    is_quiet = is_beside()
    starts_at = _moment(content["days_from_now"], content["start"])
    mention = content["vat_mention"]
    event = Event.objects.create(
        name=content["title"].nl,
        status=Event.Status.SCHEDULED,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=content["hours"]),
        venue=content["venue"],
        street=content["street"],
        postal_code=content["postal_code"],
        city=content["city"],
        country=content["country"],
        capacity=content["capacity"],
        invoice_until_days=None if content["price_excl_vat"] is None else 3,
        vat_country=content["vat_country"],
        vat_rate=Decimal(content["vat_rate"]),
        vat_mention_nl=mention.nl if mention else "",
        vat_mention_en=mention.en if mention else "",
    )
    _ticket_types(event, content, scheme, is_free=is_quiet or settlement() is None)
    for days_before, fee_percent in DEMO_LADDER:
        CancellationStep.objects.create(event=event, days_before=days_before, fee_percent=fee_percent)
    case = None
    if content["case"]:
        slug = next(case["slug"].nl for case in CASES if case["key"] == content["case"])
        case = CasePage.objects.descendant_of(home).filter(slug=slug).first()
    page = EventPage(
        title=content["title"].nl,
        slug=content["slug"].nl,
        locale=index.locale,
        intro=content["hook"].nl,
        event=event,
        case=case,
        programme=html(content["programme"]),
        practical=html(content["practical"]),
    )
    add_page(index, page, content)
    _registrations(event, content, scheme, INVENTED if is_quiet else "@example.org")


def _moment(days: int, start: str) -> datetime:
    """A working day about so many days from now, at that time in Brussels."""
    day = timezone.localdate() + timedelta(days=days)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(start)))


def _ticket_types(event: Event, content: Any, scheme: Scheme, *, is_free: bool) -> None:
    if content["green_deal_free"]:
        TicketType.objects.create(event=event, name_nl="Green Deal", name_en="Green Deal", scheme=scheme)
    price = content["price_excl_vat"]
    if price is None or is_free:
        # Without the payments chapter a visit can only be free; and beside a site of somebody's own nothing invented
        # gets into their books.
        TicketType.objects.create(event=event, name_nl=FREE_SEAT.nl, name_en=FREE_SEAT.en)
    else:
        TicketType.objects.create(
            event=event, name_nl=COST_PRICE.nl, name_en=COST_PRICE.en, price_excl_vat=Decimal(price)
        )


def _registrations(event: Event, content: Any, scheme: Scheme, mailbox: str) -> None:
    """Invented members on the seats the demo says are taken, then some in the line, with mailboxes that end like this.

    No mail is sent for them now; later, on a demonstration, the duties write to them as to anybody.
    """
    free = event.ticket_types.order_by("price_excl_vat", "pk").first()
    assert free is not None  # noqa: S101
    members = list(
        Membership.objects.filter(scheme=scheme, role=Membership.Role.PURCHASER)
        .select_related("organisation")
        .order_by("pk")
    )
    people = cycle(PEOPLE)
    for _skip in range(event.pk % len(PEOPLE)):
        next(people)
    wanted = [Registration.Status.CONFIRMED] * content["taken"] + [Registration.Status.WAITING] * content["waiting"]
    for number, status in enumerate(wanted):
        first_name, last_name = next(people)
        membership = members[number % len(members)]
        made_at = min(timezone.now(), event.starts_at) - timedelta(days=20, minutes=-7 * number)
        registration = Registration.objects.create(
            event=event,
            status=status,
            language="nl" if number % 4 else "en",
            first_name=first_name,
            last_name=last_name,
            email=f"deelnemer{number + 1}.{event.pk}{mailbox}",
            organisation_name=membership.organisation.name,
            created_at=made_at,
            accepted_terms_at=made_at,
            confirmed_at=made_at if status == Registration.Status.CONFIRMED else None,
        )
        Attendee.objects.create(
            registration=registration,
            event=event,
            first_name=first_name,
            last_name=last_name,
            email=registration.email,
            ticket_type=free,
            price_excl_vat=Decimal("0.00"),
            vat_rate=event.vat_rate,
            price_incl_vat=Decimal("0.00"),
        )
        if free.scheme_id:
            Entitlement.objects.create(
                registration=registration,
                membership=membership,
                proof=Entitlement.Proof.DECISION,
                evidence="Demo: invented.",
                claimed_at=made_at,
                proven_at=made_at,
            )

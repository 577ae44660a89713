"""Demo content of the payments: some paid seats, so that finance's report has something to say. Safe to load twice.

They are ordered and paid as a visitor would, through the stand-in, so that our books and its balance agree.
"""

import logging
import urllib.error
import urllib.parse
import urllib.request

from django.utils import timezone

from events import actions as events
from events.demo_content import PEOPLE
from events.models import Event
from payments import actions
from payments import stripe_gateway as gateway
from payments.models import Payment

log = logging.getLogger("payments")
BUYERS = ["Voorbeeldbouw nv (demo)", "Transport Voorbeeld bv (demo)", "Gemeente Nergenshuizen (demo)"]


def load() -> None:
    """Three paid registrations of one or two seats, on the first open event that has a paid ticket.

    None when the stand-in does not run: then there is nobody to pay through.
    """
    if Payment.objects.exists():
        return
    event = (
        Event.objects.filter(ticket_types__price_excl_vat__gt=0, ends_at__gte=timezone.now(), capacity__gte=40)
        .order_by("starts_at")
        .first()
    )
    if event is None:
        return
    try:
        for number, buyer in enumerate(BUYERS):
            _paid_registration(event, buyer, number)
    except (gateway.GatewayDown, urllib.error.URLError) as error:
        log.warning("No paid demo seats: the stand-in does not answer (%s)", error)


def _paid_registration(event: Event, buyer: str, number: int) -> None:
    people = PEOPLE[30 + 2 * number :][: 1 + number % 2]
    first, last = people[0]
    registration = events.register(
        event=event,
        order=events.Order(
            contact=events.Contact(first, last, f"betaler{number + 1}@example.org", buyer),
            attendees=tuple(
                events.Attending(first, last, f"betaler{number + 1}.{place}@example.org")
                for place, (first, last) in enumerate(people)
            ),
            language="nl",
        ),
        at=timezone.now(),
    )
    payment = actions.start_checkout(registration=registration, at=timezone.now())
    _pay(payment.session_url)
    actions.sync_checkout(str(payment.session_id), at=timezone.now())


def _pay(url: str) -> None:
    """Press "pay" on the stand-in's page. It sends the buyer back to a site that does not run yet: not followed."""
    form = urllib.parse.urlencode({"outcome": "pay"}).encode()
    opener = urllib.request.build_opener(_Stay)
    with opener.open(url, form, timeout=10):
        pass


class _Stay(urllib.request.HTTPRedirectHandler):
    def http_error_303(self, request: object, answer: object, *rest: object) -> object:
        return answer

    http_error_301 = http_error_302 = http_error_307 = http_error_303  # type: ignore[assignment]

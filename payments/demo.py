"""Demo content of the payments: paid seats, so that finance's screens have something to say. Safe to load twice.

They are ordered and paid as a visitor would, through the stand-in, so that our books and its balance agree. What goes
by invoice and through the bank is in `demo_month`.
"""

import logging
import urllib.error
import urllib.parse
import urllib.request

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.actions.demo import DemoRefused
from cms.conf import configured
from cms.demo import is_beside, needed_home
from cms.demo_content import ORGANISER
from events import actions as events
from events.demo_content import PEOPLE
from events.models import Event, EventPage, Registration
from payments import actions, demo_lab, demo_lab_studies, demo_month
from payments import stripe_gateway as gateway
from payments.models import BillingDetails, BuyerKind, Invoice, Payment, SellerSettings

log = logging.getLogger("payments")
BUYERS = ["Voorbeeldbouw nv (demo)", "Transport Voorbeeld bv (demo)", "Gemeente Nergenshuizen (demo)"]
#: Go to another visit: the first cancels, of the second the bank takes the payment back.
UNSURE = ["Kantoor Voorbeeld nv (demo)", "Advies Nergens bv (demo)"]

#: Of nobody: no enterprise number is given out below 0200.000.000.
ENTERPRISES = ["0111222376", "0122333430", "0133444581", "0188899976", "0199900073"]
#: The one the site's footer says.
NUMBER = "".join(filter(str.isdigit, ORGANISER["enterprise_number"]))
SELLER = {
    "legal_name": "Best Practice Tour (demo)",
    "street": "Voorbeeldplein 1",
    "postal_code": "1000",
    "city": "Brussel",
    "country": "BE",
    "email": "facturatie@example.org",
    "enterprise_number": NUMBER,
    "vat_number": f"BE{NUMBER}",
    "iban": "BE17999123456721",
}


def load() -> None:
    """What is sold, then what the revenue-model lab makes of it.

    Raises DemoRefused in a site with books of its own: an invoice takes a number in its series for ever.
    """
    if is_beside():
        raise DemoRefused(
            _(
                "Invoices are numbered without gaps and are never deleted: invented ones would stay in this site’s own "
                "books. They are loaded only where the demonstration is the default site, on a database of its own."
            )
        )
    if not configured.DEMO and _has_books():
        raise DemoRefused(
            _("This site has a seller or invoices of its own: invented invoices do not belong in the same series.")
        )
    _seller()
    _sales()
    demo_lab.load()
    demo_lab_studies.load()


def is_loaded() -> bool:
    """Whether the seller is the demonstration’s, and what is loaded last is there."""
    return SellerSettings.load().legal_name == SELLER["legal_name"] and demo_lab_studies.is_loaded()


def _has_books() -> bool:
    named = SellerSettings.load().legal_name
    return named != SELLER["legal_name"] and bool(named or Invoice.objects.exists())


def _sales() -> None:
    """Orders by invoice; then three paid registrations of one or two seats on the first open event with a paid ticket.

    None paid online when the stand-in does not run or is not named: then there is nobody to pay through, and Stripe
    itself is not asked to.
    """
    if Payment.objects.exists():
        return
    event = (
        Event.objects.filter(
            pages__in=EventPage.objects.descendant_of(needed_home()),
            ticket_types__price_excl_vat__gt=0,
            ends_at__gte=timezone.now(),
            capacity__gte=40,
        )
        .distinct()
        .order_by("starts_at")
        .first()
    )
    if event is None:
        return
    with transaction.atomic():  # all of it or nothing: it cannot be loaded twice
        demo_month.load(at=timezone.now())
    if not (gateway.is_configured() and configured.STRIPE_API_BASE):
        log.warning("No paid demo seats: STRIPE_API_BASE names no stand-in")
        return
    try:
        for number, buyer in enumerate(BUYERS):
            _paid(event, buyer, number)
        _unsure()
        demo_month.pay_out()
    except (gateway.GatewayDown, urllib.error.URLError) as error:
        log.warning("No paid demo seats: the stand-in does not answer (%s)", error)


def _unsure() -> None:
    """What is paid and does not stay: a registration cancelled, so given back, and a payment disputed."""
    cancelled, disputed = (
        _paid(demo_month.visit(), buyer, number) for number, buyer in enumerate(UNSURE, start=len(BUYERS))
    )
    events.cancel(registration=cancelled.registration, at=timezone.now())
    for refund in cancelled.refunds.all():  # before the payout: a balance below nothing could pay nobody out for weeks
        actions.carry_out_refund(refund.pk, at=timezone.now())
    demo_month.dispute(disputed)


def _seller() -> None:
    """Invented particulars: below 0200.000.000 no enterprise number is given out, and no bank has this account."""
    seller = SellerSettings.load()
    if seller.legal_name:
        return
    for name, value in SELLER.items():
        setattr(seller, name, value)
    seller.full_clean()
    seller.save()


def _paid(event: Event, buyer: str, number: int) -> Payment:
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
    _billing(registration, buyer, number)
    payment = actions.start_checkout(registration=registration, at=timezone.now())
    _pay(payment.session_url)
    paid = actions.sync_checkout(str(payment.session_id), at=timezone.now())
    assert paid is not None  # noqa: S101  (it is the one just made)
    return paid


def _billing(registration: Registration, buyer: str, number: int) -> None:
    BillingDetails.objects.create(
        registration=registration,
        kind=BuyerKind.PUBLIC if buyer.startswith("Gemeente") else BuyerKind.BUSINESS,
        name=buyer,
        street=f"Demostraat {number + 1}",
        postal_code="9000",
        city="Gent",
        email=f"facturen{number + 1}@example.org",
        enterprise_number=ENTERPRISES[number],
        purchase_order=f"BB-2027-{number + 1:03d}",
    )


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

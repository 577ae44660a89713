"""Demo content of the payments: some paid seats, so that finance's report has something to say. Safe to load twice.

The money facts are invented and marked so ("demo_…"); they did not pass through the stand-in.
"""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils import timezone

from events.demo_content import PEOPLE
from events.models import Attendee, Event, Registration
from payments.actions.bookkeeping import book_fee, book_payment
from payments.actions.invoicing import invoice_payment
from payments.models import BillingDetails, BuyerKind, Payment, SellerSettings

#: The stand-in's own example fee: 1.5 % and 25 cents.
FEE_RATE, FEE_FIXED = Decimal("0.015"), Decimal("0.25")
BUYERS = ["Voorbeeldbouw nv (demo)", "Transport Voorbeeld bv (demo)", "Gemeente Nergenshuizen (demo)"]


#: Of nobody: no enterprise number is given out below 0200.000.000.
ENTERPRISES = ["0111222376", "0122333430", "0133444581"]
SELLER = {
    "legal_name": "Best Practice Tour (demo)",
    "street": "Voorbeeldplein 1",
    "postal_code": "1000",
    "city": "Brussel",
    "country": "BE",
    "email": "facturatie@example.org",
    "enterprise_number": "0123456749",
    "vat_number": "BE0123456749",
    "iban": "BE17999123456721",
}


def load() -> None:
    """Three paid registrations of one or two seats, on the first open event that has a paid ticket."""
    _seller()
    if Payment.objects.exists():
        return
    event = (
        Event.objects.filter(ticket_types__price_excl_vat__gt=0, ends_at__gte=timezone.now(), capacity__gte=40)
        .order_by("starts_at")
        .first()
    )
    if event is None:
        return
    for number, buyer in enumerate(BUYERS):
        with transaction.atomic():
            _paid_registration(event, buyer, number)


def _seller() -> None:
    """Invented particulars: below 0200.000.000 no enterprise number is given out, and no bank has this account."""
    seller = SellerSettings.load()
    if seller.legal_name:
        return
    for name, value in SELLER.items():
        setattr(seller, name, value)
    seller.full_clean()
    seller.save()


def _paid_registration(event: Event, buyer: str, number: int) -> None:
    ticket = event.ticket_types.filter(price_excl_vat__gt=0).get()
    at = timezone.now() - timedelta(days=6 - number)
    people = PEOPLE[30 + 2 * number :][: 1 + number % 2]
    first_name, last_name = people[0]
    registration = Registration.objects.create(
        event=event,
        status=Registration.Status.CONFIRMED,
        language="nl",
        first_name=first_name,
        last_name=last_name,
        email=f"betaler{number + 1}@example.org",
        organisation_name=buyer,
        created_at=at,
        accepted_terms_at=at,
        confirmed_at=at,
    )
    for place, (first, last) in enumerate(people):
        Attendee.objects.create(
            registration=registration,
            event=event,
            first_name=first,
            last_name=last,
            email=f"betaler{number + 1}.{place}@example.org",
            ticket_type=ticket,
            price_excl_vat=ticket.price_excl_vat,
            vat_rate=event.vat_rate,
            price_incl_vat=ticket.price_incl_vat,
        )
    amount = registration.total_incl_vat
    fee = (amount * FEE_RATE + FEE_FIXED).quantize(Decimal("0.01"), ROUND_HALF_UP)
    payment = Payment.objects.create(
        registration=registration,
        status=Payment.Status.PAID,
        amount=amount,
        session_id=f"demo_{registration.reference}",
        created_at=at,
        paid_at=at,
        settled_at=at,
        fee=fee,
        note="Demo: invented.",
    )
    source = f"demo_{registration.reference}"
    book_payment(payment, source=source, occurred_at=at, at=at)
    book_fee(payment, fee=fee, source=source, occurred_at=at, at=at)
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
    invoice_payment(payment=payment, at=at)

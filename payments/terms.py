"""When an invoice is due, and how long it waits for the buyer's purchase order number. Nothing is written."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from events.billing import BuyerKind
from events.models import Registration
from payments.billing import billing_of
from payments.models import Invoice, SellerSettings

DAY = timedelta(days=1)


def due_on(*, visit: date, issued: date, seller: SellerSettings) -> date:
    """The last day to pay an invoice for a visit.

    After the seller's days to pay, but the day before the visit at the latest: whoever sits at the table has paid.
    Where that leaves fewer than the fewest days to pay, the buyer has those instead, also when they end after the
    visit: nobody can pay an invoice through an administration in two days.
    """
    wanted = issued + timedelta(days=seller.payment_days)
    at_least = issued + timedelta(days=min(seller.shortest_payment_days, seller.payment_days))
    return max(min(wanted, visit - DAY), at_least)


def order_until(registration: Registration, seller: SellerSettings) -> date | None:
    """Through this day its invoice waits for a purchase order number that follows; None when it waits for none.

    Counted from the day its places became certain; never through the day of the visit, and no more once it ended.
    """
    billing = billing_of(registration)
    if billing.purchase_order or not billing.po_follows:
        return None
    if registration.confirmed_at is None or registration.is_ended:
        return None
    certain = day_of(registration.confirmed_at)
    until = min(certain + timedelta(days=seller.po_wait_days), registration.event.date - DAY)
    return until if until > certain else None


def asks_order_number(registration: Registration) -> bool:
    """Whether a purchase order number that is given now has an invoice to stand on, and is not known."""
    billing = billing_of(registration)
    is_wanted = not billing.purchase_order and billing.kind != BuyerKind.PRIVATE
    return is_wanted and not registration.is_ended and is_invoiced(registration)


def is_invoiced(registration: Registration) -> bool:
    """Whether it is ordered by invoice, and there is or will be one: free seats, and those paid online, have none to
    come. What is paid online is invoiced for its payment, as a whole, and not replaced."""
    if not registration.is_by_invoice:
        return False
    return registration.total_incl_vat > 0 or Invoice.objects.filter(registration=registration).exists()


def day_of(at: datetime) -> date:
    return timezone.localtime(at, timezone.get_default_timezone()).date()

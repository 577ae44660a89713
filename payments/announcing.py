"""What of the money is told to other people's systems (cms.actions.announcing): amounts and references, nobody."""

from datetime import datetime

from cms.actions.announcing import Message, announce, api_address
from payments.models import LedgerEntry

_KIND = {
    LedgerEntry.Kind.PAYMENT: "payment.received",
    LedgerEntry.Kind.UNMATCHED: "payment.unmatched",
    LedgerEntry.Kind.REFUND: "payment.refunded",
    LedgerEntry.Kind.REFUND_FAILED: "payment.refund_failed",
}


def tell(entry: LedgerEntry, *, at: datetime) -> None:
    """Of money that came or went, as it is booked: so the ledger and who is told never differ. Nothing of the rest."""
    kind = _KIND.get(LedgerEntry.Kind(entry.kind))
    if kind == "payment.received" and entry.amount < 0:
        kind = "payment.taken_back"
    registration = entry.registration
    if kind is None or registration is None:
        return
    facts = {
        "registration": registration.reference,
        "event": entry.event_id,
        "payment": entry.payment_id,
        "refund": entry.refund_id,
        "amount": f"{abs(entry.amount):.2f}",
        "currency": entry.currency,
        "api_url": api_address(f"/registrations/{registration.reference}/"),
    }
    announce(Message(kind, f"{entry.kind}/{entry.source}", facts), at=at)

"""What has to be done every minute whether or not anybody visits the site."""

from datetime import datetime

from events import actions, letters


def expire_holds(*, at: datetime) -> str | None:
    """Give up the seats whose hold ran out."""
    ended = actions.expire_holds(at=at)
    return f"{ended} expired" if ended else None


def offer_seats(*, at: datetime) -> str | None:
    """Offer free seats to whoever waits; in the last 24 hours, tell everyone waiting."""
    made = actions.offer_seats(at=at)
    return f"{made} offered" if made else None


def send_letters(*, at: datetime) -> str | None:
    """Send again what could not be sent."""
    sent = letters.send_due(at=at)
    return f"{sent} sent" if sent else None

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


def remind(*, at: datetime) -> str | None:
    """Reminders a week and a day before; names that are still missing."""
    written = actions.remind(at=at)
    return f"{written} reminded" if written else None


def purge(*, at: datetime) -> str | None:
    """Delete what has served: diet and access needs a week after the visit, people two years after."""
    gone = {what: count for what, count in actions.purge(at=at).items() if count}
    return ", ".join(f"{count} {what}" for what, count in gone.items()) or None


def send_letters(*, at: datetime) -> str | None:
    """Send again what could not be sent."""
    sent = letters.send_due(at=at)
    return f"{sent} sent" if sent else None

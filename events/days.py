"""Days on the calendar of the place: seven days before noon is noon, also when the clock was changed in between."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone


def days_before(moment: datetime, days: int) -> datetime:
    """The same time of day, so many days earlier in the Tour's own time, whoever reads it where."""
    # Arithmetic on a moment with a zone keeps what its clock shows; in UTC it can be compared with any other.
    local = timezone.localtime(moment, timezone.get_default_timezone()) - timedelta(days=days)
    return local.astimezone(UTC)


def days_after(moment: datetime, days: int) -> datetime:
    """The same time of day, so many days later."""
    return days_before(moment, -days)

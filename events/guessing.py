"""Who is registered is no question for strangers: a limit on finding it out by trying addresses.

That an address is registered already has to be said to whoever mistypes or forgot; said without end, it would be a list
of who comes. The form, the frame and the API share one count, by network, and only such refusals are in it.
"""

import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils.translation import ngettext

from cms.headless.throttle import address_of, count_one, counted, network_of, stretch_of
from events.refusals import AlreadyRegistered, Refusal

log = logging.getLogger("events")
#: Whoever registers a colleague who did so already, and then corrects the row, needs two or three; five leave room for
#: an office behind one address, and make a list of a hundred purchasers a matter of a day.
MOST = 5
STRETCH = timedelta(hours=1)


class TooManyTried(Refusal):
    """Facts: seconds, until it may be tried again."""

    code = "too_many_tried"
    status = 429

    def text(self) -> str:
        minutes = max(1, round(self.facts["seconds"] / 60))
        return ngettext(
            "Too many people were filled in who are registered already. Try again in %(minutes)s minute, or write to "
            "the organiser.",
            "Too many people were filled in who are registered already. Try again in %(minutes)s minutes, or write to "
            "the organiser.",
            minutes,
        ) % {"minutes": minutes}


@contextmanager
def counting_guesses(request: HttpRequest, *, at: datetime) -> Iterator[None]:
    """Round a deed that refuses who is registered already. Raises TooManyTried before it, once that was said often."""
    start, end = stretch_of(at, STRETCH)
    who = f"already_registered {network_of(address_of(request))}"
    refusal = TooManyTried(seconds=max(1, math.ceil((end - at).total_seconds())))
    if counted(who, start) >= MOST:
        raise refusal
    try:
        yield
    except AlreadyRegistered as said:
        times = count_one(who, start, end)
        if times == MOST:
            log.warning("One network tried %s people who are registered already: it waits until %s", MOST, end)
        if times > MOST:  # several at once, of which one too many
            raise refusal from said
        raise

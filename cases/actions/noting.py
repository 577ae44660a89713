"""Note what somebody looked for and did not find, for the programme makers. Who it was is not kept."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from cases.models import SoughtInVain

#: What more than one person a minute looks for is one person pressing twice.
TWICE = timedelta(minutes=1)
#: More different things in an hour than people look for: a program is at it.
MOST_AN_HOUR = 60


class TooManyNotes(Exception):
    """So much was noted in the last hour that nobody would read it."""

    def __init__(self) -> None:
        super().__init__(_("So much was noted in the last hour that we stopped for a while. Please try again later."))


@transaction.atomic
def note_sought(*, language: str, words: str, facets: dict[str, list[str]], at: datetime) -> SoughtInVain:
    """Count that these words with these facets found nothing. One row for the same, however often.

    Words that look like a mail address are left out. Raises TooManyNotes, and ValueError when nothing is left to note.
    """
    kept = " ".join(word for word in words.lower().split() if "@" not in word)[:200]
    if not kept and not facets:
        raise ValueError("Nothing was sought.")
    same = SoughtInVain.objects.select_for_update().filter(language=language, words=kept, facets=facets)
    if (note := same.first()) is None:
        if SoughtInVain.objects.filter(first_at__gt=at - timedelta(hours=1)).count() >= MOST_AN_HOUR:
            raise TooManyNotes
        note, is_new = SoughtInVain.objects.get_or_create(
            language=language, words=kept, facets=facets, defaults={"first_at": at, "last_at": at}
        )
        if is_new:
            return note
    if at - note.last_at >= TWICE:
        SoughtInVain.objects.filter(pk=note.pk).update(times=F("times") + 1, last_at=at)
        note.refresh_from_db()
    return note

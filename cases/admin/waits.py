"""On the admin's front page: what of the cases waits for who writes them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.admin.sought import filters
from cases.checked import to_check_again
from cases.host_words import HostWord, with_host_word
from cases.models import CasePage, CasePageQuerySet, SoughtInVain
from cms.templatetags.cms_tags import brief
from cms.waiting import Row, Waiting, changeable_by, first_of, there, writes_pages

CASES = "cases_list:index"
#: What was sought in vain longer ago is no news.
NEWS = timedelta(days=30)
#: Of a host: what waits for the editor to mend or ask again, and what waits for the host.
OF_HOSTS = (HostWord.REFUSED, HostWord.NO_ANSWER, HostWord.WAITING)


def waiting(*, user: Any, at: datetime) -> list[Waiting]:
    """For who makes pages. A constant number of queries."""
    return there(_of(user, at)) if writes_pages(user) else []


def _of(user: Any, at: datetime) -> Iterator[Waiting]:
    mine = changeable_by(user, CasePage.objects.filter(locale__language_code=settings.LANGUAGE_CODE))
    yield from _hosts(mine, at)
    yield _to_check(mine, at)
    if user.has_perm("cases.view_soughtinvain"):
        yield _sought(at)


def _hosts(cases: CasePageQuerySet, at: datetime) -> Iterator[Waiting]:
    headings = {
        HostWord.REFUSED: _("The host asks for a change"),
        HostWord.NO_ANSWER: _("The host did not answer in time: ask again"),
        HostWord.WAITING: _("Waiting for the host's answer"),
    }
    for word in OF_HOSTS:
        count, listed = first_of(with_host_word(cases, at=at).filter(host_word=word).order_by("asked_at", "pk"))
        rows = [
            Row(
                case.draft_title,
                reverse("wagtailadmin_pages:edit", args=[case.pk]),
                ": ".join(filter(None, [f"{case.host_name}, {brief(case.asked_at)}", case.host_note])),
            )
            for case in listed
        ]
        yield Waiting(headings[word], count, rows, f"{reverse(CASES)}?host={word.value}")


def _to_check(cases: CasePageQuerySet, at: datetime) -> Waiting:
    old = to_check_again(cases.live(), on=timezone.localdate(at)).order_by("checked_on", "pk")
    count, listed = first_of(old)
    rows = [
        Row(case.draft_title, reverse("wagtailadmin_pages:edit", args=[case.pk]), brief(case.checked_on))
        for case in listed
    ]
    url = f"{reverse(CASES)}?checked=old&language={settings.LANGUAGE_CODE}"
    return Waiting(_("Facts checked more than a year ago"), count, rows, url)


def _sought(at: datetime) -> Waiting:
    count, notes = first_of(SoughtInVain.objects.filter(last_at__gte=at - NEWS).order_by("-last_at", "-pk"))
    rows = [
        Row(
            note.words or filters(note),
            reverse("sought_in_vain:inspect", args=[note.pk]),
            _("%(times)s×, last on %(day)s") % {"times": note.times, "day": brief(timezone.localdate(note.last_at))},
        )
        for note in notes
    ]
    return Waiting(_("Sought in vain in the last 30 days"), count, rows, reverse("sought_in_vain:index"))

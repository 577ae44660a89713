"""How each visit report stands with its host, by what was asked last. Questions only, in SQL.

Whether the text still is the one the host agreed to is asked of one page at a time (cases.obstacles).
"""

from datetime import datetime

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, TextChoices, Value, When
from django.utils.translation import gettext_lazy as _

from cases.models import CasePage, HostSignOff
from cases.models.signing import LINK_LIFETIME


class HostWord(TextChoices):
    """The host's last word on a visit report."""

    NOT_ASKED = "not-asked", _("Not asked yet")
    WAITING = "waiting", _("Asked, no answer yet")
    NO_ANSWER = "no-answer", _("Did not answer in time")
    REFUSED = "refused", _("Asks for a change")
    AGREED = "agreed", _("Agreed")


def with_host_word(cases: "QuerySet[CasePage]", *, at: datetime) -> "QuerySet[CasePage]":
    """Each with `host_word` (a HostWord, "" for what asks no host) and `asked_at`, `host_name`, `host_note` of the
    last question. No query more for any list.
    """
    last = HostSignOff.objects.filter(translation_key=OuterRef("translation_key")).order_by("-asked_at", "-pk")
    return cases.annotate(
        asked_at=Subquery(last.values("asked_at")[:1]),
        host_name=Subquery(last.values("organisation__name")[:1]),
        host_note=Subquery(last.values("note")[:1]),
        host_answer=Subquery(last.values("answer")[:1]),
    ).annotate(
        host_word=Case(
            When(~Q(kind=CasePage.Kind.VISIT_REPORT), then=Value("")),
            When(asked_at=None, then=Value(HostWord.NOT_ASKED)),
            When(host_answer=HostSignOff.Answer.AGREED, then=Value(HostWord.AGREED)),
            When(host_answer=HostSignOff.Answer.REFUSED, then=Value(HostWord.REFUSED)),
            When(asked_at__gt=at - LINK_LIFETIME, then=Value(HostWord.WAITING)),
            default=Value(HostWord.NO_ANSWER),
        )
    )

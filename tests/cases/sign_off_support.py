"""What the tests of the host's yes share: a question, an answer, and what keeps the report from going live."""

from datetime import datetime
from typing import Any

from django.utils.translation import override

from cases.actions.signing import answer_for_host, ask_host
from cases.models import CasePage, HostSignOff
from tests import factories

NOT_YET = "The host has not agreed to this text yet."
CHANGED = "The text changed after the host agreed to it: ask the host again."


def ask(
    page: CasePage, *, at: datetime, by: Any = None, language: str = "nl", email: str = "host@example.org"
) -> HostSignOff:
    return ask_host(case=page, organisation=factories.organisation(), email=email, language=language, by=by, at=at)


def answer(
    sign_off: HostSignOff,
    *,
    at: datetime,
    said: str = "agreed",
    name: str = "An Peeters, zaakvoerder",
    note: str = "",
) -> HostSignOff:
    return answer_for_host(sign_off=sign_off, answer=said, name=name, note=note, at=at)


def agreed(page: CasePage, *, at: datetime) -> HostSignOff:
    return answer(ask(page, at=at), at=at)


def newest(page: CasePage) -> CasePage:
    """The newest draft."""
    found: CasePage = CasePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return found


def lacks(page: CasePage) -> list[str]:
    """What keeps it from going live, in English."""
    with override("en"):
        return newest(page).obstacles()


def publish(page: CasePage) -> CasePage:
    newest(page).save_revision().publish()
    return CasePage.objects.get(pk=page.pk)

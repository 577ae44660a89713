"""What has to be done for the cases whether or not anybody visits."""

import logging
from datetime import datetime

from cases.actions import signing
from cases.models import HostSignOff
from cases.search import texts

log = logging.getLogger("cases.duties")


def refresh_search(*, at: datetime) -> str | None:
    """Make findable what went live without its task, and forget what is no longer live."""
    number = texts.refresh_forgotten()
    return f"{number} case(s) made findable" if number else None


def mail_questions(*, at: datetime) -> str | None:
    """Mail the hosts whose question the mail server did not take. One that fails keeps none of the others."""
    sent = 0
    for pk in list(HostSignOff.objects.to_mail(at).order_by("pk").values_list("pk", flat=True)):
        try:
            sent += signing.send_question(pk, at=at)
        except OSError:
            log.exception("The question %s was not mailed", pk)
    return f"{sent} host(s) asked" if sent else None

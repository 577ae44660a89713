"""The host of a visit report is asked by one mail, with a link that ends."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from django.utils.translation import gettext, override

from cases import duties
from cases.actions.signing import send_question, url_of
from cases.models import CasePage, HostSignOff
from cases.refusals import NoReport, NotReadyToAsk
from tests import factories
from tests.cases.sign_off_support import ask, newest

pytestmark = pytest.mark.django_db


def test_only_a_complete_visit_report_is_asked_about(report, at):
    with pytest.raises(NoReport):
        ask(factories.case_page(both=False), at=at)
    draft = newest(report)
    draft.strategies = []
    draft.save_revision(clean=False)
    with pytest.raises(NotReadyToAsk):
        ask(report, at=at)

    assert not HostSignOff.objects.exists()


@pytest.mark.parametrize(("language", "path"), [("nl", "/nl/host/"), ("en", "/en/host/")])
def test_the_host_gets_one_mail_in_its_language_with_a_link_that_ends(report, at, mails, language, path):
    with mails():
        asked = ask(report, at=timezone.now(), language=language)

    message = mail.outbox[-1]
    assert message.to == ["host@example.org"]
    assert message.extra_headers["Content-Language"] == language
    assert re.findall(r"http\S+", message.body) == [url_of(asked)]
    assert path in url_of(asked)
    with override(language):
        assert message.subject == gettext("May we publish this? %(title)s") % {"title": "Op bezoek in Ronse"}
    assert send_question(asked.pk, at=timezone.now()) is False


def test_a_mail_the_server_did_not_take_is_sent_by_the_duty(report, at, mails):
    asked = ask(report, at=at)

    assert duties.mail_questions(at=at) == "1 host(s) asked"
    assert duties.mail_questions(at=at) is None
    asked.refresh_from_db()
    assert asked.mailed_at == at


def test_no_mail_goes_out_for_a_question_that_ended(report, at):
    ask(report, at=at)

    assert duties.mail_questions(at=at + timedelta(days=31)) is None
    assert mail.outbox == []


def test_autosave_goes_on_in_a_revision_of_its_own(report, at, writer):
    """The revision an editor has open is written over; the one the host reads is another."""
    opened = CasePage.objects.get(pk=report.pk).latest_revision_id

    asked = ask(report, at=at)

    assert asked.revision_id not in {None, opened}
    assert CasePage.objects.get(pk=report.pk).latest_revision_id == asked.revision_id

"""The page of the host: one draft and no other, without a login, and one answer."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core import mail
from django.utils import timezone
from django.utils.translation import gettext, override
from wagtail.models import PageLogEntry

from cases.actions.signing import url_of
from cases.models import Lesson
from cases.refusals import AnsweredBefore, NoteMissing, QuestionEnded
from tests import factories
from tests.cases.sign_off_support import CHANGED, answer, ask, lacks, newest

pytestmark = pytest.mark.django_db


def test_the_host_reads_the_draft_without_a_login_and_it_is_neither_kept_nor_indexed(client, asked):
    answered = client.get(url_of(asked))

    text = answered.content.decode()
    assert answered.status_code == 200
    assert "Op bezoek in Ronse" in text
    assert "Waarom." in text
    assert "no-store" in answered["Cache-Control"]
    assert answered["X-Robots-Tag"] == "noindex"
    assert answered["Referrer-Policy"] == "same-origin"
    assert 'name="robots" content="noindex"' in text
    assert 'rel="canonical"' not in text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_it_speaks_both_languages_and_leads_to_the_other(client, asked, language):
    address = url_of(asked).replace("/nl/", f"/{language}/")
    other = {"nl": "en", "en": "nl"}[language]

    text = client.get(address).content.decode()

    assert f'<html lang="{language}"' in text
    assert f'href="/{other}/host/{asked.token}/" lang="{other}"' in text
    with override(language):
        assert gettext("We agree") in text


def test_reading_answers_nothing_and_the_button_does(client, asked):
    client.get(url_of(asked))
    asked.refresh_from_db()
    assert asked.answer == ""

    answered = client.post(url_of(asked), {"name": "An Peeters", "answer": "agreed"})

    asked.refresh_from_db()
    assert answered.status_code == 200
    assert (asked.answer, asked.name) == ("agreed", "An Peeters")
    assert "An Peeters" in answered.content.decode()
    assert lacks_nothing(asked)


def lacks_nothing(asked):
    return asked.revision.as_object().obstacles() == []


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"answer": "agreed"}, "name"),
        ({"name": " ", "answer": "agreed"}, "name"),
        ({"name": "An", "answer": "refused"}, "note"),
        ({"name": "An"}, "answer"),
        ({"name": "An", "answer": "maybe"}, "answer"),
    ],
)
def test_an_answer_that_says_too_little_is_shown_again_with_what_was_typed(client, asked, typed, wrong):
    answered = client.post(url_of(asked), {"note": "Noem de klant niet."} | typed if wrong != "note" else typed)

    asked.refresh_from_db()
    assert answered.status_code == 422
    assert list(answered.context["form"].errors) == [wrong]
    assert asked.answer == ""


def test_whoever_asked_is_told_what_the_host_said(report, client, mails):
    person = factories.user("Editors")
    asked = ask(report, at=timezone.now(), by=person)

    with mails():
        client.post(url_of(asked), {"name": "An Peeters", "answer": "refused", "note": "Noem onze klant niet."})

    assert mail.outbox[-1].to == [person.email]
    assert "Noem onze klant niet." in mail.outbox[-1].body
    assert f"/admin/pages/{report.pk}/edit/" in mail.outbox[-1].body
    assert list(
        PageLogEntry.objects.filter(page=report.pk, action__startswith="cases.").values_list("action", flat=True)
    ) == ["cases.host.refused", "cases.host.asked"]


def test_a_second_answer_changes_nothing(client, asked):
    client.post(url_of(asked), {"name": "An Peeters", "answer": "agreed"})

    answered = client.post(url_of(asked), {"name": "Jan", "answer": "refused", "note": "Nee."})

    asked.refresh_from_db()
    assert answered.status_code == 409
    assert (asked.answer, asked.name) == ("agreed", "An Peeters")
    with pytest.raises(AnsweredBefore):
        answer(asked, at=timezone.now())


@pytest.mark.parametrize("token", ["x", "0" * 32, "0" * 32 + ".abc"])
def test_a_link_we_did_not_sign_shows_nothing(client, asked, token):
    assert client.get(f"/nl/host/{token}/").status_code == 404


def test_a_link_that_is_signed_for_something_else_shows_nothing(client, asked):
    assert client.get(f"/nl/host/{asked.token[:-1]}{'A' if asked.token[-1] != 'A' else 'B'}/").status_code == 404


def test_a_link_of_thirty_days_ago_shows_no_draft_and_takes_no_answer(client, report):
    asked = ask(report, at=timezone.now() - timedelta(days=30))

    for answered in (client.get(url_of(asked)), client.post(url_of(asked), {"name": "An", "answer": "agreed"})):
        assert answered.status_code == 410
        assert "Op bezoek in Ronse" not in answered.content.decode()
    with pytest.raises(QuestionEnded):
        answer(asked, at=timezone.now())


def test_whoever_is_asked_again_answers_the_newest_question_only(client, report):
    first, second = ask(report, at=timezone.now()), ask(report, at=timezone.now())

    assert client.get(url_of(first)).status_code == 410
    with pytest.raises(QuestionEnded):
        answer(first, at=timezone.now())
    assert client.get(url_of(second)).status_code == 200


def test_what_is_written_after_the_question_is_not_shown_to_the_host(client, report, asked):
    draft = newest(report)
    draft.intro = "Nog niet voor buiten."
    draft.save_revision()

    text = client.get(url_of(asked)).content.decode()
    answer(asked, at=timezone.now())

    assert "Nog niet voor buiten." not in text
    assert lacks(report) == [CHANGED]


def test_a_revision_that_was_written_over_is_not_shown(client, asked):
    asked.revision.content["intro"] = "Nog niet voor buiten."
    asked.revision.save(update_fields=["content"])

    assert client.get(url_of(asked)).status_code == 410


def test_another_draft_is_not_shown_to_the_host(client, asked):
    other = factories.visit_report(title="Geheim verslag")

    text = client.get(url_of(asked)).content.decode()

    assert "Geheim verslag" not in text
    assert client.get(f"/nl/cases/{other.slug}/").status_code == 404
    assert client.get(f"/nl/cases/{asked.revision.as_object().slug}/").status_code == 404


def test_a_request_to_change_nothing_is_refused(asked):
    with pytest.raises(NoteMissing):
        answer(asked, at=timezone.now(), said="refused")


#: What the programme shows below a case.
VISITS = 2 if apps.is_installed("events") else 0


@pytest.mark.parametrize(("lessons", "queries"), [(1, 23 + VISITS), (3, 27 + VISITS)])
def test_the_page_of_the_host_asks_the_database_so_often(client, report, django_assert_num_queries, lessons, queries):
    """Wagtail asks for each row of a revision whether its page and its language still exist; we ask nothing per row."""
    draft = newest(report)
    for _number in range(lessons):
        draft.lessons.add(Lesson(phase="award", title="Vraag", text="Met waarborg.", locale=draft.locale))
    draft.save_revision()
    asked = ask(report, at=timezone.now())
    client.get(url_of(asked))

    with django_assert_num_queries(queries):
        assert client.get(url_of(asked)).status_code == 200

"""A visit report is public once its host agreed to this very text, by a link that shows nothing else."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from wagtail.models import PageLogEntry

from cases import duties
from cases.actions.signing import answer_for_host, ask_host, send_question, url_of
from cases.models import CasePage, HostSignOff, ImpactFigure, Lesson
from cases.refusals import AnsweredBefore, NoReport, NoteMissing, NotReadyToAsk, QuestionEnded
from cases.substance import digest_of
from cms import review
from cms.content import both
from cms.refusals import CannotGoLive
from cms.translate import translate_page
from tests import factories
from tests.cases.case_forms import case_form

pytestmark = pytest.mark.django_db

NOT_YET = "The host has not agreed to this text yet."
CHANGED = "The text changed after the host agreed to it: ask the host again."


@pytest.fixture
def report():
    return factories.visit_report(title="Op bezoek in Ronse")


@pytest.fixture
def editor(client):
    factories.ground()
    review.give_pages()
    person = factories.user("Editors")
    client.force_login(person)
    client.person = person
    return client


@pytest.fixture
def mails(django_capture_on_commit_callbacks):
    """What is mailed within `with mails():`."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def ask(page, *, at, by=None, language="nl", email="host@example.org"):
    return ask_host(case=page, organisation=factories.organisation(), email=email, language=language, by=by, at=at)


def answer(sign_off, *, at, said="agreed", name="An Peeters, zaakvoerder", note=""):
    return answer_for_host(sign_off=sign_off, answer=said, name=name, note=note, at=at)


def agreed(page, *, at):
    return answer(ask(page, at=at), at=at)


def newest(page):
    return CasePage.objects.get(pk=page.pk).get_latest_revision_as_object()


def lacks(page):
    with override("en"):
        return newest(page).obstacles()


def publish(page):
    newest(page).save_revision().publish()
    return CasePage.objects.get(pk=page.pk)


# ----------------------------------------------------------------------------------------------- what may go live, when


def test_a_visit_report_is_not_public_before_its_host_agreed(report):
    assert lacks(report) == [NOT_YET]
    with pytest.raises(CannotGoLive):
        publish(report)


def test_a_case_asks_no_host():
    assert factories.case_page(both=False).obstacles() == []


def test_it_is_public_once_the_host_agreed(report, at):
    agreed(report, at=at)

    assert lacks(report) == []
    assert publish(report).live


def test_a_question_without_an_answer_is_no_yes(report, at):
    ask(report, at=at)

    assert lacks(report) == [NOT_YET]


def test_a_host_that_asks_for_a_change_is_quoted(report, at):
    answer(ask(report, at=at), at=at, said="refused", note="Noem onze klant niet.")

    assert lacks(report) == ["The host asks for a change: Noem onze klant niet."]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Iets anders"},
        {"intro": "Langer."},
        {"context": "<p>Waarom niet.</p>"},
        {"cost": "1 miljoen"},
        {"municipality": "Gent"},
        {"strategies": ["recycle"]},
        {"licence": "cc-by-4.0"},
    ],
)
def test_a_change_of_what_people_read_needs_the_hosts_yes_again(report, at, change):
    agreed(report, at=at)
    draft = newest(report)
    for name, value in change.items():
        setattr(draft, name, value)
    draft.save_revision(clean=False)

    assert lacks(report) == [CHANGED]
    with pytest.raises(CannotGoLive):
        publish(report)


@pytest.mark.parametrize(
    "part",
    [
        ImpactFigure(label="Restwaarde", value=18, unit="%", status="expected", source_name="ExpoLAB", year=2016),
        Lesson(phase="award", title="Vraag restwaarde", text="Met waarborg."),
    ],
)
def test_so_does_a_part_that_comes_or_changes(report, at, part):
    agreed(report, at=at)
    draft = newest(report)
    part.locale = draft.locale
    getattr(draft, "lessons" if isinstance(part, Lesson) else "figures").add(part)
    draft.save_revision()

    assert lacks(report) == [CHANGED]


@pytest.mark.parametrize(
    "change",
    [
        {"slug": "anders"},
        {"seo_title": "Voor zoekmachines"},
        {"search_description": "Kort"},
        {"checked_on": "2027-01-12"},
        {"context": '<p data-block-key="x1">Waarom.</p>\r\n'},
        {"intro": " Kort. "},
        {"expire_at": timezone.now() + timedelta(days=900)},
    ],
)
def test_what_nobody_reads_in_it_needs_no_new_yes(report, at, change):
    agreed(report, at=at)
    draft = newest(report)
    for name, value in change.items():
        setattr(draft, name, value)
    draft.save_revision()

    assert lacks(report) == []


def test_a_text_that_was_agreed_to_and_is_changed_back_needs_no_new_yes(report, at):
    agreed(report, at=at)
    for intro in ("Anders.", "Kort."):
        draft = newest(report)
        draft.intro = intro
        draft.save_revision()

    assert lacks(report) == []


def test_a_text_reads_the_same_from_the_form_the_revision_and_the_table(report, editor, at):
    draft = newest(report)
    draft.figures.add(
        ImpactFigure(
            label="Restwaarde", value="18", unit="%", status="expected", source_name="C", year=2016, locale=draft.locale
        )
    )
    draft.save_revision()
    agreed(report, at=at)
    before = digest_of(newest(report))
    live = publish(report)

    figure = {
        "label": "Restwaarde",
        "value": "18.000",
        "unit": "%",
        "status": "expected",
        "source_name": "C",
        "year": "2016",
    }
    was_there = {"figures-INITIAL_FORMS": "1", "figures-0-id": str(live.figures.get().pk)}
    posted = case_form(live, figures=[figure], intro="Kort.") | was_there | {"action-publish": "1"}
    response = editor.post(reverse("wagtailadmin_pages:edit", args=[live.pk]), posted)

    assert response.status_code == 302
    assert digest_of(live) == digest_of(newest(report)) == before


def test_the_last_word_on_a_text_counts(report, at):
    agreed(report, at=at)
    answer(ask(report, at=at), at=at + timedelta(hours=1), said="refused", note="Toch niet.")

    assert lacks(report) == ["The host asks for a change: Toch niet."]


def test_a_yes_to_one_report_says_nothing_about_another(report, at):
    other = factories.visit_report()

    agreed(report, at=at)

    assert lacks(other) == [NOT_YET]


def test_a_translation_rests_on_the_text_it_is_translated_from(report, at):
    agreed(report, at=at)
    report = publish(report)
    texts = [both("Op bezoek in Ronse", "A visit to Ronse"), both("Kort.", "Short."), both("Waarom.", "Why.")]

    english = translate_page(report, [*texts, both("Hoe.", "How."), both(report.slug, "visit-to-ronse")])
    english.refresh_from_db()

    assert english.obstacles() == []
    HostSignOff.objects.all().delete()
    with override("en"):
        assert english.obstacles() == [NOT_YET]


def test_the_form_sends_a_report_to_review_before_the_host_answered_and_publishes_it_only_after(report, editor, at):
    address = reverse("wagtailadmin_pages:edit", args=[report.pk])
    review_is_there = case_form(report, intro="Kort.") | {"action-submit": "1"}
    published = case_form(report, intro="Kort.") | {"action-publish": "1"}

    refused = editor.post(address, published)
    assert refused.context["form"].non_field_errors() == [gettext(NOT_YET)]
    assert editor.post(address, review_is_there).status_code == 302

    agreed(report, at=at)
    editor.force_login(factories.user("admin"))  # who waits for a reviewer does not write on meanwhile
    assert editor.post(address, published).status_code == 302
    assert CasePage.objects.get(pk=report.pk).live


# --------------------------------------------------------------------------------------------------------- being asked


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


def test_autosave_goes_on_in_a_revision_of_its_own(report, at, editor):
    """The revision an editor has open is written over; the one the host reads is another."""
    opened = CasePage.objects.get(pk=report.pk).latest_revision_id

    asked = ask(report, at=at)

    assert asked.revision_id not in {None, opened}
    assert CasePage.objects.get(pk=report.pk).latest_revision_id == asked.revision_id


# ------------------------------------------------------------------------------------------------------ the host's page


@pytest.fixture
def asked(report):
    return ask(report, at=timezone.now())


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


# ------------------------------------------------------------------------------------------------------------ the desk


def test_an_editor_asks_the_host_from_the_edit_screen_and_reads_what_became_of_it(editor, report, mails):
    host = factories.organisation("Alsico")
    edit = reverse("wagtailadmin_pages:edit", args=[report.pk])
    ask_address = reverse("cases_ask_host", args=[report.pk])
    assert ask_address in editor.get(edit).content.decode()
    assert editor.get(ask_address).status_code == 200

    with mails():
        asked = editor.post(ask_address, {"organisation": host.pk, "email": "an@example.org", "language": "nl"})

    assert asked.url == edit
    text = editor.get(edit).content.decode()
    assert "an@example.org" in text
    assert gettext("The text as it is now") in text
    sign_off = HostSignOff.objects.get()
    assert (sign_off.asked_by, sign_off.organisation) == (editor.person, host)
    answer(sign_off, at=timezone.now())
    text = editor.get(edit).content.decode()
    assert "An Peeters, zaakvoerder" in text
    assert gettext("Nothing keeps this text from going live.") in text


def test_what_is_wrong_is_said_on_the_form_and_nobody_is_mailed(editor, report, mails):
    draft = newest(report)
    draft.strategies = []
    draft.save_revision(clean=False)
    address = reverse("cases_ask_host", args=[report.pk])

    with mails():
        incomplete = editor.post(
            address, {"organisation": factories.organisation().pk, "email": "an@example.org", "language": "nl"}
        )
        wrong = editor.post(address, {"organisation": "", "email": "an", "language": "fr"})

    assert [len(response.context["form"].errors) for response in (incomplete, wrong)] == [1, 3]
    assert mail.outbox == []
    assert not HostSignOff.objects.exists()


@pytest.mark.parametrize("group", ["Organisers", "Finance"])
def test_who_does_not_write_the_report_does_not_ask_its_host(client, report, group):
    client.force_login(factories.user(group))

    answered = client.get(reverse("cases_ask_host", args=[report.pk]))

    assert answered.status_code == 302
    assert answered.url == reverse("wagtailadmin_home")


def test_an_editor_is_told_in_the_language_of_the_admin_and_not_in_the_hosts(report, client, mails):
    asked = ask(report, at=timezone.now(), by=factories.user("Editors"))

    with mails():
        client.post(url_of(asked).replace("/nl/", "/en/"), {"name": "An Peeters", "answer": "agreed"})

    assert mail.outbox[-1].extra_headers["Content-Language"] == "nl"


def test_the_report_speaks_its_own_language_on_a_page_in_the_other(client, asked):
    text = client.get(url_of(asked).replace("/nl/", "/en/")).content.decode()

    assert '<div lang="nl">' in text
    assert 'id="approach">Aanpak</h2>' in text

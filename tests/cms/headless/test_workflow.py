"""A page goes from draft to public over HTTP: who may take which step, what keeps it back, and what is said of it."""

import pytest
from django.core import mail
from wagtail.models import Page, PageLogEntry

from cms.models import StandardPage
from cms.review import REVIEWERS
from tests import factories
from tests.cms.headless.asking import Caller, caller, key, problem, writers_only
from tests.cms.headless.making import under_review

pytestmark = pytest.mark.django_db

LACKS = "This page lacks its text."


@pytest.fixture
def page():
    """A live page that is reviewed, with a draft on top."""
    home = factories.ground()
    made = home.add_child(instance=StandardPage(title="Blad", slug="blad", locale=home.locale))
    made.save_revision().publish()
    made.refresh_from_db()
    made.intro = "Nieuw."
    made.save_revision()
    under_review(made)
    return made


@pytest.fixture
def writer():
    return Caller(key(writers_only()))


@pytest.fixture
def reviewer():
    return caller(REVIEWERS)


@pytest.fixture
def rule(monkeypatch):
    """A page called "Leeg" may not be public, whoever asks."""
    monkeypatch.setattr(StandardPage, "obstacles", lambda page: [LACKS] if page.title.startswith("Leeg") else [])


def take(one, page, step, **body):
    return one.post(f"/pages/{page.pk}/workflow/{step}/", body)


def standing(one, page):
    told = one.get(f"/pages/{page.pk}/workflow/").json()
    return told["state"], told["transitions"]


def intro(page):
    return StandardPage.objects.get(pk=page.pk).intro


def test_who_writes_sends_it_in_and_who_reviews_approves(page, writer, reviewer):
    assert standing(writer, page) == ("live_with_draft", ["submit"])

    sent = take(writer, page, "submit")

    assert (sent.status_code, sent.json()["state"], sent.json()["transitions"]) == (200, "in_review", ["cancel"])
    assert sent.json()["review"]["name"] == "Nazicht"
    assert standing(reviewer, page)[1][:2] == ["approve", "reject"]
    approved = take(reviewer, page, "approve", comment="Mooi zo.")
    assert (approved.status_code, approved.json()["state"]) == (200, "live")
    assert intro(page) == "Nieuw."
    assert [(one["status"], one["comment"]) for one in approved.json()["history"]] == [("approved", "Mooi zo.")]


def test_who_reviews_asks_for_changes_with_a_word(page, writer, reviewer):
    take(writer, page, "submit")

    assert take(reviewer, page, "reject", comment="Waar staat dat?").json()["state"] == "needs_changes"

    assert standing(writer, page) == ("needs_changes", ["submit"])
    told = writer.get(f"/pages/{page.pk}/workflow/").json()
    assert told["history"][0]["comment"] == "Waar staat dat?"
    assert take(writer, page, "submit").json()["state"] == "in_review"
    assert intro(page) == ""


def test_who_sent_it_in_takes_it_back(page, writer):
    take(writer, page, "submit")

    assert take(writer, page, "cancel").json()["state"] == "live_with_draft"


def test_in_review_only_the_reviewer_changes_it(page, writer, reviewer):
    take(writer, page, "submit")

    assert problem(writer.change(page, {"intro": "Toch anders."}))[:2] == (423, "page_locked")
    assert reviewer.change(page, {"intro": "Nagelezen."}).status_code == 200


def test_a_step_that_is_not_theirs_is_refused_with_those_that_are(page, writer, in_english_words):
    refused = take(writer, page, "publish")

    assert problem(refused) == (409, "not_now", [])
    assert StandardPage.objects.get(pk=page.pk).has_unpublished_changes


@pytest.mark.parametrize("step", ["approve", "reject", "cancel"])
def test_nothing_is_approved_that_nobody_sent_in(page, reviewer, step):
    assert problem(take(reviewer, page, step)) == (409, "not_now", [])


def test_a_step_there_is_not_is_refused(page, reviewer):
    assert problem(take(reviewer, page, "explode"))[0] == 422


def test_a_comment_without_a_place_is_not_dropped(page):
    assert problem(take(caller(), page, "publish", comment="Hoera")) == (
        422,
        "about:blank",
        [(["body", "comment"], "extra_forbidden")],
    )


def test_an_editor_publishes_and_takes_off_line(page):
    editor = caller()

    assert standing(editor, page)[1] == ["submit", "publish", "unpublish"]
    assert take(editor, page, "publish").json()["state"] == "live"
    assert intro(page) == "Nieuw."
    assert take(editor, page, "unpublish").json()["state"] == "draft"
    assert not Page.objects.get(pk=page.pk).live


def test_a_step_may_be_meant_for_one_version_only(page):
    editor, colleague = caller(), caller()
    read = editor.get(f"/pages/{page.pk}/workflow/")["ETag"]
    colleague.change(page, {"intro": "Van de collega."})

    answer = editor.post(f"/pages/{page.pk}/workflow/publish/", {}, **{"If-Match": read})

    assert problem(answer)[:2] == (412, "stale")
    assert intro(page) == ""


@pytest.mark.parametrize("step", ["publish", "submit", "approve"])
def test_what_may_not_be_public_is_kept_back_and_told_why(page, rule, step):
    editor = caller("admin")
    if step == "approve":
        take(editor, page, "submit")
    editor.change(page, {"title": "Leeg blad"})

    answer = take(editor, page, step)

    assert problem(answer) == (409, "cannot_go_live", [(["page"], "cannot_go_live")])
    assert answer.json()["errors"][0]["msg"] == LACKS
    assert StandardPage.objects.get(pk=page.pk).title == "Blad"
    assert editor.get(f"/pages/{page.pk}/workflow/").json()["obstacles"] == [LACKS]


def test_a_page_that_is_planned_says_for_when(page):
    editor = caller()
    editor.change(page, {"go_live_at": "2031-05-01T09:00:00+02:00"})

    told = take(editor, page, "publish").json()

    assert (told["state"], told["go_live_at"]) == ("planned", "2031-05-01T09:00:00+02:00")
    assert intro(page) == ""
    assert problem(take(editor, page, "publish"))[0] in {409, 423}


def test_nobody_hears_more_than_that_it_is_live(page, writer):
    take(writer, page, "submit")

    for reader in (Caller(), caller("Finance"), caller("Editors", "read")):
        told = reader.get(f"/pages/{page.pk}/workflow/").json()
        assert {name for name, value in told.items() if value} == {"state"}
        assert told["state"] == "live"


def test_a_draft_is_not_there_for_nobody():
    home = factories.ground()
    made = home.add_child(instance=StandardPage(title="Geheim", slug="geheim", locale=home.locale, live=False))

    for reader in (Caller(), caller("Finance"), caller("Editors", "read")):
        assert problem(reader.get(f"/pages/{made.pk}/workflow/")) == (404, "not_found", [])
    assert standing(caller(), made)[0] == "draft"


def test_the_steps_come_along_with_the_page(page):
    editor = caller()

    told = editor.get(f"/pages/{page.pk}/?version=draft&expand=workflow,actions").json()

    assert told["intro"] == "Nieuw."
    assert told["components"]["workflow"]["transitions"] == ["submit", "publish", "unpublish"]
    names = [one["name"] for one in told["components"]["actions"]["items"]]
    assert names[:4] == ["read_draft", "change", "preview", "translate"]
    assert names[4:] == ["submit", "publish", "unpublish"]


def test_the_version_of_a_draft_is_what_a_change_is_made_on(page):
    editor = caller()

    draft = editor.get(f"/pages/{page.pk}/?version=draft")

    assert draft["Cache-Control"] == "private, no-store"
    answer = editor.patch(f"/pages/{page.pk}/", {"content": {"intro": "Verder."}}, **{"If-Match": draft["ETag"]})
    assert answer.status_code == 200
    assert problem(Caller().get(f"/pages/{page.pk}/?version=draft"))[:2] == (401, "token_needed")
    assert problem(caller("Editors", "read").get(f"/pages/{page.pk}/?version=draft"))[:2] == (403, "missing_scope")


def test_what_is_public_and_newest_can_be_changed_on_what_anybody_reads(page):
    editor = caller()
    take(editor, page, "publish")

    read = Caller().get(f"/pages/{page.pk}/")["ETag"]

    change = {"content": {"intro": "Verder."}}
    assert editor.patch(f"/pages/{page.pk}/", change, **{"If-Match": read}).status_code == 200
    assert problem(editor.patch(f"/pages/{page.pk}/", change, **{"If-Match": read}))[:2] == (412, "stale")


def test_the_history_of_a_step_names_the_token(page, writer):
    take(writer, page, "submit")

    entries = PageLogEntry.objects.filter(page=page.pk, uuid__isnull=False)
    assert {entry.action for entry in entries} == {"wagtail.workflow.start", "cms.api_token.used"}
    assert {entry.data["token"]["name"] for entry in entries} == {"Proef"}


def test_the_reviewer_is_told_by_mail(page, writer, reviewer, at_once):
    with at_once():
        take(writer, page, "submit")

    assert [letter.to for letter in mail.outbox]

"""A draft is read as its form has it and written back through the same form: nothing is lost on the way."""

import contextlib
import json
import re
from threading import Barrier, BrokenBarrierError

import pytest
from wagtail.documents.models import Document
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, PageLogEntry

from cms.headless import drafts, versions
from cms.models import StandardPage
from tests import factories
from tests.cms.headless.asking import caller, problem
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db


def picture():
    return get_image_model().objects.create(title="Brug", file=get_test_image_file())


def standard_page(**facts):
    home = factories.ground()
    facts = {"title": "Over ons", "slug": "over-ons", "locale": home.locale} | facts
    page = home.add_child(instance=StandardPage(**facts))
    page.save_revision(clean=False)
    return StandardPage.objects.get(pk=page.pk)


def newest(page):
    return page.specific_class.objects.get(pk=page.pk).get_latest_revision_as_object()


def content_of(page):
    """What is kept of its newest draft, but for the moments of keeping."""
    told = json.loads(newest(page).to_json())
    for name in ("latest_revision", "latest_revision_created_at", "has_unpublished_changes", "live_revision"):
        told.pop(name)
    return told


def without_keys(body):
    """The blocks, but for the keys an editor's screen gives to paragraphs."""
    return json.loads(re.sub(r" data-block-key=\\\"\w+\\\"", "", body))


# ------------------------------------------------------------------------------------------------------ what it changes


def test_a_change_is_a_draft_and_what_is_live_stays():
    page = standard_page(intro="Zoals het was.")
    editor = caller()

    answer = editor.change(page, {"intro": "Zoals het wordt."})

    assert answer.status_code == 200
    assert answer.json()["content"]["intro"] == "Zoals het wordt."
    assert answer.json()["has_unpublished_changes"] is True
    assert StandardPage.objects.get(pk=page.pk).intro == "Zoals het was."
    assert newest(page).intro == "Zoals het wordt."


def test_what_is_not_mentioned_stays_as_it_is():
    image = picture()
    page = standard_page(
        intro="Kort.",
        body=[
            ("text", '<p>Een <b>vet</b> woord en <a href="https://example.org/">een adres</a>.</p>'),
            ("image", {"image": image, "alternative": "Een brug", "caption": "", "credit": "CC0"}),
            ("quote", "Gezegd."),
            ("document", Document.objects.create(title="Blad", file="blad.pdf")),
        ],
    )
    page.save_revision()
    before = content_of(page)

    answer = caller().change(page, {})

    assert answer.status_code == 200
    assert content_of(page) == before


def test_what_is_read_can_be_written_back_whole():
    page = standard_page(body=[("text", "<h2>Kop</h2><p>Tekst</p>"), ("quote", "Gezegd.")])
    page.save_revision()
    before = content_of(page)
    editor = caller()
    read = editor.get(f"/pages/{page.pk}/draft/").json()["content"]

    assert editor.change(page, read).status_code == 200

    assert without_keys(content_of(page)["body"]) == without_keys(before["body"])
    assert {**content_of(page), "body": ""} == {**before, "body": ""}


def test_the_home_page_keeps_its_figures_and_lists():
    home = factories.ground()
    home.figures = [("figure", {"number": 12, "label": "bezoeken"})]
    home.lessons = [("item", "Begin klein.")]
    home.about = "<p>Wie wij zijn.</p>"
    home.save_revision()
    before = content_of(home)

    assert caller().change(home, {}).status_code == 200

    assert content_of(home) == before


def test_blocks_are_written_with_the_rules_of_their_kind():
    page, image = standard_page(), picture()

    answer = caller().change(
        page,
        {
            "body": [
                {"type": "text", "value": "<p>Eerst <i>dit</i>.</p>"},
                {"type": "image", "value": {"image": image.pk, "alternative": "Een brug", "credit": "CC0"}},
            ]
        },
    )

    assert answer.status_code == 200
    body = newest(page).body
    assert [block.block_type for block in body] == ["text", "image"]
    assert body[1].value["image"] == image


# ------------------------------------------------------------------------------------------------ what does not fit it


@pytest.mark.parametrize(
    ("body", "loc", "kind"),
    [
        ("tekst", [], "list_type"),
        ({"type": "text"}, [], "list_type"),
        (None, [], "list_type"),
        (["x"], [0], "dict_type"),
        ([None], [0], "dict_type"),
        ([[]], [0], "dict_type"),
        ([{"value": "x"}], [0, "type"], "missing"),
        ([{"type": "text"}], [0, "value"], "missing"),
        ([{"type": "no", "value": "x"}], [0, "type"], "unknown_block"),
        ([{"type": ["text"], "value": "x"}], [0, "type"], "unknown_block"),
        ([{"type": "text", "value": "x", "more": 1}], [0, "more"], "extra_forbidden"),
        ([{"type": "text", "value": "x", "id": 7}], [0, "id"], "uuid"),
        ([{"type": "text", "value": 7}], [0, "value"], "string_type"),
        ([{"type": "text", "value": {"format": "db_html"}}], [0, "value"], "string_type"),
        ([{"type": "image", "value": "x"}], [0, "value"], "dict_type"),
        ([{"type": "image", "value": []}], [0, "value"], "dict_type"),
        ([{"type": "image", "value": {"image": 999999}}], [0, "value", "image"], "unknown_id"),
        ([{"type": "image", "value": {"image": 10**30}}], [0, "value", "image"], "unknown_id"),
        ([{"type": "image", "value": {"image": "1"}}], [0, "value", "image"], "int_type"),
        ([{"type": "image", "value": {"image": {"id": 1}}}], [0, "value", "image"], "int_type"),
        ([{"type": "image", "value": {"picture": 1}}], [0, "value", "picture"], "extra_forbidden"),
        ([{"type": "document", "value": -1}], [0, "value"], "unknown_id"),
        ([{"type": "quote", "value": ["x"]}], [0, "value"], "string_type"),
        ([{"type": "quote", "value": "a\x00b"}], [0, "value"], "unusable_character"),
        ([{"type": "quote", "value": "a\ud800b"}], [0, "value"], "unusable_character"),
    ],
)
def test_a_body_of_any_shape_is_judged_and_never_breaks(body, loc, kind):
    page = standard_page()

    answer = caller().change(page, {"body": body})

    status, _type, errors = problem(answer)
    assert status == 422
    assert (["body", "content", "body", *loc], kind) in errors
    assert list(newest(page).body.raw_data) == []


def test_the_rules_of_a_block_say_what_is_wrong_and_where(in_english_words):
    page = standard_page()

    answer = caller().change(
        page, {"body": [{"type": "image", "value": {"image": picture().pk, "alternative": "x" * 251}}]}
    )

    assert (["body", "content", "body", 0, "value", "alternative"], "invalid") in problem(answer)[2]


@pytest.mark.parametrize(
    ("content", "loc", "kind"),
    [
        ({"bogus": 1}, ["bogus"], "extra_forbidden"),
        ({"title": 7}, ["title"], "string_type"),
        ({"title": None}, ["title"], "string_type"),
        ({"title": ""}, ["title"], "invalid"),
        ({"title": "a\x00"}, ["title"], "unusable_character"),
        ({"in_footer": "yes"}, ["in_footer"], "bool_type"),
        ({"go_live_at": "tomorrow"}, ["go_live_at"], "datetime"),
        ({"intro": "x" * 401}, ["intro"], "invalid"),
        ({"comments": []}, ["comments"], "extra_forbidden"),
        ({"live": True}, ["live"], "extra_forbidden"),
    ],
)
def test_a_field_says_what_it_takes(content, loc, kind):
    page = standard_page()

    answer = caller().change(page, content)

    assert problem(answer) == (422, "about:blank", [(["body", "content", *loc], kind)])


@pytest.mark.parametrize(
    "body", ['{"content": []}', '{"content": {}, "more": 1}', "{}", "[]", "7", "null", "{", '{"content": null}']
)
def test_a_body_that_is_no_change_is_refused(body):
    page, editor = standard_page(), caller()
    etag = editor.get(f"/pages/{page.pk}/draft/")["ETag"]

    answer = editor.patch(f"/pages/{page.pk}/", body, **{"If-Match": etag})

    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"


def test_nesting_without_end_is_refused():
    page = standard_page()
    deep = []
    for _level in range(200):
        deep = [deep]

    assert problem(caller().change(page, {"body": deep}))[0] == 422


@pytest.mark.parametrize(
    "text",
    [
        "<p>Klik <a href='javascript:alert(1)'>hier</a></p>",
        "<p>Hallo<script>alert(1)</script></p>",
        "<p onclick='x()'>Hallo</p>",
        "<table><tr><td>Hallo</td></tr></table>",
        '<p><a linktype="page" id="999999">weg</a></p>',
        '<p><a linktype="page" id="99999999999999999999">weg</a></p>',
        '<p><a linktype="page">weg</a></p>',
        '<p><a linktype="document" id="999999">weg</a></p>',
    ],
)
def test_a_text_that_cannot_be_kept_whole_is_refused(text):
    page = standard_page()

    answer = caller().change(page, {"body": [{"type": "text", "value": text}]})

    assert problem(answer) == (422, "about:blank", [(["body", "content", "body", 0, "value"], "rich_text")])


def test_a_link_to_a_page_that_exists_is_kept():
    page = standard_page()
    text = f'<p>Zie <a linktype="page" id="{page.get_parent().pk}">thuis</a>.</p>'

    assert caller().change(page, {"body": [{"type": "text", "value": text}]}).status_code == 200

    assert f'id="{page.get_parent().pk}"' in newest(page).body[0].value.source


# ----------------------------------------------------------------------------------------------------- who, on what


def test_a_change_names_the_version_it_is_made_on():
    page, editor = standard_page(), caller()

    answer = editor.patch(f"/pages/{page.pk}/", {"content": {"intro": "Nieuw."}})

    assert problem(answer) == (428, "if_match_needed", [(["header", "If-Match"], "missing")])


def test_a_change_on_an_old_version_is_refused_and_told_the_new_one():
    page, editor, colleague = standard_page(), caller(), caller()
    read = editor.get(f"/pages/{page.pk}/draft/")["ETag"]
    colleague.change(page, {"intro": "Van de collega."})

    answer = editor.patch(f"/pages/{page.pk}/", {"content": {"intro": "Van mij."}}, **{"If-Match": read})

    assert problem(answer) == (412, "stale", [(["header", "If-Match"], "stale")])
    assert answer["ETag"] == editor.get(f"/pages/{page.pk}/draft/")["ETag"] != read
    assert newest(page).intro == "Van de collega."


def test_what_the_admin_saves_by_itself_over_its_own_revision_is_another_version():
    page, editor = standard_page(), caller()
    read = editor.get(f"/pages/{page.pk}/draft/")["ETag"]
    page.intro = "Getypt."
    page.save_revision(overwrite_revision=page.latest_revision)

    answer = editor.patch(f"/pages/{page.pk}/", {"content": {"intro": "Van mij."}}, **{"If-Match": read})

    assert answer.status_code == 412


def test_a_page_without_a_revision_has_a_version_too():
    home = factories.ground()
    page = home.add_child(instance=StandardPage(title="Bloot", slug="bloot", locale=home.locale))
    assert page.latest_revision is None

    assert caller().change(page, {"intro": "Nieuw."}).status_code == 200


def test_a_locked_page_stays_as_its_colleague_left_it():
    page, editor = standard_page(), caller()
    page.locked, page.locked_by = True, factories.user("admin")
    page.save()

    assert problem(editor.change(page, {"intro": "Nieuw."})) == (423, "page_locked", [])


def test_who_may_not_write_pages_reads_no_draft_and_changes_none():
    page = standard_page()
    finance = caller("Finance")

    assert problem(finance.get(f"/pages/{page.pk}/draft/"))[:2] == (403, "not_permitted")
    assert problem(finance.patch(f"/pages/{page.pk}/", {"content": {}}, **{"If-Match": "*"}))[:2] == (
        403,
        "not_permitted",
    )


def test_a_draft_nobody_told_them_of_is_not_there_for_them():
    page = standard_page(live=False)
    finance = caller("Finance")

    for answer in (
        finance.get(f"/pages/{page.pk}/draft/"),
        finance.patch(f"/pages/{page.pk}/", {"content": {}}, **{"If-Match": "*"}),
        finance.get("/pages/999999/draft/"),
        finance.get(f"/pages/{10**25}/draft/"),
    ):
        assert problem(answer) == (404, "not_found", [])


def test_the_history_of_the_page_names_the_token():
    page, editor = standard_page(), caller()

    editor.change(page, {"intro": "Nieuw."})

    entries = PageLogEntry.objects.filter(page=page.pk, uuid__isnull=False)
    assert {entry.action for entry in entries} == {"wagtail.edit", "cms.api_token.used"}
    assert {entry.data["token"]["name"] for entry in entries} == {"Proef"}
    assert {entry.user.username[:7] for entry in entries} == {"Editors"}


def test_nothing_is_kept_of_a_change_that_is_refused():
    page, editor = standard_page(), caller()
    count = PageLogEntry.objects.count(), page.revisions.count()

    editor.change(page, {"intro": "x" * 500})

    assert (PageLogEntry.objects.count(), page.revisions.count()) == count


def test_a_session_gives_nothing_on_the_api(client):
    page = standard_page()
    client.force_login(factories.user("admin"))

    answers = [
        client.get(f"/api/v1/pages/{page.pk}/draft/"),
        client.patch(f"/api/v1/pages/{page.pk}/", "{}", content_type="application/json"),
        client.post(
            "/api/v1/pages/",
            '{"type": "cms.StandardPage", "parent": 1, "content": {}}',
            content_type="application/json",
        ),
        client.post(f"/api/v1/pages/{page.pk}/workflow/publish/", "{}", content_type="application/json"),
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 401]
    assert page.revisions.count() == 1


# --------------------------------------------------------------------------------------------------------- two at once


@pytest.fixture
def meeting(monkeypatch):
    """Whoever compared its version waits a moment for another who did so too."""
    barrier = Barrier(2)
    compare = versions.refuse_stale

    def compare_and_wait(asked, page):
        compare(asked, page)
        with contextlib.suppress(BrokenBarrierError):
            barrier.wait(1)

    monkeypatch.setattr(drafts, "refuse_stale", compare_and_wait)


def both_change(page):
    callers = [caller("admin"), caller("admin")]
    etag = callers[0].get(f"/pages/{page.pk}/draft/")["ETag"]
    deeds = [
        lambda one=one, text=text: (
            one.patch(f"/pages/{page.pk}/", {"content": {"intro": text}}, **{"If-Match": etag}).status_code
        )
        for one, text in zip(callers, ("Een.", "Twee."), strict=True)
    ]
    return sorted(at_once(deeds))


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_once_one_is_kept_and_the_other_told(meeting):
    assert both_change(standard_page()) == [200, 412]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_be_kept(meeting, monkeypatch):
    """The control of the one above: it is the lock that keeps them apart."""
    unlocked = lambda *, pk: Page.objects.filter(pk=pk).first()  # noqa: E731
    monkeypatch.setattr("cms.headless.desk.lock_page", unlocked)

    assert both_change(standard_page()) == [200, 200]

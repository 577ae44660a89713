"""Cases are written over HTTP with their parts, and go live only with what a case may not be without."""

import json
from decimal import Decimal

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from cases.models import CasePage
from tests import factories
from tests.cms.headless.asking import caller, problem

pytestmark = pytest.mark.django_db

LESSON = {"phase": "award", "title": "Vraag terugname", "text": "Zet het in het contract."}


@pytest.fixture
def page():
    page = factories.case_page(both=False)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


@pytest.fixture
def editor():
    return caller()


def newest(page):
    return CasePage.objects.get(pk=page.pk).get_latest_revision_as_object()


def test_parts_are_added_changed_put_in_order_and_taken_out(page, editor):
    added = editor.change(page, {"lessons": [LESSON, LESSON | {"title": "Meet eerst"}]})
    assert added.status_code == 200
    editor.post(f"/pages/{page.pk}/workflow/publish/")
    first, second = editor.get(f"/pages/{page.pk}/draft/").json()["content"]["lessons"]

    answer = editor.change(page, {"lessons": [second | {"title": "Meet altijd eerst"}, {"id": first["id"]}]})

    assert [(one["id"], one["title"]) for one in answer.json()["content"]["lessons"]] == [
        (second["id"], "Meet altijd eerst"),
        (first["id"], "Vraag terugname"),
    ]
    editor.change(page, {"lessons": [{"id": second["id"]}]})
    assert [lesson.title for lesson in newest(page).lessons.all()] == ["Meet altijd eerst"]
    assert newest(page).lessons.get().text == LESSON["text"]


def test_what_is_not_mentioned_stays_to_the_letter(page, editor):
    page.lessons.add(page.lessons.model(**LESSON, locale=page.locale))
    page.parties.add(
        page.parties.model(organisation=factories.organisation(), role="buyer", part="", locale=page.locale)
    )
    page.cpv = ["45213150", "39130000"]
    page.save_revision().publish()

    def kept():
        told = json.loads(newest(page).to_json())
        return {
            name: value for name, value in told.items() if not name.startswith(("latest_", "has_", "live_", "last_"))
        }

    before = kept()
    assert editor.change(page, {}).status_code == 200

    assert kept() == before
    assert CasePage.objects.get(pk=page.pk).has_unpublished_changes is False


def test_codes_and_choices_are_written_as_they_are_read(page, editor):
    answer = editor.change(
        page, {"cpv": ["45213150", "39130000"], "strategies": ["reuse"], "sdgs": [12], "checked_on": "2027-01-04"}
    )

    content = answer.json()["content"]
    assert (content["cpv"], content["strategies"], content["sdgs"]) == (["45213150", "39130000"], ["reuse"], [12])
    assert content["checked_on"] == "2027-01-04"


@pytest.mark.parametrize(
    ("content", "loc", "kind"),
    [
        ({"lessons": {}}, ["lessons"], "list_type"),
        ({"lessons": ["x"]}, ["lessons", 0], "dict_type"),
        ({"lessons": [{"id": 999999}]}, ["lessons", 0, "id"], "unknown_id"),
        ({"lessons": [LESSON | {"bogus": 1}]}, ["lessons", 0, "bogus"], "extra_forbidden"),
        ({"lessons": [LESSON | {"phase": "never"}]}, ["lessons", 0, "phase"], "invalid"),
        ({"parties": [{"organisation": 999999, "role": "buyer"}]}, ["parties", 0, "organisation"], "invalid"),
        ({"parties": [{"organisation": 10**30, "role": "buyer"}]}, ["parties", 0, "organisation"], "unknown_id"),
        ({"cpv": ["1"]}, ["cpv"], "invalid"),
        ({"cpv": [1]}, ["cpv"], "string_type"),
        ({"strategies": "reuse"}, ["strategies"], "list_type"),
        ({"strategies": ["burn"]}, ["strategies"], "invalid"),
        ({"sdgs": [10**30]}, ["sdgs"], "invalid"),
        ({"checked_on": "yesterday"}, ["checked_on"], "iso"),
        ({"context": "<p onclick='x'>x</p>"}, ["context"], "rich_text"),
        ({"cpv_beginnings": []}, ["cpv_beginnings"], "extra_forbidden"),
    ],
)
def test_what_does_not_fit_says_where(page, editor, content, loc, kind):
    status, _type, errors = problem(editor.change(page, content))

    assert status == 422
    assert (["body", "content", *loc], kind) in errors


def test_a_case_that_lacks_something_is_kept_as_a_draft_and_not_published(page, editor):
    assert editor.change(page, {"strategies": [], "figures": [{"label": "Minder afval"}]}).status_code in {200, 422}
    assert editor.change(page, {"strategies": []}).status_code == 200

    answer = editor.post(f"/pages/{page.pk}/workflow/publish/")

    assert problem(answer)[:2] == (409, "cannot_go_live")
    assert CasePage.objects.get(pk=page.pk).strategies == ["rethink", "reuse"]
    assert problem(editor.post(f"/pages/{page.pk}/workflow/submit/"))[:2] == (409, "cannot_go_live")


def test_a_case_is_made_sent_in_and_approved(page, editor):
    asked = {
        "type": "cases.CasePage",
        "parent": page.get_parent().pk,
        "content": {"title": "Brug", "municipality": "Gent"},
    }
    made = editor.post(
        "/pages/", asked | {"content": asked["content"] | {"context": "<p>Waarom.</p>", "approach": "<p>Hoe.</p>"}}
    )
    assert made.status_code == 201, made.json()
    pk = made.json()["id"]
    case = CasePage.objects.get(pk=pk)
    assert editor.change(case, {"strategies": ["reuse"], "product_groups": ["building"]}).status_code == 200

    assert editor.post(f"/pages/{pk}/workflow/submit/").json()["state"] == "in_review"
    assert caller("Reviewers").post(f"/pages/{pk}/workflow/approve/").json()["state"] == "live"


@pytest.mark.parametrize(("value", "kept"), [("300.000", "300"), (12.125, "12.125"), ("1234.500", "1234.5")])
def test_a_figure_of_three_decimals_is_taken_as_json_says_it_and_stays_when_another_field_changes(
    page, editor, value, kept
):
    figure = {"label": "Afval", "value": value, "unit": "kg", "status": "expected", "year": 2025}
    changed = editor.change(page, {"figures": [figure]})
    assert (changed.status_code, changed.json().get("errors")) == (200, None)
    assert editor.change(page, {"search_description": "Anders."}).status_code == 200
    assert newest(page).figures.get().value == Decimal(kept)


def test_a_figure_that_is_none_is_refused_at_its_place(page, editor):
    for value in ("abc", "NaN", "1e999999999"):
        answer = editor.change(page, {"figures": [{"label": "Afval", "value": value, "unit": "kg"}]})
        assert answer.status_code == 422


def test_what_a_case_tells_of_its_draft_fits_the_schema_of_its_kind(page, editor):
    page.lessons.add(page.lessons.model(**LESSON, locale=page.locale))
    page.parties.add(page.parties.model(organisation=factories.organisation(), role="buyer", locale=page.locale))
    page.cpv = ["45213150", "39130000"]
    page.save_revision().publish()

    draft = editor.get(f"/pages/{page.pk}/draft/").json()["content"]
    told = editor.get("/types/cases.CasePage/").json()["content"]

    assert (len(draft["lessons"]), len(draft["parties"]), len(draft["cpv"])) == (1, 1, 2)
    assert {"lessons", "parties", "figures", "sources", "images"} <= set(told["properties"])
    Draft202012Validator(told, format_checker=FormatChecker()).validate(draft)

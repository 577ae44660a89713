"""What a page's form takes, as JSON Schema: it says of every value what the form says of it."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from wagtail.models import PageViewRestriction

from cms.headless.content import model_of
from cms.headless.field_input import Malformed
from cms.headless.page_forms import bind, content_of, errors_of, form_for
from cms.headless.types import made_here
from cms.models import StandardPage
from tests import factories
from tests.cms.headless.asking import Caller, caller, key, problem
from tests.cms.headless.making import READING, image, page

pytestmark = READING

#: What a rule of the form says of a value that is of the right kind.
OF_ITS_CONTENT = {"unknown_id", "rich_text", "invalid", "iso", "datetime"}
ANYTHING: list[Any] = [
    None,
    True,
    0,
    1,
    -3,
    2**70,
    1.5,
    "",
    "x",
    "12",
    [],
    ["x"],
    [1],
    [[]],
    {},
    {"x": 1},
    [{}],
    [{"x": 1}],
]

#: In the places of a row or block: each kind once.
SOMETHING: list[Any] = [None, True, 1, 1.5, "x", ["x"], {"x": 1}]


def schema(caller: Caller, label: str) -> dict[str, Any]:
    answer = caller.get(f"/types/{label}/")
    assert answer.status_code == 200
    return answer.json()["content"]


@pytest.mark.parametrize("label", made_here())
def test_each_kind_of_page_tells_all_of_its_form_and_nothing_else(label: str) -> None:
    factories.ground()
    person = factories.user("admin")
    told = schema(Caller(key(person)), label)

    Draft202012Validator.check_schema(told)
    assert set(told["properties"]) == set(content_of(form_for(model_of(label)(), parent=None, user=person)))
    assert told["required"] == (["title", "event"] if label == "events.EventPage" else ["title"])
    assert set(told["required"]) <= set(told["x-required-to-publish"]) <= set(told["properties"])


@pytest.mark.parametrize("label", made_here())
def test_what_the_schema_says_of_a_value_the_form_says_too(label: str) -> None:
    """Each field, each block of a stream and each field of a row, with values of every kind."""
    home = factories.ground()
    person = factories.user("admin")
    told = schema(Caller(key(person)), label)

    enough = {"title": "Proef", "slug": "proef"} | (
        {"event": factories.event().pk} if "event" in told["required"] else {}
    )

    def errors(content: dict[str, Any]) -> set[str]:
        try:
            form = bind(model_of(label)(locale=home.locale), enough | content, parent=home, user=person)
        except Malformed as malformed:
            return {one["type"] for one in malformed.errors}
        form.defer_required_fields()
        return set() if form.is_valid() else {one["type"] for one in errors_of(form)}

    assert errors({}) == set()
    tried, differing = 0, []
    for content in (one for name, shape in told["properties"].items() for one in contents(name, shape)):
        fits = Draft202012Validator(told | {"required": []}).is_valid(content)
        refused = errors(content)
        tried += 1
        if not (refused <= OF_ITS_CONTENT if fits else refused):
            differing.append((content, f"fits {fits}, refused {refused}"))
    assert differing == []
    assert tried >= 8 * len(ANYTHING)


def contents(name: str, shape: dict[str, Any]) -> list[dict[str, Any]]:
    """This field with anything in it; with a row or a block in it, anything in each of their places."""
    found: list[Any] = list(ANYTHING)
    rows = shape.get("items", {})
    for field in rows.get("properties", {}):
        found += [[{field: value}] for value in SOMETHING if field != "id"]
    for kind in rows.get("oneOf", []):
        said, value = kind["properties"]["type"]["const"], kind["properties"]["value"]
        found += [[{"type": said, "value": one}] for one in ANYTHING]
        for field in value.get("properties", {}):
            found += [[{"type": said, "value": {field: one}}] for one in SOMETHING]
        found += [[{"type": said}], [{"type": said, "value": "x", "id": 3}], [{"type": said, "value": "x", "more": 1}]]
    return [{name: value} for value in found]


def test_what_a_draft_tells_fits_its_schema() -> None:
    factories.ground()
    one = page(
        intro="Kort.",
        body=[
            ("text", "<p>Een <b>woord</b>.</p>"),
            ("image", {"image": image(), "alternative": "Brug", "credit": "CC0"}),
        ],
    )
    asking = Caller(key(factories.user("admin")))

    draft = asking.get(f"/pages/{one.pk}/draft/").json()

    assert [block["type"] for block in draft["content"]["body"]] == ["text", "image"]
    Draft202012Validator(schema(asking, "cms.StandardPage"), format_checker=FormatChecker()).validate(draft["content"])


def test_the_kinds_that_have_a_place_below_a_page() -> None:
    home = factories.ground()
    asking = caller("Editors")

    everywhere = {one["type"]: one for one in asking.get("/types/").json()["items"]}
    assert list(everywhere) == made_here()
    assert everywhere["cms.StandardPage"]["schema_url"] == "/api/v1/types/cms.StandardPage/"
    assert "cms.StandardPage" in everywhere["cms.HomePage"]["children"]
    assert "cms.HomePage" in everywhere["cms.StandardPage"]["parents"]

    below_home = [one["type"] for one in asking.get(f"/types/?parent={home.pk}").json()["items"]]
    assert "cms.StandardPage" in below_home
    assert "cms.HomePage" not in below_home
    for label in below_home:
        made = asking.post("/pages/", {"type": label, "parent": home.pk, "content": {"title": "Hier"}})
        assert made.status_code == 201, made.content


def test_who_does_not_write_hears_nothing_and_nobody_hears_of_pages_they_cannot_see() -> None:
    factories.ground()
    hidden = page(title="Intern")
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.PASSWORD, password="geheim")

    assert problem(Caller().get("/types/"))[:2] == (401, "token_needed")
    assert problem(caller("Editors", "read").get("/types/cms.StandardPage/"))[:2] == (403, "missing_scope")
    assert problem(caller("Editors").get("/types/cms.Nothing/"))[:2] == (404, "not_found")
    for number in (StandardPage.objects.latest("pk").pk + 100, hidden.pk, 1):
        refused = problem(caller("Finance").get(f"/types/?parent={number}"))
        assert refused == (422, "about:blank", [(["query", "parent"], "value_error")]), number

"""The form of a case as a browser sends it."""

from typing import Any

from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

PARTS = ("parties", "images", "lessons", "figures", "documents", "sources", "quiz")
#: As it is typed.
COMPLETE_FIGURE = {
    "label": "Restwaarde",
    "value": "18",
    "unit": "%",
    "status": "expected",
    "source_name": "C2C ExpoLAB",
    "year": "2016",
}


def case_form(page: Any, **facts: Any) -> dict[str, Any]:
    """What the editor's screen posts for this page, with other `facts`; a part is a list of dicts, empty if absent."""
    parts = {name: inline_formset([_row(row) for row in facts.pop(name, [])]) for name in PARTS}
    ticked = {"strategies": page.strategies, "product_groups": page.product_groups} | {
        name: facts.pop(name) for name in list(facts) if isinstance(facts[name], list)
    }
    return ticked | nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "intro": page.intro,
            "kind": page.kind,
            "ladder": page.ladder,
            "municipality": page.municipality,
            "country": page.country,
            "context": rich_text("<p>Waarom.</p>"),
            "approach": rich_text("<p>Hoe.</p>"),
            "comments": inline_formset([]),
            **parts,
            **facts,
        }
    )


def _row(facts: dict[str, Any]) -> dict[str, Any]:
    return {"ORDER": "1", "DELETE": "", **facts}

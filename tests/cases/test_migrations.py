"""The tables of the cases go back and forth with what is in them: rows, drafts, and what was translated."""

import json
from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from wagtail_localize.models import TranslationSource

from cases.models import CasePage, ImpactFigure, Lesson
from cms.content import both
from cms.translate import translate_page
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [("cases", "0002_initial")]
TEXTS = [
    both("Stadskantoor", "City hall"),
    both("Kort.", "Short."),
    both("Waarom.", "Why."),
    both("Hoe.", "How."),
    both("Vraag restwaarde", "Ask for residual value"),
    both("Met waarborg.", "With a guarantee."),
    both("Zonder bedrag.", "Without an amount."),
]


@pytest.fixture
def newest() -> Iterator[list[tuple[str, str]]]:
    """The newest migration of the cases. Afterwards the tables of every chapter stand again, come what may: going back
    takes along what later chapters built on the cases."""
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    yield [node for node in leaves if node[0] == "cases"]
    MigrationExecutor(connection).migrate(leaves)


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def test_a_translated_case_and_its_draft_lose_nothing_on_the_way_back_and_forth(newest):
    page = factories.case_page(title="Stadskantoor", both=False, product_groups=["furniture"])
    page.lessons.add(
        Lesson(
            phase="award", title="Vraag restwaarde", text="Met waarborg.", when_not="Zonder bedrag.", locale=page.locale
        )
    )
    page.save_revision().publish()
    page = CasePage.objects.get(pk=page.pk)
    translate_page(page, [*TEXTS, both(page.slug, "city-hall")])
    draft = CasePage.objects.get(pk=page.pk)
    draft.product_groups = ["lighting", "ict"]
    draft.save_revision()

    MigrationExecutor(connection).migrate(BEFORE)

    assert rows("SELECT product_group FROM cases_casepage") == [("furniture",), ("furniture",)]
    assert sorted(rows("SELECT condition FROM cases_lesson")) == [("Without an amount.",), ("Zonder bedrag.",)]
    written = json.loads(rows("SELECT content FROM wagtailcore_revision ORDER BY id DESC LIMIT 1")[0][0])
    assert written["product_group"] == "lighting"
    assert written["lessons"][0]["condition"] == "Zonder bedrag."
    paths = rows(
        "SELECT DISTINCT split_part(path, '.', 3) FROM wagtail_localize_translationcontext WHERE path ~ '^lessons'"
    )
    assert sorted(paths) == [("condition",), ("text",), ("title",)]

    MigrationExecutor(connection).migrate(newest)

    assert [case.product_groups for case in CasePage.objects.all()] == [["furniture"], ["furniture"]]
    page = CasePage.objects.get(pk=page.pk)
    # An older table has room for one product group only.
    assert page.get_latest_revision_as_object().product_groups == ["lighting"]
    assert page.get_latest_revision_as_object().lessons.get().when_not == "Zonder bedrag."
    # The English sentence is still known by wagtail-localize: publishing anew needs no English from anybody.
    source, _created = TranslationSource.update_or_create_from_instance(page)
    source.translations.get().save_target(publish=True)
    assert page.get_translations().get().specific.lessons.get().when_not == "Without an amount."


def test_a_half_typed_figure_of_a_draft_leaves_the_tables_and_stays_in_the_draft(newest):
    page = factories.case_page(both=False)
    page.unpublish()
    page.figures.add(ImpactFigure(label="Restwaarde", locale=page.locale))
    page.save()
    page.save_revision()

    MigrationExecutor(connection).migrate(BEFORE)
    assert rows("SELECT count(*) FROM cases_impactfigure") == [(0,)]
    MigrationExecutor(connection).migrate(newest)

    assert [figure.label for figure in CasePage.objects.get().get_latest_revision_as_object().figures.all()] == [
        "Restwaarde"
    ]

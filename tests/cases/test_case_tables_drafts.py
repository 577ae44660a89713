"""Whose draft a table may change, and what it costs: what the editor of a page refuses, its table refuses too."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from wagtail.models import (
    Locale,
    PageLogEntry,
)

from cases.actions.importing import import_cases
from cases.models import CaseIndexPage, CasePage
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def index():
    factories.case_page(title="Eerste", both=False)
    return CaseIndexPage.objects.get(locale=Locale.get_default())


def outcome(index, by, *rows, kind="cases"):
    with override("en"):
        results = import_cases(kind=kind, rows=list(rows), index=index, by=by, dry_run=False)
    return [(result.outcome, *result.errors) for result in results]


def lessons(case, number):
    return [{"case": case.slug, "title": f"Les {place}", "text": "Vraag het."} for place in range(number)]


@pytest.mark.parametrize("dry_run", [True, False])
def test_thirty_lessons_of_a_case_ask_no_more_than_the_savepoints_of_their_rows_beside_three(index, dry_run):
    asked = []
    by = factories.user("admin")
    for number in (3, 30):
        case = factories.case_page(both=False)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            import_cases(kind="lessons", rows=lessons(case, number), index=index, by=by, dry_run=dry_run)
        asked.append(len(queries))

    assert asked[1] - asked[0] == 2 * 27


def test_a_case_has_one_revision_and_one_entry_in_its_log_however_many_rows_are_about_it(index):
    first, second = CasePage.objects.get(), factories.case_page(both=False)
    rows = [*lessons(first, 3), *lessons(second, 2), {**lessons(first, 4)[3]}]
    before = [(case.revisions.count(), PageLogEntry.objects.filter(page=case).count()) for case in (first, second)]

    assert outcome(index, factories.user("admin"), *rows, kind="lessons") == [("new",)] * 6

    for case, (revisions, entries) in zip((first, second), before, strict=True):
        assert case.revisions.count() == revisions + 1
        assert PageLogEntry.objects.filter(page=case).count() == entries + 1
    drafts = [CasePage.objects.get(pk=case.pk).get_latest_revision_as_object() for case in (first, second)]
    assert [len(draft.lessons.all()) for draft in drafts] == [4, 2]


def test_a_wrong_row_is_no_part_of_the_case_for_the_rows_after_it(index):
    case = CasePage.objects.get()
    wrong = {"case": case.slug, "label": "Fout", "value": "veel"}
    half = {"case": case.slug, "label": "Half", "value": "3"}

    assert outcome(index, factories.user("admin"), wrong, half, kind="figures") == [
        ("wrong", "value: “veel” is no number: write it as 1234.5."),
        ("wrong", "label: Figure 1 (Half) lacks: status, source, year of the source."),
    ]

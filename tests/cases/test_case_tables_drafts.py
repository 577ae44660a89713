"""Whose draft a table may change, and what it costs: what the editor of a page refuses, its table refuses too."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import (
    GroupApprovalTask,
    GroupPagePermission,
    Locale,
    PageLogEntry,
    Workflow,
    WorkflowTask,
)

from cases.actions.case_table import case_table
from cases.actions.importing import import_cases
from cases.models import CaseIndexPage, CasePage, CaseParty, ImpactFigure, Lesson
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def index():
    factories.case_page(title="Eerste", both=False)
    return CaseIndexPage.objects.get(locale=Locale.get_default())


@pytest.fixture
def may(index):
    """Somebody with these permissions on the list of cases and what is below it."""

    def person(*permissions):
        group = Group.objects.create(name="Cases: " + ", ".join(permissions))
        for codename in permissions:
            GroupPagePermission.objects.create(group=group, page=index, permission_type=codename)
        made = factories.user()
        made.groups.add(group)
        return made

    return person


def outcome(index, by, *rows, kind="cases"):
    with override("en"):
        results = import_cases(kind=kind, rows=list(rows), index=index, by=by, dry_run=False)
    return [(result.outcome, *result.errors) for result in results]


def rows_about(case):
    return [
        ("cases", "slug", {"slug": case.slug, "title": "Anders"}),
        ("lessons", "case", {"case": case.slug, "title": "Les"}),
        ("figures", "case", {"case": case.slug, "label": "Cijfer", "status": "measured", "source_name": "x"}),
    ]


def assert_refused(index, by, said):
    case = CasePage.objects.get()
    before = case.revisions.count()
    for kind, column, row in rows_about(case):
        if kind == "figures":
            row |= {"value": "1", "source_year": "2020"}
        assert outcome(index, by, row, kind=kind) == [("wrong", f"{column}: {said}")]
    assert outcome(index, by, {"slug": case.slug, "title": case.title}) == [("same",)]
    assert case.revisions.count() == before


def test_who_may_only_add_changes_no_case_of_another_but_their_own(index, may):
    newcomer = may("add")

    assert_refused(index, newcomer, "You may not change this case: ask somebody who may edit it.")
    assert outcome(index, newcomer, {"slug": "mijn", "title": "Mijn"}) == [("new",)]
    assert outcome(index, newcomer, {"slug": "mijn", "title": "Nog van mij"}) == [("changed",)]
    assert outcome(index, newcomer, {"case": "mijn", "title": "Les"}, kind="lessons") == [("new",)]


def test_a_case_that_another_locked_is_theirs_until_it_is_unlocked(index, may):
    owner = factories.user()
    get_user_model().objects.filter(pk=owner.pk).update(first_name="An", last_name="Peeters")
    CasePage.objects.update(locked=True, locked_by=owner, locked_at=timezone.now())

    assert_refused(index, may("add", "change"), "An Peeters locked this case: ask to unlock it first.")
    assert_refused(index, factories.user("admin"), "An Peeters locked this case: ask to unlock it first.")
    CasePage.objects.update(locked_by=None)
    assert_refused(index, may("change"), "This case is locked: nobody can change it until it is unlocked.")


def test_who_locked_a_case_changes_it(index, may):
    owner = may("add", "change")
    CasePage.objects.update(locked=True, locked_by=owner, locked_at=timezone.now())

    assert outcome(index, owner, rows_about(CasePage.objects.get())[0][2]) == [("changed",)]


def test_a_case_that_waits_for_a_review_is_its_reviewers(index, may):
    reviewer = may("add")
    task = GroupApprovalTask.objects.create(name="Nalezen")
    task.groups.set(reviewer.groups.all())
    workflow = Workflow.objects.create(name="Nalezen")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    case = CasePage.objects.get()
    case.save_revision()
    workflow.start(case, None)

    assert_refused(index, may("change"), "This case is waiting for a review: only its reviewers can change it now.")
    assert outcome(index, reviewer, rows_about(case)[1][2], kind="lessons") == [("new",)]


def test_a_case_that_is_scheduled_is_nobodys(index):
    case = CasePage.objects.get()
    case.go_live_at = timezone.now() + timedelta(days=3)
    case.save_revision(approved_go_live_at=case.go_live_at)

    assert_refused(
        index, factories.user("admin"), "This case is scheduled to go live: nobody can change it until then."
    )


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


@pytest.mark.parametrize("kind", ["cases", "lessons", "figures"])
def test_taking_out_asks_as_many_queries_for_one_short_draft_as_for_three_long_ones(
    index, kind, django_assert_num_queries
):
    def draft(case, parts):
        for place in range(parts):
            organisation = factories.organisation(f"Bouwer {case.pk}.{place}")
            case.parties.add(CaseParty(organisation=organisation, role="supplier", locale=case.locale))
            case.lessons.add(Lesson(title=f"Les {place}", locale=case.locale))
            case.figures.add(ImpactFigure(label=f"Cijfer {place}", locale=case.locale))
        case.save_revision()

    draft(CasePage.objects.get(), 1)
    with django_assert_num_queries(7):
        list(case_table(kind, index))
    for _case in range(2):
        draft(factories.case_page(both=False), 4)

    with django_assert_num_queries(7):
        rows = list(case_table(kind, index))
    assert len(rows) - 1 == (3 if kind == "cases" else 9)


def test_who_left_the_address_book_is_left_out_of_what_is_taken_out(index):
    case = CasePage.objects.get()
    gone, stays = factories.organisation("Weg"), factories.organisation("Blijft")
    for organisation in (gone, stays):
        case.parties.add(CaseParty(organisation=organisation, role="supplier", locale=case.locale))
    case.save_revision()
    gone.delete()

    heading, row = case_table("cases", index)

    assert dict(zip(heading, row, strict=True))["suppliers"] == "Blijft"


def test_a_draft_with_another_address_goes_out_under_the_one_it_comes_back_by(index):
    case = CasePage.objects.get()
    known_by, case.slug = case.slug, "nieuw-adres"
    case.save_revision()

    heading, row = case_table("cases", index)
    result = outcome(index, factories.user("admin"), dict(zip(heading, row, strict=True)))

    assert (row[0], result) == (known_by, [("same",)])

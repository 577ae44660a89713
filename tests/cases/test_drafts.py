"""A half-typed case can be kept as a draft; what it lacks is said when it is to go live. The database is behind it."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.translation import override

from cases.models import CaseImage, CasePage, ImpactFigure, Lesson, QuizItem
from cases.obstacles import obstacles
from tests import factories
from tests.cases.case_forms import COMPLETE_FIGURE as COMPLETE
from tests.cases.case_forms import case_form

pytestmark = pytest.mark.django_db

SOURCE = {"status": "expected", "source_name": "C2C ExpoLAB", "value": Decimal(18), "year": 2016}


@pytest.fixture
def desk(client):
    client.force_login(factories.user("admin"))
    return client


@pytest.fixture
def draft():
    page = factories.case_page(both=False)
    page.unpublish()
    return page


def edit(desk, page, *, publish=False, **facts):
    posted = case_form(page, **facts) | ({"action-publish": "1"} if publish else {})
    return desk.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), posted)


def as_it_is_now(page):
    return CasePage.objects.get(pk=page.pk)


@pytest.mark.parametrize("typed", [{"label": "Restwaarde", "value": "18", "year": "2020"}, {"label": "Restwaarde"}])
def test_a_half_typed_figure_can_be_kept_as_a_draft(desk, draft, typed):
    answer = edit(desk, draft, figures=[typed])

    assert answer.status_code == 302
    assert [figure.label for figure in as_it_is_now(draft).figures.all()] == ["Restwaarde"]


def test_a_case_without_strategies_and_product_groups_can_be_kept_as_a_draft(desk, draft):
    answer = edit(desk, draft, strategies=[], product_groups=[], context="null", approach="null")

    assert answer.status_code == 302
    assert as_it_is_now(draft).strategies == []


def test_a_half_typed_figure_of_a_live_case_stays_in_its_draft(desk):
    page = factories.case_page(both=False)

    answer = edit(desk, page, figures=[{"label": "Restwaarde"}])

    assert answer.status_code == 302
    assert as_it_is_now(page).live
    assert not as_it_is_now(page).figures.exists()
    assert [figure.label for figure in as_it_is_now(page).get_latest_revision_as_object().figures.all()] == [
        "Restwaarde"
    ]


@pytest.mark.parametrize("missing", ["value", "status", "source_name", "year"])
def test_a_figure_without_value_status_source_or_year_is_not_published(desk, draft, missing):
    answer = edit(desk, draft, publish=True, figures=[COMPLETE | {missing: ""}])

    assert answer.status_code == 200
    assert list(answer.context["form"].formsets["figures"].forms[0].errors) == [missing]
    assert not as_it_is_now(draft).live


def test_a_complete_figure_is_published(desk, draft):
    answer = edit(desk, draft, publish=True, figures=[COMPLETE])

    assert answer.status_code == 302
    assert as_it_is_now(draft).live


def test_what_the_form_lets_through_is_still_held_against_the_question(desk, draft):
    quiz = {"question": "Wat?", "answer_1": "Dit", "answer_2": "Dat", "right": "3"}

    answer = edit(desk, draft, publish=True, primary_strategy="recycle", quiz=[quiz])

    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors() == obstacles(answer.context["form"].instance)
    assert len(answer.context["form"].non_field_errors()) == 2
    assert not as_it_is_now(draft).live


def test_a_complete_case_meets_no_obstacle(draft):
    draft.figures.add(ImpactFigure(**SOURCE, label="Restwaarde", unit="%"))
    draft.lessons.add(Lesson(phase="award", title="Vraag restwaarde", text="Met waarborg."))
    draft.quiz.add(QuizItem(question="Wat?", answer_1="Dit", answer_2="Dat", right=1))

    assert obstacles(draft) == []


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"municipality": ""}, "The case lacks: municipality."),
        ({"product_groups": []}, "The case lacks: product groups."),
        ({"strategies": []}, "The case lacks: circular strategies."),
        ({"context": "<p> </p>", "approach": ""}, "The case lacks: context, approach."),
        ({"primary_strategy": "recycle"}, "The primary strategy is not among the circular strategies."),
    ],
)
def test_each_fact_a_case_lacks_is_named(draft, facts, said):
    for name, value in facts.items():
        setattr(draft, name, value)

    assert _in_english(draft) == [said]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (ImpactFigure(label="Restwaarde"), "Figure 1 (Restwaarde) lacks: value, status, source, year of the source."),
        (ImpactFigure(**SOURCE | {"status": ""}), "Figure 1 (without a name) lacks: status."),
        (Lesson(title="Vraag"), "Lesson 1 (Vraag) lacks: procurement phase, explanation."),
        (CaseImage(alternative="Gevel"), "Image 1 (Gevel) lacks: credit."),
        (QuizItem(question="Wat?", answer_1="Dit", right=2), "Quiz item 1 (Wat?) lacks: second answer, right answer."),
    ],
)
def test_each_fact_a_part_lacks_is_named_with_the_part(draft, part, said):
    relation = {ImpactFigure: "figures", Lesson: "lessons", CaseImage: "images", QuizItem: "quiz"}[type(part)]
    getattr(draft, relation).add(part)

    assert _in_english(draft) == [said]


def _in_english(case):
    with override("en"):
        return obstacles(case)


# ------------------------------------------------------------------------------------- what PostgreSQL itself refuses


def commit():
    """What a transaction's end would check."""
    connection.check_constraints()


@pytest.mark.parametrize("missing", [{"value": None}, {"status": ""}, {"source_name": ""}, {"year": None}])
def test_a_live_page_never_has_an_incomplete_figure(missing):
    page = factories.case_page(both=False)

    with pytest.raises(IntegrityError, match="lacks its value, status, source or year"), transaction.atomic():
        ImpactFigure.objects.create(page=page, locale=page.locale, **SOURCE | missing)
        commit()


def test_a_draft_with_an_incomplete_figure_never_goes_live_past_the_page_itself(draft):
    ImpactFigure.objects.create(page=draft, locale=draft.locale, label="Restwaarde")
    commit()

    with pytest.raises(IntegrityError, match="lacks its value, status, source or year"), transaction.atomic():
        CasePage.objects.filter(pk=draft.pk).update(live=True, year="2016")
        commit()


def test_only_what_is_there_at_the_end_counts():
    page = factories.case_page(both=False)

    with transaction.atomic():
        taken_out = ImpactFigure.objects.create(page=page, locale=page.locale)
        put_right = ImpactFigure.objects.create(page=page, locale=page.locale)
        taken_out.delete()
        ImpactFigure.objects.filter(pk=put_right.pk).update(**SOURCE)
        commit()

    assert page.figures.count() == 1


@pytest.mark.parametrize("wrong", [{"status": "guessed"}, {"year": 0}, {"year": 20260}])
def test_a_figure_has_a_known_status_and_a_plausible_year_even_in_a_draft(draft, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        ImpactFigure.objects.create(page=draft, locale=draft.locale, **SOURCE | wrong)


def test_whoever_says_a_figure_was_seen_in_its_source_is_kept_with_it(desk, draft):
    edit(desk, draft, figures=[COMPLETE | {"verified_on": "2027-01-12"}])

    figure = as_it_is_now(draft).figures.get()
    assert (figure.verified_on, figure.verified_by.username[:5]) == (date(2027, 1, 12), "admin")


def test_nobody_has_seen_a_figure_that_says_no_day(desk, draft):
    edit(desk, draft, figures=[COMPLETE])

    assert as_it_is_now(draft).figures.get().verified_by is None

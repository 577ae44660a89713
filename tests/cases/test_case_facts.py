"""What a case is filed under: codes, goals, strategies; and the tables that search, sign-off and checking will fill."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from cases import cpv
from cases.models import CasePage, HostSignOff, QuizItem, SearchText, SoughtInVain
from cases.taxonomy import EU_GPP, ProductGroup, Strategy, retained
from tests import factories
from tests.cases.case_forms import case_form

pytestmark = pytest.mark.django_db


def refused():
    return pytest.raises(IntegrityError)


# ---------------------------------------------------------------------------------------------------------- CPV codes


@pytest.mark.parametrize("written", ["45213150-9", "45213150", " 45213150-9 "])
def test_a_cpv_code_is_kept_without_its_check_digit(written):
    assert cpv.normal_code(written) == "45213150"


@pytest.mark.parametrize("written", ["4521315", "452131509", "45213150-99", "kantoor", "", "00213150", "٤٥٢١٣١٥٠"])
def test_what_is_no_cpv_code_is_refused(written):
    with pytest.raises(ValidationError):
        cpv.normal_code(written)


@pytest.mark.parametrize(
    ("sought", "beginning"),
    [
        ("4521", "4521"),
        ("45210000-2", "4521"),
        ("45213150-9", "4521315"),
        ("45000000", "45"),
        ("30000000", "30"),
        ("45", "45"),
        ("4", ""),
        ("kantoor", ""),
        ("452131509", ""),
    ],
)
def test_zeros_at_the_end_and_the_check_digit_say_nothing_about_where_to_look(sought, beginning):
    assert cpv.beginning(sought) == beginning


@pytest.mark.parametrize(
    ("sought", "found"),
    [("4521", 1), ("45213150-9", 1), ("45000000", 1), ("39", 1), ("4522", 0), ("45213151", 0), ("391", 1), ("3913", 0)],
)
def test_a_case_is_found_by_any_beginning_of_its_codes(sought, found):
    factories.case_page(both=False, cpv=["45213150", "39100000"])

    assert CasePage.objects.filter(cpv_beginnings__contains=[cpv.beginning(sought)]).count() == found


def test_codes_are_typed_on_one_line_and_a_wrong_one_is_named(client):
    client.force_login(factories.user("admin"))
    page = factories.case_page(both=False)
    page.unpublish()
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])

    assert client.post(url, case_form(page, cpv="45213150-9; 39130000, 45213150")).status_code == 302
    assert CasePage.objects.get(pk=page.pk).cpv == ["45213150", "39130000"]

    answer = client.post(url, case_form(page, cpv="45213150, 4521"))
    assert "4521" in answer.context["form"].errors["cpv"][0]


# --------------------------------------------------------------------------------------------------- goals and ladder


def test_five_sustainable_development_goals_are_the_most_a_case_has(client):
    page = factories.case_page(both=False, sdgs=[1, 2, 3, 4, 5])
    with refused(), transaction.atomic():
        CasePage.objects.update(sdgs=[1, 2, 3, 4, 5, 6])

    client.force_login(factories.user("admin"))
    answer = client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), case_form(page, sdgs=["1", "2", "3", "4", "5", "6"])
    )
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()


@pytest.mark.parametrize(
    ("strategies", "goals", "kept"),
    [
        (["refuse"], [], ["narrow"]),
        (["repair", "reduce"], [], ["narrow", "slow"]),
        (["recycle"], [2], ["close", "substitute"]),
        (["recover"], [1], []),
    ],
)
def test_strategies_and_goals_say_how_a_case_keeps_value(strategies, goals, kept):
    assert retained(strategies, goals) == kept


def test_every_rung_but_recovering_energy_keeps_value_in_one_way():
    assert [len(retained([slug], [])) for slug in Strategy.values] == [1] * 9 + [0]


def test_every_product_group_says_whether_there_are_european_criteria():
    assert set(EU_GPP) == set(ProductGroup)
    assert EU_GPP[ProductGroup.LIGHTING] == []


# --------------------------------------------------------------------- tables the next chapters of the cases will fill


def test_one_search_text_for_a_page_and_one_for_each_lesson():
    page = factories.case_page(both=False)
    facts = {"page": page, "locale": page.locale, "vector": "licht:1"}
    SearchText.objects.create(**facts)

    with refused(), transaction.atomic():
        SearchText.objects.create(**facts)


def test_what_was_sought_in_vain_is_counted_once_and_is_about_something(at):
    facts = {"language": "nl", "words": "zwembad", "facets": {"phase": ["award"]}, "first_at": at, "last_at": at}
    SoughtInVain.objects.create(**facts)

    for wrong in (
        {},
        {"words": "", "facets": {}},
        {"words": "x", "times": 0},
        {"words": "x", "last_at": at - timedelta(days=1)},
    ):
        with refused(), transaction.atomic():
            SoughtInVain.objects.create(**facts | wrong)


def test_a_host_that_answered_says_who_and_when(at):
    facts = {"translation_key": uuid4(), "organisation": factories.organisation(), "asked_at": at}
    answered = {"answer": "agreed", "answered_at": at + timedelta(days=1), "name": "An Peeters"}
    asked = HostSignOff.objects.create(**facts)
    HostSignOff.objects.create(**facts, **answered)

    for wrong in (
        answered | {"name": ""},
        answered | {"answered_at": None},
        answered | {"answered_at": at - timedelta(days=1)},
        answered | {"answer": "perhaps"},
        {"answered_at": at},
        {"key": asked.key},
    ):
        with refused(), transaction.atomic():
            HostSignOff.objects.create(**facts | wrong)


def test_the_right_answer_is_one_of_four():
    page = factories.case_page(both=False)
    QuizItem.objects.create(page=page, locale=page.locale, right=None)
    with refused(), transaction.atomic():
        QuizItem.objects.create(page=page, locale=page.locale, right=5)

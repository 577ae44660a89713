"""Answers of a price study: all of a file or none, without anybody's name."""

import csv
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils.translation import override

from payments.actions.asking import keep_answers
from payments.lab.demand import shares_of
from payments.lab.refusal import CannotCompute
from payments.lab.van_westendorp import price_sensitivity
from payments.models import PriceAnswer, PriceStudy

pytestmark = pytest.mark.django_db
D = Decimal


def study(method: str) -> PriceStudy:
    return PriceStudy.objects.create(
        name=f"Bevraging {method}",
        method=method,
        question="Vanaf welke prijs …",
        source="na een bezoek",
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 2, 1),
    )


FOUR = (
    "too_cheap;cheap;expensive;too_expensive;segment;paid\n"
    "10;30;50;70;lid;\n20;40;60;80;gast;95,00\n30;50;70;90;gast;0\n"
)
ASKED = (
    "person,price,answer,segment\nan@example.org,50,ja,lid\nan@example.org,80,nee,lid\nbo,50,nee,gast\nbo,80,yes,gast\n"
)


def test_four_prices_are_kept_with_segment_and_what_was_paid() -> None:
    made = study("four_prices")
    assert keep_answers(study=made, text=FOUR) == 3
    rows = list(made.answers.all())
    assert [(row.segment, row.paid) for row in rows] == [("lid", None), ("gast", D(95)), ("gast", D(0))]
    assert price_sensitivity([row.as_four_prices() for row in rows]).points.opp == 50


def test_asked_prices_are_kept_without_who_said_so() -> None:
    made = study("asked_prices")
    assert keep_answers(study=made, text=ASKED) == 2
    rows = list(made.answers.all())
    assert [row.said for row in rows] == [{"50": True, "80": False}, {"50": False, "80": True}]
    points, intransitive = shares_of([row.as_limit() for row in rows])
    assert ([(point.price, point.share) for point in points], intransitive) == ([(D(50), 1), (D(80), 0)], [1])
    assert "example.org" not in str(PriceAnswer.objects.values())


def test_a_bad_line_keeps_nothing() -> None:
    made = study("four_prices")
    with override("en"), pytest.raises(CannotCompute) as refused:
        keep_answers(study=made, text=FOUR + "1;2;veel;4;;\n")
    with override("en"):
        assert str(refused.value) == "Line 5: expensive: “veel” is not an amount."
    assert not made.answers.exists()


def test_the_database_keeps_an_answer_to_one_method() -> None:
    made = study("four_prices")
    four = {"too_cheap": 1, "cheap": 2, "expensive": 3, "too_expensive": 4}
    for facts in (
        {},
        {"said": {"50": True}, **four},
        {**four, "cheap": None},
        {**four, "cheap": -2},
        {**four, "paid": -1},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            PriceAnswer.objects.create(study=made, **facts)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            FOUR + "1;2;3;1000000;;\n",
            "Line 5: too_expensive is more than 999999.99 (1000000): please check it.",
        ),
        (FOUR + "1;2;3;999999.995;;\n", "Line 5: too_expensive is more than 999999.99 (999999.995): please check it."),
        (FOUR + "1;2;3;4;;1e6\n", "Line 5: paid is more than 999999.99 (1e6): please check it."),
        (FOUR + "1;2;3;4;l\0d;\n", "Line 5 holds a character that stands in no text: this is no CSV."),
        (
            FOUR + "1;2;3;4;" + "x" * 200_000 + ";\n",
            "Line 5 cannot be read as CSV: field larger than field limit (131072).",
        ),
        ("x" * 200_000, "Line 1 cannot be read as CSV: field larger than field limit (131072)."),
    ],
    ids=["too_expensive", "rounded up", "paid", "NUL", "long", "long heading"],
)
def test_what_no_column_can_hold_is_refused_by_its_line(text: str, sentence: str) -> None:
    # As Python has it by itself; some library lifts it for the whole process.
    csv.field_size_limit(131_072)
    made = study("four_prices")
    with override("en"), pytest.raises(CannotCompute) as refused:
        keep_answers(study=made, text=text)
    with override("en"):
        assert str(refused.value) == sentence
    assert not made.answers.exists()


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_lines_end_as_on_any_computer(end: str) -> None:
    made = study("four_prices")
    assert keep_answers(study=made, text=FOUR.replace("\n", end)) == 3


def test_the_highest_price_that_a_column_holds_is_kept() -> None:
    made = study("four_prices")
    keep_answers(study=made, text=FOUR.splitlines()[0] + "\n1;2;3;999999,99;;\n")
    assert made.answers.get().too_expensive == D("999999.99")

"""A figure is typed with a comma or a point; what has two readings is refused, never guessed."""

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from cms.admin.amounts import AmountField, AmountInput, WholeField

D = Decimal


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("750,50", "750.50"),
        ("750.50", "750.50"),
        ("0,6", "0.6"),
        (",5", "0.5"),
        ("0.025", "0.025"),
        ("1.000,50", "1000.50"),
        ("1,000.50", "1000.50"),
        ("1 000,50", "1000.50"),
        ("1\u202f000\u00a0000", "1000000"),
        ("1.000.000", "1000000"),
        ("1234.567", "1234.567"),
        ("€ 95", "95"),
        ("\u2212 5,5", "-5.5"),
        ("12000", "12000"),
    ],
)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_amount_is_read_as_it_was_meant_in_either_language(typed: str, meant: str, language: str) -> None:
    with override(language):
        assert AmountField().clean(typed) == D(meant)


@pytest.mark.parametrize("typed", ["1.000", "1,000", "12.500", "-3,125"])
def test_what_can_be_a_thousand_times_as_much_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        AmountField(max_digits=8, decimal_places=3).clean(typed)
    assert refusal.value.error_list[0].code == "ambiguous"


def test_the_refusal_says_how_to_write_it() -> None:
    with override("en"), pytest.raises(ValidationError) as refusal:
        AmountField().clean("1.250")
    assert refusal.value.messages == ["“1.250” can be read in two ways: write 1250 or 1.25."]


def test_where_a_thousand_cannot_be_three_decimals_have_one_reading() -> None:
    assert AmountField(max_value=10).clean("1,125") == D("1.125")


@pytest.mark.parametrize(
    "typed", ["tien", "1e5", "NaN", "Infinity", "1.00,5", "1,00,5", "12.34.56", "5-", "1.000,", "."]
)
@pytest.mark.parametrize("field", [AmountField(), WholeField()])
def test_what_is_no_figure_is_refused(typed: str, field: forms.Field) -> None:
    with pytest.raises(ValidationError):
        field.clean(typed)


@pytest.mark.parametrize(("typed", "meant"), [("1.000", 1000), ("1,000", 1000), ("10 000", 10000), ("12", 12)])
def test_a_whole_figure_may_have_its_thousands_apart(typed: str, meant: int) -> None:
    assert WholeField().clean(typed) == meant


@pytest.mark.parametrize("typed", ["1,5", "1.5", "12.0"])
def test_a_whole_figure_has_no_decimals(typed: str) -> None:
    with pytest.raises(ValidationError):
        WholeField().clean(typed)


@given(st.decimals(min_value=-10_000_000, max_value=10_000_000, places=4), st.sampled_from(["nl", "en"]))
def test_what_a_form_shows_comes_back_as_the_same_figure(figure: Decimal, language: str) -> None:
    with override(language):
        for shown in (figure, figure.normalize(), round(figure, 3), round(figure, 2)):
            assert AmountField().clean(AmountInput().format_value(shown)) == shown


def test_a_form_shows_a_figure_as_its_language_writes_it() -> None:
    with override("nl"):
        assert 'type="text"' in AmountInput().render("price", D("750.50"))
        assert AmountInput().format_value(D("750.50")) == "750,50"
        assert AmountInput().format_value(0.05) == "0,05"
        assert AmountInput().format_value("7,5x") == "7,5x", "what was typed stays as it was typed"
    with override("en"):
        assert AmountInput().format_value(D("750.50")) == "750.50"


@pytest.mark.parametrize("kept", ["300.000", "300.500", "1234.125", "0.125", "12000.010"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_kept_figure_that_is_shown_and_sent_back_untouched_stays_as_it_is(kept: str, language: str) -> None:
    field = AmountField(max_digits=14, decimal_places=3)
    with override(language):
        assert field.clean(AmountInput().format_value(D(kept))) == D(kept)

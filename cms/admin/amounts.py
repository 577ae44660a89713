"""Figures as people type them: 750,50 and 750.50 are the same amount, in either language.

A browser's own number field drops the sign it does not expect without a word: a Dutch 750,50 became 75050. So figures
are typed into a text field, and read here. What can be read in two ways is refused in words, never guessed.
"""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import register_form_field_override

THOUSAND = 1000
#: What people put around or inside a figure without meaning anything by it: spaces that break and that do not, a euro.
_SPACES = re.compile(r"[\s€]+")
_PLAIN = re.compile(r"-?\d+")
_ONE_SIGN = re.compile(r"(-?)(\d*)([.,])(\d+)")
_GROUPS = re.compile(r"-?\d{1,3}(?:\.\d{3})+|-?\d{1,3}(?:,\d{3})+|-?\d{1,3}(?: \d{3})+")
_GROUPS_AND_SIGN = re.compile(
    r"(-?\d{1,3}(?:\.\d{3})+),(\d+)|(-?\d{1,3}(?:,\d{3})+)\.(\d+)|(-?\d{1,3}(?: \d{3})+)[.,](\d+)"
)


def _typed(value: Any) -> str:
    return _SPACES.sub(" ", str(value)).strip().replace("−", "-").replace("- ", "-")


def _digits(text: str) -> str:
    return re.sub(r"[., ]", "", text)


def _tail(sign: str, rest: str) -> str:
    """The decimals as they have one reading: never three of them."""
    kept = rest.rstrip("0")
    return f"{sign}{kept}{'0' if len(kept) == 3 else ''}" if kept else ""


def plain_amount(value: Any, *, most: Decimal | None = None) -> str:
    """ "1234.5" of what was typed. Raises ValidationError for what is no figure, or can be one or a thousand times it.

    `most` is the highest figure that may be: where that is below a thousand, 1.234 has one reading.
    """
    typed = _typed(value)
    if _PLAIN.fullmatch(typed):
        return typed
    if found := _ONE_SIGN.fullmatch(typed):
        minus, whole, sign, rest = found.groups()
        grouped = _GROUPS.fullmatch(typed) is not None and not whole.startswith("0")
        if grouped and (most is None or most >= THOUSAND):
            said = {"typed": typed, "large": f"{minus}{whole}{rest}", "small": f"{minus}{whole}{_tail(sign, rest)}"}
            raise ValidationError(
                _("“%(typed)s” can be read in two ways: write %(large)s or %(small)s."), code="ambiguous", params=said
            )
        return f"{minus}{whole or 0}.{rest}"
    if _GROUPS.fullmatch(typed):
        return _digits(typed)
    if found := _GROUPS_AND_SIGN.fullmatch(typed):
        whole, rest = [part for part in found.groups() if part is not None]
        return f"{_digits(whole)}.{rest}"
    raise ValidationError(AmountField.default_error_messages["invalid"], code="invalid")


def plain_number(value: Any) -> str:
    """ "1000" of what was typed: digits, or digits in groups of three. Raises ValidationError for anything else."""
    typed = _typed(value)
    if _PLAIN.fullmatch(typed) or _GROUPS.fullmatch(typed):
        return _digits(typed)
    raise ValidationError(WholeField.default_error_messages["invalid"], code="invalid")


class AmountInput(forms.TextInput):
    """A text field that brings up the digits of a phone, and shows a figure with the decimal sign of the language."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        if value is None or isinstance(value, str):
            return value or None
        figure = value if isinstance(value, Decimal) else Decimal(str(value))
        whole, _sign, rest = f"{figure:f}".partition(".")
        if len(rest) == 3:
            # Three decimals would come back as a figure that can be read in two ways.
            kept = rest.rstrip("0")
            rest = f"{kept}0" if len(kept) == 3 else kept
        return f"{whole}{get_format('DECIMAL_SEPARATOR')}{rest}" if rest else whole


class WholeInput(AmountInput):
    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "numeric", **(attrs or {})})


class AmountField(forms.DecimalField):
    """A figure with decimals, typed with a comma or a point."""

    widget = AmountInput
    default_error_messages = {
        "invalid": gettext_lazy("Fill in a figure, with a comma or a point before the decimals."),
    }

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str) and value.strip():
            limits = [one.limit_value for one in self.validators if isinstance(one, MaxValueValidator)]
            value = self._fitting(plain_amount(value, most=min(map(Decimal, limits)) if limits else None))
        found: Decimal | None = super().to_python(value)
        return found

    def _fitting(self, plain: str) -> str:
        """Without noughts beyond the decimals there may be: those say nothing, and one of them is ours."""
        whole, sign, rest = plain.partition(".")
        while self.decimal_places is not None and len(rest) > self.decimal_places and rest.endswith("0"):
            rest = rest[:-1]
        return f"{whole}{sign}{rest}" if rest else whole


class WholeField(forms.IntegerField):
    """A whole figure: 1.000 is a thousand, 1,5 is refused."""

    widget = WholeInput
    default_error_messages = {"invalid": gettext_lazy("Fill in a whole figure, without decimals.")}

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and value.strip():
            value = plain_number(value)
        return super().to_python(value)


def _is_never_negative(field: models.Field[Any, Any]) -> bool:
    positive = (models.PositiveIntegerField, models.PositiveSmallIntegerField, models.PositiveBigIntegerField)
    least = [one.limit_value for one in field.validators if isinstance(one, MinValueValidator)]
    return isinstance(field, positive) or any(limit >= 0 for limit in least)


def _override(form_class: type[forms.Field], widget: type[AmountInput]) -> Any:
    def of(field: models.Field[Any, Any]) -> dict[str, Any]:
        if field.choices:
            return {}
        # The digits of some phones have no minus, so a figure that may be negative gets all keys.
        mode = {} if _is_never_negative(field) else {"inputmode": "text"}
        return {"form_class": form_class, "widget": widget(mode)}

    return of


def take_commas() -> None:
    """From now on every figure of a model in Wagtail's admin is typed so: prices, rates, costs, seats."""
    register_form_field_override(models.DecimalField, override=_override(AmountField, AmountInput))
    register_form_field_override(models.IntegerField, override=_override(WholeField, WholeInput))

"""Fields for short lists, kept as PostgreSQL arrays: choices ticked as checkboxes, and CPV codes typed on a line."""

import re
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from cases import cpv


class ChoiceArrayField(ArrayField):
    """Any of the base field's choices, each once, in the order of the choices."""

    def formfield(self, **kwargs: Any) -> forms.Field:
        numbers = self.base_field.get_internal_type() == "IntegerField"
        field = forms.TypedMultipleChoiceField(
            choices=list(self.base_field.choices or []),
            coerce=int if numbers else str,
            widget=forms.CheckboxSelectMultiple,
            required=not self.blank,
            label=capfirst(self.verbose_name),
            help_text=self.help_text,
        )
        return field


class CpvFormField(forms.CharField):
    """Codes with commas or spaces between them, cleaned to a list of eight digits each."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        codes, problems = [], []
        for written in re.split(r"[\s,;]+", super().to_python(value) or ""):
            try:
                codes += [cpv.normal_code(written)] if written else []
            except ValidationError as error:
                problems.append(error)
        if problems:
            raise ValidationError(problems)
        return list(dict.fromkeys(codes))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class CpvField(ArrayField):
    """CPV codes of eight digits, in the order an editor gave them."""

    def formfield(self, **kwargs: Any) -> forms.Field:
        return CpvFormField(required=not self.blank, label=capfirst(self.verbose_name), help_text=self.help_text)

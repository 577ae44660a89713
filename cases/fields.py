"""A field for a short list of choices, kept as a PostgreSQL array and ticked as checkboxes."""

from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField


class ChoiceArrayField(ArrayField):
    """Any of the base field's choices, each once, in the order of the choices."""

    def formfield(self, **kwargs: Any) -> forms.Field:
        numbers = self.base_field.get_internal_type() == "IntegerField"
        field = forms.TypedMultipleChoiceField(
            choices=list(self.base_field.choices or []),
            coerce=int if numbers else str,
            widget=forms.CheckboxSelectMultiple,
            required=not self.blank,
            label=self.verbose_name,
            help_text=self.help_text,
        )
        return field

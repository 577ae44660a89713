"""Revenue models as data: a kind from the lab with its parameters. They change no registration."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from payments.lab.plans import KINDS, Plan, check
from payments.lab.refusal import CannotCompute


def kinds() -> list[tuple[str, Any]]:
    return [(name, kind.title) for name, kind in KINDS.items()]


class RevenueModel(models.Model):
    """`parameters` are those of the kind (payments.lab.plans), amounts excl. VAT as text."""

    name = models.CharField(_("name"), max_length=80, unique=True, help_text=_("As it stands in comparisons."))
    kind = models.CharField(_("model"), max_length=20, choices=kinds)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    free_quota = models.PositiveSmallIntegerField(
        _("free seats per member organisation and visit"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(1000)],
        help_text=_("Empty: members are always free. 0: nobody is free."),
    )
    note = models.TextField(_("note"), blank=True, max_length=1000, help_text=_("Why this model is worth trying."))
    is_archived = models.BooleanField(
        _("archived"), default=False, help_text=_("No longer offered in comparisons; experiments keep it.")
    )

    class Meta:
        verbose_name = _("revenue model")
        verbose_name_plural = _("revenue models")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def as_plan(self) -> Plan:
        return Plan(self.kind, self.parameters, self.free_quota)

    def clean(self) -> None:
        super().clean()
        try:
            check(self.as_plan())
        except CannotCompute as error:
            raise ValidationError(str(error)) from error

"""The days that a record of the lab may name: a day centuries away is a typing error."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
#: For a field of a model or a form.
DAYS = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]


def days_near(name: str, *fields: str) -> CheckConstraint:
    """The same, held by the database. A day that is not there is no day outside it."""
    return CheckConstraint(
        condition=Q(**{f"{field}__range": (FIRST_DAY, LAST_DAY) for field in fields}),
        name=f"{name}_days_are_near",
        violation_error_message=_("A day lies between 2000 and 2199."),
    )

"""How old the checking of a case's facts is. Questions only."""

from datetime import date, timedelta

from django.db.models import QuerySet

from cases.models import CasePage

#: After so long a fact is held against its source again.
KEEPS = timedelta(days=365)


def to_check_again(cases: "QuerySet[CasePage]", *, on: date) -> "QuerySet[CasePage]":
    """Those whose facts were held against their sources more than a year ago."""
    return cases.filter(checked_on__lt=on - KEEPS)

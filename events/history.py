"""Who changed what, when and why: kept by triggers in the database, so that no path goes round it.

django-pghistory writes a row of the old and new facts for every insert and update; what it cannot know, the deed, the
person and the reason, is said here and stored beside the rows of one transaction. The rows are append-only.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import pghistory

Given = ParamSpec("Given")
Result = TypeVar("Result")


def changes() -> tuple[pghistory.Tracker, ...]:
    """What is recorded of every tracked model: new for each, because a tracker belongs to one model."""
    return pghistory.InsertEvent(), pghistory.UpdateEvent()


def told(deed: str) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Decorate a deed: its changes are recorded under this name, with its keyword arguments `by` and `why` when given.

    `by` is a user (None: the contact or the clock), `why` a sentence.
    """

    def decorate(act: Callable[Given, Result]) -> Callable[Given, Result]:
        @wraps(act)
        def recorded(*args: Given.args, **kwargs: Given.kwargs) -> Result:
            by: Any = kwargs.get("by")
            facts = {"deed": deed, "by": by.pk if by is not None else None, "why": str(kwargs.get("why") or "")}
            with pghistory.context(**facts):
                return act(*args, **kwargs)

        return recorded

    return decorate

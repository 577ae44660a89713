"""What waits for somebody, as a plugin tells it and the admin's front page draws it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

#: Rows shown of each; the rest stands in the list it leads to.
MOST = 5


@dataclass(frozen=True)
class Row:
    """One thing that waits: its name, where to do it, and what to know of it before."""

    text: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Waiting:
    """So many things of one kind; `rows` are the first of them, most urgent first. `url` is the list, "" for none."""

    heading: str
    count: int
    rows: Sequence[Row] = ()
    url: str = ""
    #: What the number does not say: an amount, since when.
    note: str = ""

    @property
    def more(self) -> int:
        """How many the rows do not name."""
        return self.count - len(self.rows) if self.rows else 0


def there(found: Iterable[Waiting]) -> list[Waiting]:
    """Those of which there is something."""
    return [waiting for waiting in found if waiting.count]


def first_of(rows: Any) -> tuple[int, list[Any]]:
    """(how many, the first of them) of a QuerySet; the second question is asked only when there are more than MOST."""
    listed: list[Model] = list(rows[: MOST + 1])
    return (len(listed), listed) if len(listed) <= MOST else (rows.count(), listed[:MOST])


def writes_pages(user: Any) -> bool:
    """Somebody who makes pages: what is to be mended in them waits for them, not for who only approves."""
    return bool(PagePermissionPolicy().user_has_permission(user, "add"))


def changeable_by(user: Any, pages: Any) -> Any:
    """Those of the pages this person may edit."""
    if user.is_superuser:
        return pages
    mine = Page.objects.filter(pk__in=PagePermissionPolicy().instances_user_has_permission_for(user, "change"))
    return pages.filter(pk__in=mine.values("pk"))

"""What the house refuses, in words a person can act on."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from wagtail.models import Page


class CannotGoLive(Exception):
    """A page lacks what it may not be public without. Nothing was published; the draft is as it was.

    `page` is the page as it would have gone live, `obstacles` a sentence for each thing it lacks.
    """

    def __init__(self, page: "Page", obstacles: Sequence[str]) -> None:
        self.page, self.obstacles = page, list(obstacles)
        said = _("“%(title)s” cannot go live yet.") % {"title": page.title}
        super().__init__(" ".join([said, *self.obstacles]))

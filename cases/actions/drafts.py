"""The drafts a table of cases is about: each read once, asked once whether this person may write it, and saved once."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name
from wagtail.locks import ScheduledForPublishLock, WorkflowLock

from cases.models import CaseIndexPage, CasePage


class Drafts:
    """The cases below an index page as they are being edited, for this person to write."""

    def __init__(self, index: CaseIndexPage, by: Any) -> None:
        self.index, self.by = index, by
        self._read: dict[str, CasePage | None] = {}
        self._refusals: dict[int, str] = {}
        self._changed: dict[int, CasePage] = {}

    def fresh(self, slug: str) -> CasePage | None:
        """As it is in the database."""
        page = CasePage.objects.child_of(self.index).filter(slug=slug).first()
        draft: CasePage | None = page.get_latest_revision_as_object() if page else None
        return draft

    def shared(self, slug: str) -> CasePage | None:
        """The same for each row about it, with what the rows before changed."""
        if slug not in self._read:
            self._read[slug] = self.fresh(slug)
        return self._read[slug]

    def refuse(self, case: CasePage) -> None:
        """Raises ValidationError in words when this person could not change the case in its editor either."""
        if case.pk not in self._refusals:
            self._refusals[case.pk] = self._refusal(case)
        if refusal := self._refusals[case.pk]:
            raise ValidationError(refusal)

    def _refusal(self, case: CasePage) -> str:
        if not case.permissions_for_user(self.by).can_edit():
            return _("You may not change this case: ask somebody who may edit it.")
        lock = case.get_lock()
        if lock is None or not lock.for_user(self.by):
            return ""
        if isinstance(lock, ScheduledForPublishLock):
            return _("This case is scheduled to go live: nobody can change it until then.")
        if isinstance(lock, WorkflowLock):
            return _("This case is waiting for a review: only its reviewers can change it now.")
        if case.locked_by_id is None:
            return _("This case is locked: nobody can change it until it is unlocked.")
        return _("%(person)s locked this case: ask to unlock it first.") % {
            "person": get_user_display_name(case.locked_by)
        }

    def change(self, case: CasePage) -> None:
        """Keep a shared draft to be saved."""
        self._changed[case.pk] = case

    def save(self) -> None:
        """One revision for each draft that was changed, however many rows did."""
        for case in self._changed.values():
            case.save_revision(user=self.by, log_action=True, clean=False)

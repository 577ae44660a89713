"""The drafts a table of cases is about: each read once and saved once."""

from typing import Any

from cases.models import CaseIndexPage, CasePage


class Drafts:
    """The cases below an index page as they are being edited, for this person to write."""

    def __init__(self, index: CaseIndexPage, by: Any) -> None:
        self.index, self.by = index, by
        self._read: dict[str, CasePage | None] = {}
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

    def change(self, case: CasePage) -> None:
        """Keep a shared draft to be saved."""
        self._changed[case.pk] = case

    def save(self) -> None:
        """One revision for each draft that was changed, however many rows did."""
        for case in self._changed.values():
            case.save_revision(user=self.by, log_action=True, clean=False)

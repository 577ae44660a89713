"""Writing a page's draft from outside the admin: one at a time, by whoever may, on top of what they had read."""

from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.models import Page, PageSubscription, Revision


class DraftRefused(Exception):
    """The draft cannot be written now. `kind` is a stable word for machines, the text is in the active language."""

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        super().__init__(text)


class NotAllowed(DraftRefused):
    """This person may not do it."""


class IsLocked(DraftRefused):
    """Somebody else has it."""


def lock_page(*, pk: int) -> Page | None:
    """The page, which nobody else writes through here until this transaction ends. None when there is none.

    Another request that is going to write it waits here, and reads it as it then is.
    """
    return Page.objects.select_for_update(of=("self",)).filter(pk=pk, depth__gt=1).first()


def refuse_locked(*, page: Page, by: Any) -> None:
    """Raises IsLocked: by a colleague, because a reviewer has it, or because it is planned."""
    lock = page.get_lock()
    if lock is not None and lock.for_user(by):
        raise IsLocked("page_locked", str(lock.get_message(by) or _("This page is locked.")))


@transaction.atomic
def save_draft(*, page: Page, form: Any, by: Any, changed: bool = True) -> Revision:
    """Keep what the valid form says as the newest draft. What is live stays as it is.

    `changed` is whether it differs from the draft before. Raises NotAllowed, IsLocked, and DraftRefused for an alias,
    which has no text of its own.
    """
    if not page.permissions_for_user(by).can_edit():
        raise NotAllowed("not_permitted", _("You may not change this page."))
    refuse_locked(page=page, by=by)
    if page.alias_of_id:
        raise DraftRefused("alias", _("This page shows another one. Change that one."))
    written = form.save(commit=not page.live)
    revision: Revision = written.save_revision(user=by, log_action=True, changed=changed, clean=False)
    return revision


def free_slug(*, title: str, parent: Page) -> str:
    """An address below the parent that nobody has, after the title; empty for a title without a letter."""
    begin = slugify(title, allow_unicode=True)[:200]
    slug, number = begin, 1
    while slug and not Page._slug_is_available(slug, parent, None):
        number += 1
        slug = f"{begin}-{number}"
    return slug


@transaction.atomic
def create_draft(*, page: Page, parent: Page, form: Any, by: Any) -> Page:
    """Put a new page, which nobody sees yet, below its parent. Raises NotAllowed.

    The form is valid and knows `page` as its instance.
    """
    refuse_place(model=type(page), parent=parent, by=by)
    page.live = False
    page.has_unpublished_changes = True
    written: Page = form.save(commit=False)
    parent.add_child(instance=written)
    form.save_m2m()
    PageSubscription.objects.update_or_create(page=written, user=by, defaults={"comment_notifications": False})
    written.save_revision(user=by, log_action=True, clean=False)
    return written


def refuse_place(*, model: type[Page], parent: Page, by: Any) -> None:
    """Raises NotAllowed where this person, or nobody, can make such a page."""
    if not parent.permissions_for_user(by).can_add_subpage():
        raise NotAllowed("not_permitted", _("You may not make a page below this one."))
    if model not in parent.creatable_subpage_models() or not model.can_create_at(parent):
        raise NotAllowed("not_here", _("There is no place for such a page below this one."))

"""The steps a page takes between draft and public, for whoever does not stand at the admin's buttons."""

from typing import Any, Literal, get_args

from django.utils.translation import gettext as _
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page, WorkflowState
from wagtail_localize.models import Translation

from cms.actions.page_drafts import DraftRefused, refuse_locked
from cms.actions.translating import publish_translation, submit_translation

Step = Literal["submit", "approve", "reject", "cancel", "publish", "unpublish"]
STEPS: tuple[Step, ...] = get_args(Step)
#: Those a word can be said with, to whoever sent the page in.
WITH_COMMENT = ("approve", "reject")


class NotNow(DraftRefused):
    """The page is not where this step begins, or this person may not take it. `steps` are those they may take."""

    def __init__(self, steps: list[Step]) -> None:
        self.steps = steps
        listed = ", ".join(steps) or _("none")
        super().__init__("not_now", _("This step cannot be taken now. You may take: %(steps)s.") % {"steps": listed})


def steps_for(*, page: Page, by: Any, link: Translation | None) -> list[Step]:
    """What this person may do with the page now, in the order of STEPS. `link` keeps a translation in step."""
    rights = page.permissions_for_user(by)
    if page.alias_of_id:
        return ["unpublish"] if rights.can_unpublish() else []
    lock = page.get_lock()
    is_locked = lock is not None and lock.for_user(by)
    may = set()
    task, state = page.current_workflow_task, page.current_workflow_state
    if rights.can_edit() and rights.can_submit_for_moderation():
        may.add("submit")
    if task is not None and not is_locked:
        may |= {name for name, _label, _asks in task.get_actions(page, by)} & {"approve", "reject"}
    if state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS and state.user_can_cancel(by):
        may.add("cancel")
    has_news = not page.live or page.has_unpublished_changes or link is not None
    if rights.can_publish() and not is_locked and has_news:
        may.add("publish")
    if rights.can_unpublish():
        may.add("unpublish")
    return [step for step in STEPS if step in may]


def take_step(*, page: Page, step: Step, by: Any, link: Translation | None, comment: str = "") -> None:
    """Take it, for whoever may. The page is locked by the caller (lock_page), whose transaction it is.

    Raises NotNow, and whatever keeps a page from the public: CannotGoLive, LeftUntranslated, TranslationRefused.
    """
    allowed = steps_for(page=page, by=by, link=link)
    if step not in allowed:
        if step in ("publish", "submit", "unpublish"):
            refuse_locked(page=page, by=by)
        raise NotNow(allowed)
    match step:
        case "submit":
            _submit(page.specific, by, link)
        case "approve" | "reject":
            page.current_workflow_task.on_action(page.current_workflow_task_state, by, step, comment=comment)
        case "cancel":
            page.current_workflow_state.cancel(user=by)
        case "publish":
            _publish(page.specific, by, link)
        case "unpublish":
            UnpublishPageAction(page.specific, user=by).execute()


def _submit(page: Page, by: Any, link: Translation | None) -> None:
    if link is not None:
        submit_translation(translation=link, by=by)
        return
    if page.latest_revision is None:
        page.save_revision(user=by, clean=False)
    state = page.current_workflow_state
    if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(by)
    else:
        page.get_workflow().start(page, by)


def _publish(page: Page, by: Any, link: Translation | None) -> None:
    if link is not None:
        # A translation is put together from its texts: the newest draft may be older than they are.
        publish_translation(translation=link, by=by)
        return
    revision = page.latest_revision or page.save_revision(user=by, clean=False)
    revision.publish(user=by)

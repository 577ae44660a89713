"""The deeds of the house: what was planned happens on its day, and who planned it is told when it does not."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry, Revision

from cms.refusals import CannotGoLive
from cms.tasks import mail
from cms.untranslated import LeftUntranslated, texts_left_in

#: How it stands in the history of a page; said in words in cms.wagtail_hooks.
KEPT_BACK = "cms.publish.kept_back"
#: (subject, paragraphs) in the active language.
Write = Callable[[], tuple[str, list[str]]]


@transaction.atomic
def publish_due(*, revision_pk: int, at: datetime) -> bool | None:
    """Publish a revision whose time has come. None when it is not due (any more) or somebody else is at it.

    False when it may not be public: it is taken off the schedule, which also unlocks it, what was live stays live, the
    page's history says why, and whoever wrote or planned it gets a mail. Trying again each minute would tell nobody.
    """
    revision = (
        Revision.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=revision_pk, approved_go_live_at__lte=at)
        .first()
    )
    if revision is None:
        return None
    try:
        with transaction.atomic():
            revision.publish(log_action="wagtail.publish.scheduled")
    except (CannotGoLive, ValidationError) as refusal:
        _keep_back(revision, refusal)
        return False
    return True


@transaction.atomic
def take_off_line(*, model: type[models.Model], pk: Any, at: datetime) -> bool:
    """Unpublish what has had its time. False when it has not (any more), or somebody else is at it."""
    found: Any = (
        model._default_manager.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=pk, live=True, expire_at__lte=at)
        .first()
    )
    if found is None:
        return False
    found.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return True


def _keep_back(revision: Revision, refusal: CannotGoLive | ValidationError) -> None:
    planners = _planners(revision)
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])
    kept = revision.as_object()
    with override(settings.LANGUAGE_CODE):
        log(instance=kept, action=KEPT_BACK, data={"obstacles": _why(kept, refusal)}, revision=revision)

    def write() -> tuple[str, list[str]]:
        return _("Not published: %(title)s") % {"title": kept}, [
            _("“%(title)s” was to go live by itself, and was kept back:") % {"title": kept},
            *_why(kept, refusal),
            _("It is a draft now, off the schedule. Put it right and publish it, or plan it again."),
            f"{settings.WAGTAILADMIN_BASE_URL}{reverse('wagtailadmin_pages:edit', args=[kept.pk])}"
            if isinstance(kept, Page)
            else settings.WAGTAILADMIN_BASE_URL,
        ]

    tell(planners, write)


def _why(kept: Any, refusal: CannotGoLive | ValidationError) -> list[str]:
    """In the active language, which need not be the one it was refused in."""
    if isinstance(refusal, LeftUntranslated):
        return LeftUntranslated(kept, texts_left_in(kept)).obstacles
    return kept.obstacles() if isinstance(refusal, CannotGoLive) else list(refusal.messages)


def _planners(revision: Revision) -> set[int]:
    """Whoever wrote it, and whoever put it on the schedule or approved it."""
    planned = PageLogEntry.objects.filter(revision=revision, user__isnull=False).values_list("user_id", flat=True)
    return {pk for pk in (revision.user_id, *planned) if pk}


def tell(people: Iterable[int], write: Write) -> None:
    """Mail these colleagues, each in the language of their admin, after the commit. Who left is not written to."""
    active = get_user_model().objects.filter(pk__in=list(people), is_active=True).exclude(email="")
    for person in active.select_related("wagtail_userprofile").order_by("pk"):
        profile = getattr(person, "wagtail_userprofile", None)
        # Not get_preferred_language(): that falls back on the language of whoever is at it now.
        language = (profile.preferred_language if profile else "") or settings.LANGUAGE_CODE
        with override(language):
            subject, paragraphs = write()
        send = partial(mail.enqueue, person.email, subject, "\n\n".join(paragraphs) + "\n", language)
        transaction.on_commit(send, robust=True)

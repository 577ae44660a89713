"""What of the house waits for whom: drafts kept back, pages sent back, pages to be read, texts to be translated."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Case, Exists, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import (
    Locale,
    Page,
    PageLogEntry,
    TaskState,
    WorkflowState,
    get_default_page_content_type,
)

from cms.actions.publishing import KEPT_BACK
from cms.conf import language_name
from cms.language_states import WAITING, other_locales, pages_in, seen_by, standing
from cms.models import WebhookEndpoint
from cms.templatetags.cms_tags import brief
from cms.waiting import Row, Waiting, changeable_by, first_of, there, writes_pages

#: What puts a page right that was kept back on its day.
PUT_RIGHT = ("wagtail.publish", "wagtail.publish.schedule", "wagtail.publish.scheduled")
TRANSLATIONS = "wagtail_localize:translations_report"


def waiting(*, user: Any, at: datetime) -> list[Waiting]:
    """For who writes, who reviews and who translates. A constant number of queries."""
    return there(_of(user))


def _of(user: Any) -> Iterator[Waiting]:
    if writes_pages(user):
        yield _kept_back(user)
        yield _sent_back(user)
    yield _to_review(user)
    if user.has_perm("cms.change_webhookendpoint"):
        yield _webhooks_off()
    if user.has_perm("wagtail_localize.submit_translation"):
        for locale in other_locales():
            yield _to_translate(user, locale)


def kept_back() -> "QuerySet[Page]":
    """Pages that did not go live on the day they were planned for, and were neither published nor planned since.

    Each with `kept_at` and `kept_data`, the last one first.
    """
    kept = PageLogEntry.objects.filter(page=OuterRef("pk"), action=KEPT_BACK).order_by("-timestamp")
    right = PageLogEntry.objects.filter(page=OuterRef("pk"), action__in=PUT_RIGHT, timestamp__gt=OuterRef("kept_at"))
    return (
        Page.objects.annotate(
            kept_at=Subquery(kept.values("timestamp")[:1]), kept_data=Subquery(kept.values("data")[:1])
        )
        .filter(~Exists(right), kept_at__isnull=False)
        .order_by("-kept_at", "pk")
    )


def _kept_back(user: Any) -> Waiting:
    count, pages = first_of(changeable_by(user, kept_back()))
    rows = [
        Row(page.draft_title, _edit(page.pk), " ".join([f"{brief(page.kept_at)}:", *page.kept_data["obstacles"]]))
        for page in pages
    ]
    return Waiting(_("Kept back on the day it was planned for"), count, rows)


def sent_back() -> "QuerySet[Page]":
    """Pages whose reviewer asks for changes, each with `sent_at`, `sent_by` and `comment`; the oldest first."""
    reviews = (
        WorkflowState.objects.filter(
            status=WorkflowState.STATUS_NEEDS_CHANGES, base_content_type=get_default_page_content_type()
        )
        .annotate(page_pk=Cast("object_id", IntegerField()))
        .filter(page_pk=OuterRef("pk"))
        .order_by("-pk")
    )
    name = get_user_model().USERNAME_FIELD
    return (
        Page.objects.annotate(
            sent_at=Subquery(reviews.values("current_task_state__finished_at")[:1]),
            sent_by=Subquery(reviews.values(f"current_task_state__finished_by__{name}")[:1]),
            comment=Subquery(reviews.values("current_task_state__comment")[:1]),
        )
        .filter(Exists(reviews))
        .order_by("sent_at", "pk")
    )


def _sent_back(user: Any) -> Waiting:
    count, pages = first_of(changeable_by(user, sent_back()))
    rows = [
        Row(
            page.draft_title,
            _edit(page.pk),
            f"{brief(page.sent_at)}, {page.sent_by or _('somebody')}: {page.comment}".rstrip(": "),
        )
        for page in pages
    ]
    url = f"{reverse('wagtailadmin_reports:workflow')}?status={WorkflowState.STATUS_NEEDS_CHANGES}"
    return Waiting(_("The reviewer asks for changes"), count, rows, url)


def _to_review(user: Any) -> Waiting:
    states = (
        TaskState.objects.filter(
            pk__in=TaskState.objects.reviewable_by(user).values("pk"),
            revision__base_content_type=get_default_page_content_type(),
        )
        .select_related("workflow_state__requested_by", "revision")
        .defer("revision__content")
        .order_by("started_at", "pk")
    )
    count, listed = first_of(states)
    rows = [
        Row(
            state.revision.object_str,
            _edit(state.revision.object_id),
            _("sent in by %(who)s, %(when)s")
            % {"who": state.workflow_state.requested_by or _("somebody"), "when": brief(state.started_at)},
        )
        for state in listed
    ]
    url = f"{reverse('wagtailadmin_reports:workflow_tasks')}?status={TaskState.STATUS_IN_PROGRESS}"
    return Waiting(_("To be reviewed"), count, rows, url)


def _to_translate(user: Any, locale: Locale) -> Waiting:
    """Readers' pages first: what is out of date is read."""
    urgency = [When(language_state=state, then=Value(place)) for place, state in enumerate(WAITING)]
    pages = (
        seen_by(user, pages_in(locale))
        .filter(language_state__in=WAITING)
        .annotate(urgency=Case(*urgency, output_field=IntegerField()))
        .order_by("urgency", F("last_published_at").desc(nulls_last=True), "pk")
    )
    count, listed = first_of(pages)
    rows = []
    for page in listed:
        how = standing(page, locale)
        left = ngettext("%(number)s text to translate", "%(number)s texts to translate", how.untranslated) % {
            "number": how.untranslated
        }
        rows.append(Row(page.title, how.url, ", ".join([str(how.state.label), *([left] if how.untranslated else [])])))
    states = "&".join(f"state={state.value}" for state in WAITING)
    heading = _("To be translated: %(language)s") % {"language": language_name(locale.language_code)}
    return Waiting(heading, count, rows, f"{reverse(TRANSLATIONS)}?language={locale.language_code}&{states}")


def _webhooks_off() -> Waiting:
    count, endpoints = first_of(WebhookEndpoint.objects.switched_off().order_by("switched_off_at", "pk"))
    rows = [
        Row(
            endpoint.description,
            reverse("tour_webhooks:secret", args=[endpoint.pk]),
            f"{brief(endpoint.switched_off_at)}: {endpoint.get_switched_off_why_display()}",
        )
        for endpoint in endpoints
    ]
    return Waiting(_("Webhooks switched off: the other side took nothing"), count, rows, reverse("tour_webhooks:index"))


def _edit(pk: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[pk])

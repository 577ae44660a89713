"""What has to be done for the pages whether or not anybody visits: what was planned, and what follows a publishing."""

import logging
from datetime import datetime

from django.apps import apps
from django.db import models
from django.db.models import CharField, F, JSONField, OuterRef, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from wagtail.models import DraftStateMixin, Page, Revision
from wagtail_localize.models import TranslationSource

from cms.actions import links
from cms.actions.following import follow
from cms.actions.publishing import publish_due, take_off_line
from cms.conf import configured
from cms.models import OutsideAddress, WebhookDelivery, WebhookEndpoint
from cms.models.links import pages_to_read
from cms.tasks import bring_webhook, try_address

log = logging.getLogger("cms.duties")

#: Pages whose links are looked up in one round; the rest has the next.
PAGES_A_ROUND = 50
#: Addresses asked in one round, at most ten seconds each: what else the worker does waits for no more than that.
ADDRESSES_A_ROUND = 3
#: Webhooks tried in one round, at most so many of one endpoint: one that does not answer keeps none of the others.
WEBHOOKS_A_ROUND = 100
WEBHOOKS_OF_ONE = 5


def publish_scheduled(*, at: datetime) -> str | None:
    """Take off line what has had its time, then publish what was planned: what Wagtail's publish_scheduled does.

    One at a time, each in a transaction of its own and skipped while somebody else is at it: two rounds at once do
    nothing twice, and one page's failure keeps none of the others. Raises RuntimeError, after the others, when one
    failed otherwise than by a rule; it is tried again the next round.
    """
    done = {"taken off line": 0, "live": 0, "kept back": 0, "failed": 0}
    for model in _models_with_drafts():
        ended = model._default_manager.filter(live=True, expire_at__lte=at).order_by("expire_at", "pk")
        for pk in list(ended.values_list("pk", flat=True)):
            try:
                done["taken off line"] += take_off_line(model=model, pk=pk, at=at)
            except Exception:
                log.exception("%s %s was not taken off line", model._meta.label, pk)
                done["failed"] += 1
    due = Revision.objects.filter(approved_go_live_at__lte=at).order_by("approved_go_live_at", "pk")
    for pk in list(due.values_list("pk", flat=True)):
        try:
            published = publish_due(revision_pk=pk, at=at)
        except Exception:
            log.exception("Revision %s was not published", pk)
            done["failed"] += 1
        else:
            if published is not None:
                done["live" if published else "kept back"] += 1
    said = ", ".join(f"{number} {what}" for what, number in done.items() if number)
    if done["failed"]:
        raise RuntimeError(said)
    return said or None


def _models_with_drafts() -> list[type[models.Model]]:
    others = [
        model for model in apps.get_models() if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
    ]
    return [Page, *others]


def follow_forgotten(*, at: datetime) -> str | None:
    """Look after publishings that a task should have followed and did not: the stored source is of another revision.

    One page that cannot be followed keeps none of the others. Raises RuntimeError, after the others, when there was
    one; it is tried again the next round.
    """
    live = Page.objects.filter(translation_key=OuterRef("object_id"), locale=OuterRef("locale"), live=True)
    forgotten = (
        TranslationSource.objects.filter(translations__enabled=True)
        .alias(stored=Cast("content_json", JSONField()))
        .annotate(
            page=Subquery(live.values("pk")[:1]),
            live_revision=Cast(Subquery(live.values("live_revision")[:1]), CharField()),
            stored_revision=KT("stored__live_revision"),
        )
        .exclude(stored_revision=F("live_revision"))
        .filter(live_revision__isnull=False)
        .distinct()
    )
    followed = failed = 0
    for page in list(Page.objects.filter(pk__in=[source.page for source in forgotten]).order_by("pk")):
        try:
            follow(page=page)
        except Exception:
            log.exception("Page %s was not followed by its translations", page.pk)
            failed += 1
        else:
            followed += 1
    said = f"{followed} pages followed by their translations"
    if failed:
        raise RuntimeError(f"{said}, {failed} failed")
    return said if followed else None


def read_links(*, at: datetime) -> str | None:
    """Note where the pages lead that were published since they were looked at. Asks nobody outside.

    One page that cannot be read keeps none of the others.
    """
    read = 0
    for page in list(pages_to_read()[:PAGES_A_ROUND]):
        try:
            links.read_links(page=page, at=at)
        except Exception:
            log.exception("The links of page %s were not read", page.pk)
        else:
            read += 1
    return f"links of {read} page(s) read" if read else None


def try_addresses(*, at: datetime) -> str | None:
    """Have the worker ask a few addresses whether they are still there: each once a week, one of a host at a time.

    Nothing where FOLLOW_LINKS is off: the demonstration and the tests ask nobody outside.
    """
    if not configured.FOLLOW_LINKS:
        return None
    OutsideAddress.objects.forgotten(at).delete()
    claimed = links.claim_due(at=at, most=ADDRESSES_A_ROUND)
    for pk in claimed:
        try_address.enqueue(pk)
    return f"{len(claimed)} address(es) to try" if claimed else None


def send_webhooks(*, at: datetime) -> str | None:
    """Have the worker bring what is due: what failed before, and what a crash left lying. Nothing is sent twice."""
    due: list[int] = []
    for endpoint in WebhookEndpoint.objects.filter(is_active=True).order_by("pk"):
        mine = WebhookDelivery.objects.due(at).filter(endpoint=endpoint).order_by("next_at", "pk")
        due += mine.values_list("pk", flat=True)[:WEBHOOKS_OF_ONE]
    for pk in due[:WEBHOOKS_A_ROUND]:
        bring_webhook.enqueue(pk)
    return f"{len(due[:WEBHOOKS_A_ROUND])} webhook(s) to bring" if due else None


def forget_webhooks(*, at: datetime) -> str | None:
    """Delete what was told a month ago, and every attempt at it."""
    deleted, _by_model = WebhookDelivery.objects.old(at).delete()
    return f"{deleted} row(s) of old webhooks deleted" if deleted else None

"""What the house does from time to time, once for everybody."""

from datetime import datetime

from django.db.models import CharField, F, JSONField, OuterRef, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from wagtail.models import Page
from wagtail_localize.models import TranslationSource

from cms.actions.following import follow


def follow_forgotten(*, at: datetime) -> str | None:
    """Look after publishings that a task should have followed and did not: the stored source is of another revision."""
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
    pages = Page.objects.filter(pk__in=[source.page for source in forgotten])
    for page in pages:
        follow(page=page)
    return f"{len(pages)} pages followed by their translations" if pages else None

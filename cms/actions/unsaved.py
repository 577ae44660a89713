"""Keeping a page as it is being written, for as long as somebody looks at it elsewhere."""

import json
from datetime import datetime
from typing import Any

from wagtail.models import Page

from cms.models.unsaved import UnsavedPage


def keep_unsaved(*, page: Page, by: Any, at: datetime) -> UnsavedPage:
    """The page as it is in memory; what this person typed in it before is replaced. Publishes and saves nothing."""
    kept, _created = UnsavedPage.objects.update_or_create(
        user=by,
        content_type=page.cached_content_type,
        page_key=page.pk or 0,
        defaults={"content": json.loads(page.to_json()), "kept_at": at},
    )
    return kept

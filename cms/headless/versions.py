"""Which version of a page somebody has read, and what is asked of whoever writes on top of it.

A version is the part of an ETag before its dot; what stands behind it is about the form of an answer (fields chosen,
components), and two forms of one version are equally good to write on.
"""

import hashlib
import re

from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms.api import Problem

TAG = re.compile(r'^(?:W/)?"([^".]*)[^"]*"$')


def draft_version(page: Page) -> str:
    """Another one after each change of the draft, by whatever road. No query, but for a page without revisions.

    The number of the revision alone does not do: the admin's editor saves by itself, and writes over its own last one.
    """
    if page.latest_revision_id is None or page.latest_revision_created_at is None:
        said = hashlib.sha256(page.specific.to_json().encode()).hexdigest()[:16]
        return f"{page.pk}-0-{said}"
    moment = int(page.latest_revision_created_at.timestamp() * 1_000_000)
    return f"{page.pk}-{page.latest_revision_id}-{moment:x}"


def draft_etag(page: Page) -> str:
    return f'"{draft_version(page)}"'


def needs_match(request: HttpRequest) -> str:
    """The If-Match of the request. Raises Problem 428 without one."""
    asked = request.headers.get("If-Match", "").strip()
    if not asked:
        text = _("Say which version you change: send the ETag of the draft as If-Match.")
        raise Problem(428, text, [{"loc": ["header", "If-Match"], "msg": text, "type": "missing"}], "if_match_needed")
    return asked


def refuse_stale(asked: str, page: Page) -> None:
    """Raises Problem 412 when somebody else wrote since. `*` is any version there is (RFC 9110, 13.1.1)."""
    if asked == "*" or any(_is_newest(tag.strip(), page) for tag in asked.split(",")):
        return
    raise Problem(
        412,
        _("Somebody changed this page since you read it. Read the draft again and make your change on top of it."),
        [{"loc": ["header", "If-Match"], "msg": _("Not the newest version."), "type": "stale"}],
        "stale",
        {"ETag": draft_etag(page)},
    )


def _is_newest(tag: str, page: Page) -> bool:
    found = TAG.match(tag)
    if found is None:
        return False
    if found[1] == draft_version(page):
        return True
    # What is public is the newest draft too, while nobody wrote after it went live.
    return bool(
        page.live_revision_id
        and page.live_revision_id == page.latest_revision_id
        and not page.has_unpublished_changes
        and found[1] == f"{page.pk}-{page.live_revision_id}"
    )

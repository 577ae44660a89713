"""Which pages the person of a token works on, whether or not anybody sees them yet."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.models import Page, Site
from wagtail_localize.models import Translation

from cms.actions.api_tokens import logged_as
from cms.actions.page_drafts import lock_page
from cms.api import Problem
from cms.headless.access import Reader, needs, pages_for, site_of
from cms.headless.field_input import BIGGEST
from cms.headless.reading import Reading
from cms.models.api_tokens import Scope


def nothing_here() -> Problem:
    """The same words for what is not there and for what this reader may not know of."""
    return Problem(404, _("There is no such page."), kind="not_found")


def page_at_desk(reader: Reader, request: HttpRequest, pk: int) -> Page:
    """The page as it is stored, of which this person may see the draft.

    Raises Problem 403 for one they can only read, 404 for one they cannot see at all.
    """
    page = Page.objects.filter(pk=pk, depth__gt=1).first() if 0 < pk <= BIGGEST else None
    return checked(reader, request, page)


def drafted(request: HttpRequest, pk: int) -> tuple[Page, Reading]:
    """The newest draft of a page as its own type, and the eyes it is told through.

    Raises Problem 401 or 403 without a token that may read drafts, 403 or 404 for a page that is not of its person.
    """
    reader = needs(request, Scope.DRAFTS)
    page = page_at_desk(reader, request, pk)
    reading = Reading(reader, request)
    reading.latest = True
    draft: Page = page.get_latest_revision_as_object()
    return draft, reading


@contextmanager
def locked_page(reader: Reader, request: HttpRequest, pk: int) -> Iterator[Page]:
    """The same, locked until the end of the block, which is one transaction; what is logged in it names the token."""
    assert reader.token is not None  # noqa: S101  (endpoints ask for a scope first)
    with logged_as(token=reader.token), transaction.atomic():
        page = lock_page(pk=pk) if 0 < pk <= BIGGEST else None
        yield checked(reader, request, page)


def checked(reader: Reader, request: HttpRequest, page: Page | None) -> Page:
    """The page, of this site and of this person's desk. Raises Problem 403 or 404, see page_at_desk."""
    if page is None or reader.user is None or not is_of_site(page, request):
        raise nothing_here()
    rights = page.permissions_for_user(reader.user)
    if rights.can_edit() or rights.can_publish():
        return page
    if pages_for(reader, request).filter(pk=page.pk).exists():
        raise Problem(403, _("You may not work on this page."), kind="not_permitted")
    raise nothing_here()


def is_of_site(page: Page, request: HttpRequest | None) -> bool:
    """Below the home page, in any language, of the site this request came to."""
    site = site_of(request)
    return any(
        site is not None and root.site_id == site.pk and page.url_path.startswith(root.root_path)
        for root in Site.get_site_root_paths()
    )


def kept_in_step(page: Page) -> Translation | None:
    """What keeps this page in step with the first language's; None for a page that is written by itself."""
    found: Translation | None = (
        Translation.objects.filter(
            source__object_id=page.translation_key, target_locale_id=page.locale_id, enabled=True
        )
        .select_related("source", "target_locale")
        .first()
    )
    return found

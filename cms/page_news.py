"""What happens to a page is told outside: Wagtail's own signals, whichever way it came about."""

from typing import Any

from django.utils import timezone
from wagtail.models import Page, Site

from cms.actions.announcing import Message, announce, api_address
from cms.headless.access import is_for_everybody
from cms.models import DemoLoad, WebhookEndpoint


def _tell(kind: str, page: Page) -> None:
    """Of a public page alone: of one that asks a password or a login, not even that it is there; of nothing made up."""
    address = page.get_full_url()
    if address is None or not is_for_everybody(page) or _is_invented(page):
        return
    facts = {
        "id": page.pk,
        "type": page.specific_class._meta.label if page.specific_class else "wagtailcore.Page",
        "locale": page.locale.language_code,
        "html_url": address,
        "api_url": api_address(f"/pages/{page.pk}/"),
    }
    announce(Message(kind, str(page.pk), facts), at=timezone.now())


def _is_invented(page: Page) -> bool:
    """Whether it is of a demonstration that stands beside a site of somebody's own. One query where it could be."""
    if len({root.site_id for root in Site.get_site_root_paths()}) < 2:
        return False
    parts = page.get_url_parts()
    site = Site.objects.filter(is_default_site=False, root_page__in=DemoLoad.objects.values("home"))
    return parts is not None and site.filter(pk=parts[0]).exists()


def on_publish(instance: Page, **_kwargs: Any) -> None:
    _tell("page.published", instance)


def on_unpublish(instance: Page, **_kwargs: Any) -> None:
    """Also of a page that is deleted: Wagtail takes it off line first."""
    _tell("page.unpublished", instance)


def on_move(instance: Page, url_path_before: str, url_path_after: str, **_kwargs: Any) -> None:
    if url_path_before != url_path_after:
        _tell_moved(instance)


def on_new_slug(instance: Page, **_kwargs: Any) -> None:
    _tell_moved(instance)


def _tell_moved(page: Page) -> None:
    """What stands below a page has another address with it. Not looked for where nobody listens."""
    if WebhookEndpoint.objects.wanting(["page.moved"]).exists():
        for moved in page.get_descendants(inclusive=True).live().select_related("locale"):
            _tell("page.moved", moved)

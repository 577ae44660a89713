"""Who reads the API, and which pages, images and documents are there for them.

What a reader may not see is not there: not its title, not its address, not its number. Every reference to a page,
image or document in an answer goes past one of the querysets below.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.module_loading import import_string
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import CollectionViewRestriction, Page, PageQuerySet, Site

from cms.plugins import installed_plugins

if TYPE_CHECKING:
    from cms.models.api_tokens import ApiToken  # type: ignore[import-not-found]


@dataclass(frozen=True)
class Reader:
    """Who asks: a user with what their token allows, or anybody."""

    user: AbstractBaseUser | None = None
    scopes: frozenset[str] = field(default_factory=frozenset)
    token: "ApiToken | None" = None

    @property
    def is_anonymous(self) -> bool:
        return self.user is None


ANONYMOUS = Reader()


def reader_of(request: HttpRequest) -> Reader:
    """Whoever the request's own credentials say; a session's cookie never counts on the API."""
    return ANONYMOUS


def site_of(request: HttpRequest | None) -> Site | None:
    """The site the request came to, else the default one."""
    found: Site | None = Site.find_for_request(request)
    return found


def pages_for(reader: Reader, request: HttpRequest | None) -> PageQuerySet:
    """What this reader can read now: live, public, of this site, in the languages it is made in."""
    site = site_of(request)
    below = Q(pk__in=[])
    for root in Site.get_site_root_paths():
        if site is not None and root.site_id == site.pk:
            below |= Q(url_path__startswith=root.root_path)
    languages = [code for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES]
    found = Page.objects.live().public().filter(below, locale__language_code__in=languages)
    for plugin in installed_plugins():
        if plugin.unlisted_pages:
            found = found.exclude(import_string(plugin.unlisted_pages)())
    return found


def _outside_private_collections(found: QuerySet[Any]) -> QuerySet[Any]:
    """Without what is in a collection with a restriction, or below one. No query of its own."""
    above = CollectionViewRestriction.objects.annotate(
        inside=ExpressionWrapper(OuterRef("collection__path"), output_field=CharField())
    )
    return found.exclude(Exists(above.filter(inside__startswith=F("collection__path"))))


def images_for(reader: Reader) -> QuerySet[Any]:
    """The images of collections everybody may see."""
    return _outside_private_collections(get_image_model().objects.all())


def documents_for(reader: Reader) -> QuerySet[Any]:
    """The documents of collections everybody may see."""
    return _outside_private_collections(get_document_model().objects.all())

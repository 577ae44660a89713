"""Who reads the API, and which pages, images and documents are there for them.

What a reader may not see is not there: not its title, not its address, not its number. Every reference to a page,
image or document in an answer goes past one of the querysets below.
"""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import (
    BaseViewRestriction,
    CollectionViewRestriction,
    Page,
    PageQuerySet,
    PageViewRestriction,
    Site,
)

from cms.api import Problem
from cms.conf import content_languages
from cms.headless.tokens import credentials_of, unauthorised
from cms.models.api_tokens import ApiToken, Scope
from cms.plugins import installed_plugins


@dataclass(frozen=True)
class Reader:
    """Who asks: a user with what their token allows, or anybody."""

    user: AbstractBaseUser | None = None
    scopes: frozenset[str] = field(default_factory=frozenset)
    token: ApiToken | None = None

    @property
    def is_anonymous(self) -> bool:
        return self.user is None

    def may(self, scope: str) -> bool:
        return scope in self.scopes


ANONYMOUS = Reader()


def reader_of(request: HttpRequest) -> Reader:
    """Whoever the request's own token says; a session's cookie never counts on the API.

    Raises Problem 401 for a credential that opens nothing: whoever gives one is never read as anybody.
    """
    found = credentials_of(request, timezone.now())
    if found.refusal:
        raise unauthorised(found.refusal, was_given=True)
    if found.token is None:
        return ANONYMOUS
    return Reader(user=found.token.user, scopes=frozenset(found.token.scopes), token=found.token)


def with_token(request: HttpRequest) -> Reader:
    """Asked before a body is read: who has no token hears that, and not what is wrong with what they sent.

    Raises Problem 401.
    """
    reader = reader_of(request)
    if reader.is_anonymous:
        raise unauthorised(_("This needs an API token."), was_given=False)
    return reader


def needs(request: HttpRequest, *scopes: Scope) -> Reader:
    """The reader, whose token allows all of this. Raises Problem 401 without a token, 403 for one without a scope."""
    reader = with_token(request)
    for scope in scopes:
        if reader.may(scope):
            continue
        text = _("This API token does not allow that. It needs the scope “%(scope)s”.") % {"scope": scope.value}
        challenge = f'Bearer realm="api", error="insufficient_scope", scope="{scope.value}"'
        raise Problem(403, text, kind="missing_scope", headers={"WWW-Authenticate": challenge})
    return reader


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
    languages = [code for code, _name in content_languages()]
    pages = _outside_private_pages(Page.objects.live(), reader)
    found = pages.filter(below, locale__language_code__in=languages)
    return _listed(found)


def _listed(found: PageQuerySet) -> PageQuerySet:
    """Without what a plugin keeps out of lists: the page of a visit that is still a draft."""
    for plugin in installed_plugins():
        if plugin.unlisted_pages:
            found = found.exclude(import_string(plugin.unlisted_pages)())
    return found


def is_for_everybody(page: Page) -> bool:
    """Whether anybody may know of this page, live or not any more. Three queries."""
    return _listed(_outside_private_pages(Page.objects.filter(pk=page.pk), ANONYMOUS)).exists()


def _closed(restrictions: QuerySet[Any], reader: Reader) -> QuerySet[Any]:
    """Those this reader does not pass. What asks for a login, or for a group, opens to a token that may read.

    What asks for a password never does: a token is nobody who typed it.
    """
    if reader.user is None or not reader.may(Scope.READ):
        return restrictions
    passed = Q(restriction_type=BaseViewRestriction.LOGIN)
    if getattr(reader.user, "is_superuser", False):
        passed |= Q(restriction_type=BaseViewRestriction.GROUPS)
    else:
        passed |= Q(restriction_type=BaseViewRestriction.GROUPS, groups__user=reader.user)
    return restrictions.exclude(pk__in=restrictions.filter(passed).values("pk"))


def _outside_private_pages(found: PageQuerySet, reader: Reader) -> PageQuerySet:
    """Without what is behind a restriction this reader does not pass, and what is below it. One query."""
    for restriction in _closed(PageViewRestriction.objects.select_related("page"), reader):
        found = found.not_descendant_of(restriction.page, inclusive=True)
    return found


def _outside_private_collections(found: QuerySet[Any], reader: Reader) -> QuerySet[Any]:
    """Without what is in a collection with a restriction this reader does not pass, or below one. No query."""
    above = _closed(CollectionViewRestriction.objects.all(), reader).annotate(
        inside=ExpressionWrapper(OuterRef("collection__path"), output_field=CharField())
    )
    return found.exclude(Exists(above.filter(inside__startswith=F("collection__path"))))


def images_for(reader: Reader) -> QuerySet[Any]:
    """The images of collections this reader may see."""
    return _outside_private_collections(get_image_model().objects.all(), reader)


def documents_for(reader: Reader) -> QuerySet[Any]:
    """The documents of collections this reader may see."""
    return _outside_private_collections(get_document_model().objects.all(), reader)

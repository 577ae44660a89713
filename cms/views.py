"""The house's own pages: search, the missing-translation notice, health."""

from django.core.paginator import Paginator
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.models import Locale, Page, PageQuerySet, Site

from cms import paper
from cms.front_paper import front
from cms.models import Heartbeat, HomePage
from cms.plugins import installed_plugins
from cms.sites import below_this_site, of_this_site
from cms.translations import render_notice

SEARCH_LENGTH = 200


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Full-text search over the pages of the reader's language. An empty question shows just the form."""
    question = " ".join(request.GET.get("q", "").split())[:SEARCH_LENGTH]
    page_of_results = None
    if question:
        locale = get_object_or_404(Locale, language_code=get_language())
        results = _of_this_site(request, locale).live().public().search(question, operator="and")
        page_of_results = Paginator(results, 10).get_page(request.GET.get("page"))
        page_of_results.object_list = _specific(page_of_results.object_list)
    return render(request, "cms/search.html", {"question": question, "results": page_of_results})


def _of_this_site(request: HttpRequest, locale: Locale) -> PageQuerySet:
    """The pages in this language of the site that is asked. By the tree: the search knows no addresses to filter by."""
    pages = Page.objects.filter(locale=locale)
    if below_this_site() is None:
        return pages
    site = Site.find_for_request(request)
    home = site.root_page.get_translations(inclusive=True).filter(locale=locale).first() if site else None
    return pages.descendant_of(home, inclusive=True) if home is not None else pages.none()


def _specific(results: object) -> list[Page]:
    """The pages as their own types, in the order found, in one query a type."""
    found = list(results)  # type: ignore[call-overload]
    specific = {page.pk: page for page in Page.objects.filter(pk__in=[page.pk for page in found]).specific()}
    return [specific[page.pk] for page in found]


@never_cache
@require_safe
def front_page_pdf(request: HttpRequest) -> HttpResponse:
    """The front page on paper; never from a cache, for it says how many places are left."""
    home = of_this_site(HomePage.objects.live().public().filter(locale__language_code=get_language())).first()
    if home is None:
        raise Http404
    return paper.response(front(home, at=timezone.now()), f"best-practice-tour-{home.locale.language_code}")


@require_safe
def not_translated(request: HttpRequest, page_id: int) -> HttpResponse:
    """Where the language switch leads when the page lacks a translation."""
    page = get_object_or_404(of_this_site(Page.objects.live().public()), pk=page_id)
    locale = get_object_or_404(Locale, language_code=get_language())
    translation = page.get_translation_or_none(locale)
    if translation is not None and translation.live:
        return redirect(translation.get_url(request))
    if page.locale_id == locale.pk:
        return redirect(page.get_url(request))
    return render_notice(request, page)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent without its cookie, or too long after it was opened: say so kindly, in the reader's language."""
    return render(request, "cms/form_refused.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request too large or too odd to read."""
    return render(request, "cms/form_refused.html", {"is_too_large": True}, status=400)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok", "plugins": [plugin.name for plugin in installed_plugins()]})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, no migration waits, worker and duties live; 503 with the reasons otherwise."""
    state = {"database": False, "migrations": False, "worker": False, "duties": False}
    try:
        executor = MigrationExecutor(connection)
        state["database"] = True
        state["migrations"] = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        alive = set(Heartbeat.objects.alive(timezone.now()).values_list("name", flat=True))
        state["worker"], state["duties"] = "worker" in alive, "duties" in alive
    except DatabaseError:
        pass
    ready = all(state.values())
    return JsonResponse({"status": "ready" if ready else "not ready", **state}, status=200 if ready else 503)

"""System checks for the site the plugins are installed in: each says in words what is missing, and what to write.

A missing app stops the start with the same words (`Plugin.import_models`): models cannot be loaded without it.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override
from wagtail.models import Locale, Site

from cms import conf
from cms.plugins import installed_plugins

#: What public pages, the admin and the API go through; in this order.
MIDDLEWARE = (
    "cms.headless.delivery.Delivery",
    "cms.middleware.RefuseUnstorable",
    "cms.middleware.PageLocale",
    "cms.middleware.ApiManners",
    "cms.headless.throttle.Throttle",
    "cms.middleware.ExplainUnstorable",
    "cms.middleware.MissingTranslation",
    "cms.middleware.SayWhatKeepsAPage",
)
CONTEXT = ("django.template.context_processors.request", "cms.context.house")
LANGUAGES = ("nl", "en")
#: What they override or answer in place of; an app earlier in INSTALLED_APPS wins.
BEFORE = ("wagtail_localize", "wagtail.admin", "wagtail")
#: Names that stood by themselves in the settings before 0.2.
MOVED = ("FOLLOW_LINKS", "API_MAX_BODY_BYTES", "STRIPE_API_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_API_BASE", "VIES_URL")


@register()
def the_database_is_postgresql(**kwargs: Any) -> list[CheckMessage]:
    """cms.E010: row locks, triggers and full-text search in two languages are PostgreSQL's."""
    vendor = connections["default"].vendor
    if vendor == "postgresql":
        return []
    return [
        Error(
            f"Best Practice Tour runs on PostgreSQL only; DATABASES['default'] is {vendor}.",
            hint="Set ENGINE to 'django.db.backends.postgresql' and name a database of a PostgreSQL server.",
            id="cms.E010",
        )
    ]


@register()
def the_apps_stand_in_order(**kwargs: Any) -> list[CheckMessage]:
    """cms.E012 when a plugin stands after what it overrides, or before a plugin it builds on."""
    order = {name: place for place, name in enumerate(_installed())}
    found: list[CheckMessage] = []
    for plugin in installed_plugins():
        here = order.get(plugin.name, 0)
        chapters = [name for name in plugin.needs if name in {other.name for other in installed_plugins()}]
        late = [name for name in BEFORE if order.get(name, here + 1) < here]
        early = [name for name in chapters if order[name] > here]
        for name in late:
            found.append(_order(f"{plugin.name} stands after {name}", f"Move {plugin.name!r} before {name!r}."))
        for name in early:
            found.append(_order(f"{plugin.name} stands before {name}", f"Move {plugin.name!r} after {name!r}."))
    return found


def _order(text: str, hint: str) -> Error:
    return Error(f"{text} in INSTALLED_APPS.", hint=hint, id="cms.E012")


def _installed() -> list[str]:
    from django.apps import apps  # noqa: PLC0415  (in the order the settings have them, by their dotted names)

    return [config.name for config in apps.get_app_configs()]


@register()
def the_middleware_is_there(**kwargs: Any) -> list[CheckMessage]:
    """cms.E013 for each missing layer, and for Django's own LocaleMiddleware beside ours."""
    given = list(settings.MIDDLEWARE)
    found: list[CheckMessage] = [
        Error(f"{name} is not in MIDDLEWARE.", hint=f"Add {name!r}: {_place(name)}.", id="cms.E013")
        for name in MIDDLEWARE
        if name not in given
    ]
    if "django.middleware.locale.LocaleMiddleware" in given:
        found.append(
            Error(
                "Django's LocaleMiddleware and cms.middleware.PageLocale both choose the language.",
                hint="Take 'django.middleware.locale.LocaleMiddleware' out: ours does its work.",
                id="cms.E013",
            )
        )
    return found


def _place(name: str) -> str:
    match name.rpartition(".")[2]:
        case "Delivery" | "RefuseUnstorable":
            return "first of all, Delivery before RefuseUnstorable"
        case "PageLocale" | "ApiManners" | "Throttle":
            return "after SessionMiddleware and before CommonMiddleware, in the order PageLocale, ApiManners, Throttle"
        case _:
            return "after MessageMiddleware and before wagtail's RedirectMiddleware"


@register()
def the_two_languages_are_set_up(**kwargs: Any) -> list[CheckMessage]:
    """cms.E014 without Wagtail's internationalisation, cms.E015 without Dutch and English."""
    found: list[CheckMessage] = []
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        found.append(
            Error(
                "Wagtail's internationalisation is off.",
                hint="Set WAGTAIL_I18N_ENABLED = True: each page is one row in each language.",
                id="cms.E014",
            )
        )
    for name in ("LANGUAGES", "WAGTAIL_CONTENT_LANGUAGES"):
        given = [code for code, _name in getattr(settings, name, settings.LANGUAGES)]
        if missing := [code for code in LANGUAGES if code not in given]:
            found.append(
                Error(
                    f"{name} lacks {' and '.join(missing)}.",
                    hint='Set LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("nl", "Nederlands"), ("en", "English")].',
                    id="cms.E015",
                )
            )
    if settings.LANGUAGE_CODE not in LANGUAGES:
        found.append(
            Error(
                f"LANGUAGE_CODE is {settings.LANGUAGE_CODE!r}, in which no page is written.",
                hint='Set LANGUAGE_CODE to "nl" or "en", the language a page is written in first.',
                id="cms.E015",
            )
        )
    return found


@register()
def the_templates_know_the_house(**kwargs: Any) -> list[CheckMessage]:
    """cms.E016 for a context processor that is missing from Django's templates."""
    given: set[str] = set()
    engines: list[Any] = settings.TEMPLATES
    for engine in engines:
        given |= set(engine.get("OPTIONS", {}).get("context_processors", []))
    return [
        Error(
            f"{name} is no context processor of TEMPLATES.",
            hint=f"Add {name!r} to OPTIONS['context_processors'].",
            id="cms.E016",
        )
        for name in CONTEXT
        if name not in given
    ]


@register(Tags.urls)
def the_addresses_are_there(**kwargs: Any) -> list[CheckMessage]:
    """cms.E017 when the root URLconf lacks our addresses, or hands pages out without their language."""
    hint = (
        'In the root URLconf write "from cms import site_urls", and "*site_urls.urlpatterns" in place of '
        '"path("", include(wagtail_urls))", last in urlpatterns.'
    )
    try:
        with override("nl"):
            reverse("cms:search")
            page = reverse("wagtail_serve", args=[""])
    except NoReverseMatch:
        return [Error("The root URLconf does not name the addresses of the plugins.", hint=hint, id="cms.E017")]
    if page.startswith("/nl/"):
        return []
    return [Error("Pages are handed out without their language in the address.", hint=hint, id="cms.E017")]


@register()
def the_settings_dict_is_understood(**kwargs: Any) -> list[CheckMessage]:
    """cms.E018 for what is no dict or a name nobody reads, cms.E019 for a value of another type."""
    given: Any = getattr(settings, conf.NAME, {})
    if not isinstance(given, dict):
        return [Error(f"{conf.NAME} is no dict.", hint=f"Write {conf.NAME} = {{…}}.", id="cms.E018")]
    known = conf.known()
    found: list[CheckMessage] = []
    for name, value in given.items():
        if name not in known:
            hint = f"Known are: {', '.join(sorted(known))}."
            found.append(Error(f"{conf.NAME} has {name!r}, which no plugin reads.", hint=hint, id="cms.E018"))
        elif type(value) is not (wanted := type(known[name].default)):
            text = f"{conf.NAME}[{name!r}] should be {wanted.__name__}, not {type(value).__name__}."
            found.append(Error(text, hint=f"The default is {known[name].default!r}.", id="cms.E019"))
    return found


@register()
def no_setting_stands_where_nobody_reads_it(**kwargs: Any) -> list[CheckMessage]:
    """cms.W011 for a name that moved into the dict."""
    return [
        Warning(
            f"{name} is no longer read by itself.", hint=f"Move it into {conf.NAME} under the same name.", id="cms.W011"
        )
        for name in MOVED
        if hasattr(settings, name)
    ]


#: Setting -> (what it should be, what goes wrong otherwise).
ADVISED = {
    "WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE": (False, "a page sent to be translated is public untranslated"),
    "WAGTAILLOCALIZE_DISABLE_ON_DELETE": (True, "deleting a translation throws its texts away"),
}


@register()
def the_advised_settings_are_given(**kwargs: Any) -> list[CheckMessage]:
    """cms.W012 for translation settings, cms.W013 for search, cms.W014 for tasks that run in the visitor's request."""
    found: list[CheckMessage] = [
        Warning(f"{name} is not {wanted}: {otherwise}.", hint=f"Set {name} = {wanted}.", id="cms.W012")
        for name, (wanted, otherwise) in ADVISED.items()
        if getattr(settings, name, None) is not wanted
    ]
    backend = getattr(settings, "WAGTAILSEARCH_BACKENDS", {}).get("default", {}).get("BACKEND")
    if backend != "cms.search_backend":
        found.append(
            Warning(
                "Search does not know Dutch from English: “aankopers” does not find “aankoper”.",
                hint="Set the BACKEND of WAGTAILSEARCH_BACKENDS['default'] to 'cms.search_backend', run update_index.",
                id="cms.W013",
            )
        )
    tasks = getattr(settings, "TASKS", {}).get("default", {}).get("BACKEND", "")
    if not tasks:
        found.append(
            Warning(
                "No task backend is set: mails and documents are made while the visitor waits, and never tried again.",
                hint='Set TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}} with "django_tasks_db" '
                "in INSTALLED_APPS, and run manage.py run_worker.",
                id="cms.W014",
            )
        )
    return found


#: What `wagtail start` writes: it leads nowhere.
NOBODYS = ("example.com",)


@register()
def the_site_has_an_address(**kwargs: Any) -> list[CheckMessage]:
    """cms.W016 when what mails and feeds link to is not given, or is an example's."""
    host = urlsplit(str(getattr(settings, "WAGTAILADMIN_BASE_URL", ""))).hostname or ""
    if host and host not in NOBODYS:
        return []
    text = f"WAGTAILADMIN_BASE_URL is of {host}, which is nobody's." if host else "WAGTAILADMIN_BASE_URL is not given."
    return [Warning(text, hint=ADDRESS_HINT, id="cms.W016")]


ADDRESS_HINT = (
    "Set it to the address of your site, as Settings > Sites has it: mails to registrants, calendars and webhooks "
    "link there."
)


@register(Tags.database)
def the_address_is_of_a_site(databases: Iterable[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """cms.W017 when no site has the host mails link to; asked with `check --database default`."""
    host = urlsplit(str(getattr(settings, "WAGTAILADMIN_BASE_URL", ""))).hostname or ""
    if not host or "default" not in (databases or ()):
        return []
    if Site._meta.db_table not in connections["default"].introspection.table_names():
        return []  # before the first migration
    sites = sorted(Site.objects.values_list("hostname", flat=True))
    if not sites or host in sites:
        return []
    text = f"WAGTAILADMIN_BASE_URL is of {host}, which is none of the sites: {', '.join(sites)}."
    return [Warning(text, hint=ADDRESS_HINT, id="cms.W017")]


@register(Tags.database)
def both_languages_have_a_locale(databases: Iterable[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """cms.W015 when Wagtail has no locale for one of the languages; asked with `check --database default`."""
    if "default" not in (databases or ()):
        return []
    if Locale._meta.db_table not in connections["default"].introspection.table_names():
        return []  # before the first migration
    there = set(Locale.objects.values_list("language_code", flat=True))
    return [
        Warning(
            f"Wagtail has no locale {code!r}: no page can be written in it.",
            hint="Add it at Settings > Locales in the admin, or run manage.py start_site on a new site.",
            id="cms.W015",
        )
        for code in LANGUAGES
        if code not in there
    ]

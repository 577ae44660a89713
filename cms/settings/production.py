"""The public site. Everything secret or local must be given; nothing of the demonstration is reachable."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from cms import environment
from cms.settings.base import *

DEBUG = False
SECRET_KEY = environment.text("SECRET_KEY")
PUBLIC_URL = WAGTAILADMIN_BASE_URL = environment.text("PUBLIC_URL").rstrip("/")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS") or [urlsplit(PUBLIC_URL).hostname or ""]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

if not environment.text("DATABASE_URL", ""):
    raise ImproperlyConfigured("Set DATABASE_URL: production does not run on the embedded database.")
_stripe = {name: BEST_PRACTICE_TOUR.get(f"STRIPE_{name}", "") for name in ("API_BASE", "API_KEY", "WEBHOOK_SECRET")}
if _stripe["API_BASE"]:
    raise ImproperlyConfigured("STRIPE_API_BASE points away from Stripe: the stand-in cannot be used in production.")
if _stripe["API_KEY"] == "sk_test_sandbox":
    raise ImproperlyConfigured("STRIPE_API_KEY is the stand-in's key: give Stripe's own key.")
if _stripe["API_KEY"] and not _stripe["WEBHOOK_SECRET"]:
    raise ImproperlyConfigured("Set STRIPE_WEBHOOK_SECRET: without it no payment notice can be believed.")

BEST_PRACTICE_TOUR["FOLLOW_LINKS"] = environment.flag("FOLLOW_LINKS", True)

# TLS ends at a proxy; without it in front, set TRUSTED_PROXIES=0 too.
BEST_PRACTICE_TOUR["TRUSTED_PROXIES"] = environment.number("TRUSTED_PROXIES", 1)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = environment.flag("SECURE_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = environment.number("SECURE_HSTS_SECONDS", 31_536_000)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}

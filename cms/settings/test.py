"""The test suite: the same engine and the same code, with what would only cost time taken out."""

from cms.settings.base import *

DEBUG = False
SECRET_KEY = "tests"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# A task runs at once, in the request that asked for it; the worker itself has tests of its own.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
# Counting would add a query to each; what is counted has tests of its own.
BEST_PRACTICE_TOUR |= {"API_ANONYMOUS_A_MINUTE": 0, "API_TOKEN_A_MINUTE": 0}
MEDIA_ROOT = VAR_DIR / "test-media"
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
PUBLIC_URL = WAGTAILADMIN_BASE_URL = "http://testserver"
BEST_PRACTICE_TOUR["WEBHOOKS_TO_THIS_MACHINE"] = True
LOGGING["root"]["level"] = "ERROR"

if "payments" in PLUGINS:
    BEST_PRACTICE_TOUR |= {
        "STRIPE_API_KEY": "sk_test_sandbox",
        "STRIPE_WEBHOOK_SECRET": "whsec_sandbox",
        "STRIPE_API_BASE": "http://127.0.0.1:1",  # the payments tests start a stand-in and point here at it
    }
STRIPE_CHECKOUT_ORIGIN = "http://127.0.0.1:*"
CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"] = [SELF, STRIPE_CHECKOUT_ORIGIN]

DATABASES["default"]["CONN_MAX_AGE"] = 0
DATABASES["default"]["TEST"] = {"NAME": "test_tour_" + "_".join(PLUGINS)}

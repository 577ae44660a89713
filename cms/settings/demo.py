"""The demonstration: real parts, invented people. Mails are kept and shown, payments go to the stand-in."""

from cms import environment
from cms.settings.base import *

BEST_PRACTICE_TOUR["DEMO"] = True
DEBUG = False
SECRET_KEY = environment.text("SECRET_KEY", "only-for-the-demonstration-on-this-machine")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
PUBLIC_URL = WAGTAILADMIN_BASE_URL = environment.text("PUBLIC_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
EMAIL_BACKEND = "cms.demo_mail.KeepMail"
BEST_PRACTICE_TOUR["WEBHOOKS_TO_THIS_MACHINE"] = True
if "events" in PLUGINS:
    BEST_PRACTICE_TOUR |= {name: ["https:", "http:"] for name in ("EMBED_CARD_SITES", "EMBED_REGISTRATION_SITES")}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

if "payments" in PLUGINS and not BEST_PRACTICE_TOUR["STRIPE_API_KEY"]:
    STRIPE_SANDBOX_PORT = environment.number("STRIPE_SANDBOX_PORT", PORT + 431)
    STRIPE_CHECKOUT_ORIGIN = f"http://127.0.0.1:{STRIPE_SANDBOX_PORT}"
    BEST_PRACTICE_TOUR |= {
        "STRIPE_API_KEY": "sk_test_sandbox",
        "STRIPE_WEBHOOK_SECRET": "whsec_sandbox",
        "STRIPE_API_BASE": STRIPE_CHECKOUT_ORIGIN,
    }
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"] = [SELF, STRIPE_CHECKOUT_ORIGIN]

"""A developer's machine: errors shown, mails printed, payments through the stand-in when no key is given."""

from cms import environment
from cms.settings.base import *

DEBUG = True
SECRET_KEY = environment.text("SECRET_KEY", "only-for-a-developers-machine")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
BEST_PRACTICE_TOUR["WEBHOOKS_TO_THIS_MACHINE"] = True

"""Which machine may translate, if any. None is set up unless the environment names one: then texts go to it."""

import requests
from django.utils.translation import gettext as _
from wagtail_localize.machine_translators import get_machine_translator

#: What a translator raises when its service does not answer, refuses or answers nonsense.
FAILURES = (requests.RequestException, OSError, LookupError, TypeError, ValueError)


def told() -> str:
    """In a sentence, for the admin: which one is set up, and what that means."""
    translator = get_machine_translator()
    if translator is None:
        return _("No machine translation is set up: no text is sent to anybody.")
    return _(
        "Machine translation: %(name)s. Texts are sent to it when somebody asks for it, and never by themselves."
    ) % {"name": translator.display_name}

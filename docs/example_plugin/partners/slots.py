"""What stands below every page."""

from itertools import islice
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language
from wagtail.models import Site

from cms.conf import configured
from partners.named import named


def names(context: dict[str, Any]) -> str:
    """A line of names that lead to the partners; nothing when there is none."""
    site = Site.find_for_request(context.get("request"))
    found = list(islice(named(site, get_language()), configured.PARTNERS_MOST)) if site else []
    return render_to_string("partners/names.html", {"partners": found}) if found else ""

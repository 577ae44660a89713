"""What every rendered page knows: the organiser and whether this is the demonstration."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cms.conf import configured
from cms.models import OrganiserSettings


def house(request: HttpRequest) -> dict[str, Any]:
    """{"organiser": OrganiserSettings (loaded when used), "is_demo": bool}."""
    return {
        "organiser": SimpleLazyObject(lambda: OrganiserSettings.load(request_or_site=request)),
        "is_demo": configured.DEMO,
    }

"""The front page on paper: what the Tour is, what it brought, and what the plugins add (visits to come, cases)."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from cms import paper, prose
from cms.models import HomePage
from cms.plugins import installed_plugins
from cms.templatetags.cms_tags import brief

TEMPLATE = Path(__file__).with_name("front.typ")


def front(page: HomePage, *, at: datetime) -> bytes:
    """The PDF of this home page, in the active language, as things stand `at` this moment."""
    document = {
        **paper.framed(
            title=page.hero or page.title,
            author=settings.WAGTAIL_SITE_NAME,
            foot=page.title,
            on=timezone.localdate(at),
        ),
        "intro": page.intro,
        "url": page.full_url,
        "code_alt": _("QR code to the site: %(address)s") % {"address": page.full_url},
        "as_of": _("As things stood on %(moment)s. The site has the latest.") % {"moment": brief(at)},
        "figures_note": page.figures_note,
        "figures": [{"label": block.value["label"], "number": str(block.value["number"])} for block in page.figures],
        "sections": [section for section in _sections(page, at) if section["parts"]],
        "partners": page.partners,
    }
    return paper.pdf(TEMPLATE, {"paper.json": paper.as_json(document), "code.svg": paper.code(page.full_url)})


def _sections(page: HomePage, at: datetime) -> list[dict[str, Any]]:
    def told(heading: str, parts: list[prose.Part]) -> dict[str, Any]:
        return {"heading": heading, "parts": parts}

    def listed(several: Any) -> list[prose.Part]:
        items = [prose.plain(str(block.value)) for block in several]
        return [{"kind": "list", "ordered": True, "items": items}] if items else []

    return [
        told(_("What the Tour is"), prose.parts(page.about, base_url=page.full_url)),
        *(told(heading, parts) for heading, parts in _of_plugins(at)),
        told(_("Most important results"), listed(page.results)),
        told(_("Most important lessons"), listed(page.lessons)),
        told(_("What does the future bring?"), prose.parts(page.future, base_url=page.full_url)),
    ]


def _of_plugins(at: datetime) -> list[tuple[str, list[prose.Part]]]:
    """In the order of the story, the visits to come before the cases: what can be done comes first."""
    paths = [plugin.front_paper for plugin in installed_plugins() if plugin.front_paper]
    return [section for path in reversed(paths) for section in import_string(path)(at=at)]

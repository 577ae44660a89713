"""A case as it stands on its page, on paper: whole, in its language, with the way back to the page as a QR code."""

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.images.models import Filter

from cases.drawing import rings_svg
from cases.models import CasePage, ImpactFigure, Lesson
from cms import paper, prose
from cms.templatetags.cms_tags import number

TEMPLATE = Path(__file__).with_name("cases.typ")
#: So many cases fit one collection: about sixty pages, and less than two seconds to make.
MOST = 20
#: Sharp enough for the width of an A4.
PICTURE = Filter(spec="width-1200|format-jpeg")
PARTS = ("parties__organisation", "lessons", "figures", "images__image", "sources")


def factsheet(case: CasePage) -> bytes:
    """The PDF of one live case, in its own language, of the day it was last published."""
    published = case.last_published_at or case.latest_revision_created_at or timezone.now()
    return _made([case], title=case.title, on=timezone.localtime(published).date(), cover=None)


def collection(cases: Sequence[CasePage], *, on: date) -> bytes:
    """One PDF of these cases, all in one language, in the order given; with a list of them in front.

    Raises ValueError for none, or more than MOST.
    """
    if not 0 < len(cases) <= MOST:
        raise ValueError(f"A collection has 1 to {MOST} cases.")
    with override(cases[0].locale.language_code):
        title = _("Circular cases")
        cover = {"intro": _("Chosen on %(day)s from the cases of the Tour.") % {"day": _day(on)}}
    return _made(cases, title=title, on=on, cover=cover)


def _made(cases: Sequence[CasePage], *, title: str, on: date, cover: dict[str, str] | None) -> bytes:
    with override(cases[0].locale.language_code):
        files: dict[str, bytes] = {}
        said = [_case(case, number, files) for number, case in enumerate(cases, start=1)]
        document = {
            **paper.framed(title=title, author=settings.WAGTAIL_SITE_NAME, foot=title, on=on),
            "cover": cover,
            "cases": said,
            "columns": [_("What it says"), _("Value"), _("Measured against"), _("Status"), _("Source")],
            "labels": {
                "figures": _("Figures, and how they are known"),
                "never_added": _("Figures of different cases are never added up: their baselines differ."),
                "lessons": _("Lessons learned"),
                "sources": _("Sources"),
                "filed": _("Filed under"),
                "page": _("This case on the site"),
            },
        }
        files["paper.json"] = paper.as_json(document)
        return paper.pdf(TEMPLATE, files)


def _case(case: CasePage, number_of: int, files: dict[str, bytes]) -> dict[str, Any]:
    """What the paper says of one case; its pictures go into `files`."""
    files[f"rings-{number_of}.svg"] = rings_svg(case.rings)
    files[f"code-{number_of}.svg"] = paper.code(case.full_url)
    texts = [
        (_("Context"), prose.parts(case.context, base_url=case.full_url)),
        (_("Approach"), prose.parts(case.approach, base_url=case.full_url)),
        (_("Resources needed"), _resources(case)),
        (_("What comes next"), prose.parts(case.next_steps, base_url=case.full_url)),
    ]
    return {
        "kind": case.get_kind_display() if case.kind == CasePage.Kind.VISIT_REPORT else "",
        "title": case.title,
        "intro": case.intro,
        "url": case.full_url,
        "rings": f"rings-{number_of}.svg",
        "code": f"code-{number_of}.svg",
        "code_alt": _("QR code to this case on the site: %(address)s") % {"address": case.full_url},
        "facts": _named(_facts(case)),
        "filed": _named(_filed(case)),
        "texts": [{"heading": heading, "parts": parts} for heading, parts in texts if parts],
        "images": [
            _image(item, f"image-{number_of}-{place}.jpg", files) for place, item in enumerate(case.images.all())
        ],
        "figures": [_figure(figure) for figure in case.figures.all()],
        "lessons": [_lesson(lesson) for lesson in case.lessons.all()],
        "sources": [{"name": source.name, "url": source.url} for source in case.sources.all()],
    }


def _facts(case: CasePage) -> list[tuple[str, list[str]]]:
    def parties(several: Sequence[Any]) -> list[str]:
        return [
            f"{party.organisation.name} ({party.part})" if party.part else party.organisation.name for party in several
        ]

    return [
        (_("Buyer"), parties(case.buyers) or [_("Not known: this is a supplier's example")]),
        (_("Suppliers and partners"), parties(case.suppliers)),
        (_("Place"), [case.place]),
        (_("Getting there"), [case.travel]),
        (_("Year"), [case.year]),
        (_("Kind of buyer"), [case.get_buyer_kind_display()]),
        (_("Contract form"), case.contract_form_names),
        (_("Green Deal goals"), case.goal_names),
        (_("Circular strategies"), case.strategy_names),
        (_("Facts checked on"), [_day(case.checked_on)] if case.checked_on else []),
        (_("Licence of the text"), [case.get_licence_display()]),
    ]


def _filed(case: CasePage) -> list[tuple[str, list[str]]]:
    return [
        (_("Keeps value by"), case.retention_names),
        (_("Product groups"), case.product_group_names),
        (
            _("European green procurement criteria"),
            case.gpp_names or [_("None at present for this product group")],
        ),
        (_("CPV codes"), case.cpv_names),
        (_("Market"), case.market_names),
        (_("Sustainable Development Goals"), case.sdg_names),
    ]


def _named(facts: list[tuple[str, list[str]]]) -> list[dict[str, Any]]:
    """Those of which something is known."""
    kept = [(name, [value for value in values if value]) for name, values in facts]
    return [{"name": name, "values": values} for name, values in kept if values]


def _resources(case: CasePage) -> list[prose.Part]:
    return [
        *(prose.plain(f"{_('Effort')}: {case.effort}") if case.effort else []),
        *(prose.plain(f"{_('Cost')}: {case.cost}") if case.cost else []),
    ]


def _image(item: Any, name: str, files: dict[str, bytes]) -> dict[str, str]:
    """Made in memory: a rendition that Wagtail keeps leaves the file it was made in open."""
    made = io.BytesIO()
    PICTURE.run(item.image, made)
    files[name] = made.getvalue()
    return {"file": name, "alt": item.alternative, "caption": " ".join(filter(None, [item.caption, item.credit]))}


def _figure(figure: ImpactFigure) -> dict[str, Any]:
    about = [str(figure.get_quantity_display()), str(figure.get_direction_display())]
    basis = [
        (": ".join(filter(None, about))).capitalize(),
        f"{_('Compared with:')} {figure.baseline}" if figure.baseline else "",
        f"{_('For:')} {figure.functional_unit}" if figure.functional_unit else "",
        f"{_('Period:')} {figure.period}" if figure.period else "",
        f"{_('Method:')} {figure.get_method_display()}" if figure.method else "",
    ]
    return {
        "label": figure.label,
        "note": figure.note,
        "value": f"{number(figure.value)} {figure.unit}",
        "basis": [line for line in basis if line],
        "status": figure.get_status_display(),
        "source": f"{figure.source_name}, {figure.year}",
        "url": figure.source_url,
    }


def _lesson(lesson: Lesson) -> dict[str, Any]:
    more = [
        (_("Conditions"), lesson.conditions),
        (_("Pitfalls"), lesson.pitfalls),
        (_("When it does not work"), lesson.when_not),
    ]
    return {
        "phase": lesson.get_phase_display(),
        "title": lesson.title,
        "text": prose.plain(lesson.text),
        "more": [{"name": name, "text": prose.plain(text)} for name, text in more if text.strip()],
    }


def _day(day: date) -> str:
    """ "14 januari 2027"."""
    return date_format(day, "j F Y")

"""What keeps a case from going live. One question, asked wherever a page could be published (cms.models.BasePage).

A draft may be half-typed. The database holds the last line for figures (see ImpactFigure): whoever writes past the page
itself is refused there, with less friendly words.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models.signing import HostSignOff
from cases.substance import digests_of, originals_of

if TYPE_CHECKING:
    from cases.models import CasePage

Fact = str | Promise


def obstacles(case: "CasePage") -> list[str]:
    """A sentence for each thing the case lacks, in the active language; empty when it may go live.

    Reads the page as it is in memory, with its unsaved parts: at most one query for each kind of part.
    """
    found = []
    if missing := _missing_of_case(case):
        found.append(_("The case lacks: %(facts)s.") % {"facts": _listed(missing)})
    if case.primary_strategy and case.primary_strategy not in case.strategies:
        found.append(_("The primary strategy is not among the circular strategies."))
    for number, figure in enumerate(case.figures.all(), start=1):
        found += lacks_of_figure(number, figure)
    for number, lesson in enumerate(case.lessons.all(), start=1):
        needed = {gettext_lazy("procurement phase"): lesson.phase, gettext_lazy("lesson"): lesson.title}
        needed[gettext_lazy("explanation")] = lesson.text
        found += _lacking(_("Lesson %(number)s (%(name)s) lacks: %(facts)s."), number, lesson.title, _empty(needed))
    for number, image in enumerate(case.images.all(), start=1):
        needed = {gettext_lazy("description"): image.alternative, gettext_lazy("credit"): image.credit}
        found += _lacking(_("Image %(number)s (%(name)s) lacks: %(facts)s."), number, image.alternative, _empty(needed))
    for number, item in enumerate(case.quiz.all(), start=1):
        found += _lacking(
            _("Quiz item %(number)s (%(name)s) lacks: %(facts)s."), number, item.question, item.missing_facts()
        )
    return found


def lacks_of_figure(number: int, figure: Any) -> list[str]:
    """One sentence when the case cannot go live with this figure, its `number`th, else none."""
    return _lacking(_("Figure %(number)s (%(name)s) lacks: %(facts)s."), number, figure.label, figure.missing_facts())


def waits_for_host(case: "CasePage") -> list[str]:
    """One sentence when the host of a visit report has not agreed to this very text, else none."""
    return waits_for_hosts([case])[0]


def waits_for_hosts(cases: Sequence["CasePage"]) -> list[list[str]]:
    """The same for several, in their order; as many queries for three as for one.

    The last word on a text counts: a text that was agreed to and changed back needs no new yes.
    """
    reports = [case for case in cases if case.kind == case.Kind.VISIT_REPORT]
    if not reports:
        return [[] for _case in cases]
    words: dict[Any, list[HostSignOff]] = defaultdict(list)
    for word in HostSignOff.objects.about_any(reports).answered():
        words[word.translation_key].append(word)
    said = {
        id(case): _of_host(digests, words[case.translation_key])
        for case, digests in zip(reports, digests_of(originals_of(reports)), strict=True)
    }
    return [said.get(id(case), []) for case in cases]


def _of_host(digests: tuple[str, str], words: list[HostSignOff]) -> list[str]:
    last = next((word for word in words if word.content_digest in digests), None)
    if last is None and any(word.answer == word.Answer.AGREED for word in words):
        return [_("The text changed after the host agreed to it: ask the host again.")]
    if last is None:
        return [_("The host has not agreed to this text yet.")]
    if last.answer == last.Answer.REFUSED:
        return [_("The host asks for a change: %(note)s") % {"note": last.note}]
    return []


def _missing_of_case(case: "CasePage") -> list[Fact]:
    return _empty(
        {
            gettext_lazy("municipality"): case.municipality,
            gettext_lazy("product groups"): case.product_groups,
            gettext_lazy("circular strategies"): case.strategies,
            gettext_lazy("context"): strip_tags(case.context).strip(),
            gettext_lazy("approach"): strip_tags(case.approach).strip(),
        }
    )


def _empty(facts: Mapping[Any, object]) -> list[Fact]:
    return [name for name, value in facts.items() if not value]


def _lacking(sentence: str, number: int, name: str, facts: list[Fact]) -> list[str]:
    if not facts:
        return []
    return [sentence % {"number": number, "name": name or _("without a name"), "facts": _listed(facts)}]


def _listed(facts: list[Fact]) -> str:
    return ", ".join(str(fact) for fact in facts)

"""The cases, searched: one address for each question, which works without JavaScript and can be passed on."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from cases import documents
from cases.actions.noting import TooManyNotes, note_sought
from cases.models import CaseIndexPage, CasePage
from cases.search import finding, words
from cases.search.facets import NAMES, unknown_in
from cases.search.finding import Asked

PER_PAGE = 24


def search(request: HttpRequest, page: CaseIndexPage) -> HttpResponse:
    """The index page's own view. GET shows what is found; POST notes what was not."""
    if request.method not in {"GET", "HEAD", "POST"}:
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    asked = Asked.read(request.POST if request.method == "POST" else request.GET)
    answer = finding.answer(asked, CasePage.objects.child_of(page).live().public(), page.locale)
    context: dict[str, Any] = page.get_context(request)
    refused = unknown_in({name: request.GET.getlist(name) for name in NAMES})
    if request.method == "POST":
        context |= _note(asked, answer, page)
    # A form sends its empty fields along: the address people pass on has only what was asked.
    elif not refused and any(not value for name in request.GET for value in request.GET.getlist(name)):
        return HttpResponseRedirect(f"{request.path}?{asked.address}" if asked.address else request.path)
    found = Paginator(range(len(answer.rows)), PER_PAGE).get_page(request.GET.get("page"))
    start = found.start_index() - 1 if answer.rows else 0
    context |= {
        "asked": asked,
        "kept_query": asked.address,  # by the language switch: facets and words are the same in both
        "answer": answer,
        "listing": found,
        "found": answer.load(start, start + PER_PAGE),
        "chips": _chips(asked, answer),
        "refused": [(str(facet.title), ", ".join(values)[:100]) for facet, values in refused if facet.name != "cpv"],
        # Said beside the field it was typed in.
        "refused_cpv": next((", ".join(values)[:100] for facet, values in refused if facet.name == "cpv"), ""),
        "has_no_word": bool(asked.words) and not words.split(asked.words),
        "longest": words.LONGEST,
        "most": documents.MOST,
    }
    return render(request, "cases/case_index_page.html", context)


def _chips(asked: Asked, answer: finding.Answer) -> list[tuple[str, str]]:
    """(what was chosen, the address without it), in the order of the page."""
    return [
        (option.label, asked.without(facet.name, option.value).address)
        for facet in answer.facets
        for option in facet.chosen
    ]


def _note(asked: Asked, answer: finding.Answer, page: CaseIndexPage) -> dict[str, Any]:
    """Only what really finds nothing is noted: whoever posts something else is told what there is."""
    if answer.rows or asked.is_empty:
        return {}
    try:
        note_sought(
            language=page.locale.language_code,
            words=asked.words,
            facets={name: list(values) for name, values in asked.chosen.items()},
            at=timezone.now(),
        )
    except TooManyNotes as refusal:
        return {"not_noted": str(refusal)}
    except ValueError:
        return {}
    return {"is_noted": True}

"""The models of the cases: pages, their parts, what is searched, who agreed."""

from cases.models.pages import CaseIndexPage, CasePage, CasePageQuerySet
from cases.models.parts import (
    CaseDocument,
    CaseImage,
    CaseParty,
    CaseSource,
    ImpactFigure,
    Lesson,
    QuizItem,
)
from cases.models.searching import SearchText, SoughtInVain
from cases.models.signing import HostSignOff

__all__ = [
    "CaseDocument",
    "CaseImage",
    "CaseIndexPage",
    "CasePage",
    "CasePageQuerySet",
    "CaseParty",
    "CaseSource",
    "HostSignOff",
    "ImpactFigure",
    "Lesson",
    "QuizItem",
    "SearchText",
    "SoughtInVain",
]

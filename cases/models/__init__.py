"""The models of the cases: pages, their parts, what is searched, what is checked."""

from cases.models.checking import DeadLink
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
    "DeadLink",
    "HostSignOff",
    "ImpactFigure",
    "Lesson",
    "QuizItem",
    "SearchText",
    "SoughtInVain",
]

"""The house's models: organisations, organiser settings, pages, where they lead, the worker's sign of life."""

from cms.models.heartbeat import DutyRun, Heartbeat
from cms.models.links import OutsideAddress, OutsideLink, PageReading
from cms.models.organisation import Organisation
from cms.models.organiser import OrganiserSettings
from cms.models.pages import BasePage, BelowAHome, HomePage, ResultsPage, StandardPage

__all__ = [
    "BasePage",
    "BelowAHome",
    "DutyRun",
    "Heartbeat",
    "HomePage",
    "Organisation",
    "OrganiserSettings",
    "OutsideAddress",
    "OutsideLink",
    "PageReading",
    "ResultsPage",
    "StandardPage",
]

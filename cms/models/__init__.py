"""The house's models: organisations, organiser settings, pages, the worker's sign of life."""

from cms.models.heartbeat import Heartbeat
from cms.models.organisation import Organisation
from cms.models.organiser import OrganiserSettings
from cms.models.pages import BasePage, HomePage, ResultsPage, StandardPage

__all__ = [
    "BasePage",
    "Heartbeat",
    "HomePage",
    "Organisation",
    "OrganiserSettings",
    "ResultsPage",
    "StandardPage",
]

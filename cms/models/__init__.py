"""The house's models: organisations, settings, pages and where they lead, keys of the API, webhooks, the worker."""

from cms.models.api_tokens import ApiToken, ApiUse, Scope
from cms.models.demo import DemoLoad
from cms.models.heartbeat import DutyRun, Heartbeat
from cms.models.links import OutsideAddress, OutsideLink, PageReading
from cms.models.organisation import Organisation
from cms.models.organiser import OrganiserSettings
from cms.models.outgoing import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from cms.models.pages import BasePage, BelowAHome, HomePage, ResultsPage, StandardPage
from cms.models.unsaved import UnsavedPage

__all__ = [
    "ApiToken",
    "ApiUse",
    "BasePage",
    "BelowAHome",
    "DemoLoad",
    "DutyRun",
    "Heartbeat",
    "HomePage",
    "Organisation",
    "OrganiserSettings",
    "OutsideAddress",
    "OutsideLink",
    "PageReading",
    "ResultsPage",
    "Scope",
    "StandardPage",
    "UnsavedPage",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
]

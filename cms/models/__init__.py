"""The house's models: organisations, organiser settings, pages and where they lead, webhooks, the worker's sign."""

from cms.models.heartbeat import Heartbeat
from cms.models.links import OutsideAddress, OutsideLink, PageReading
from cms.models.organisation import Organisation
from cms.models.organiser import OrganiserSettings
from cms.models.outgoing import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from cms.models.pages import BasePage, HomePage, ResultsPage, StandardPage

__all__ = [
    "BasePage",
    "Heartbeat",
    "HomePage",
    "Organisation",
    "OrganiserSettings",
    "OutsideAddress",
    "OutsideLink",
    "PageReading",
    "ResultsPage",
    "StandardPage",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
]

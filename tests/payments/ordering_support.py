"""A page that offers orders by invoice, and its form as typed."""

import re
from datetime import timedelta
from typing import Any

from django.test import Client

from tests import factories

API = "/api/v1/registrations/"


def page(now: Any, **facts: Any) -> Any:
    days = facts.pop("days", 60)
    event = factories.event(
        **{"price": "95.00", "starts_at": now + timedelta(days=days), "invoice_until_days": 14, **facts}
    )
    return factories.event_page(event)


def typed(**changes: str) -> dict[str, str]:
    """What a browser sends for one person of a town that pays by invoice."""
    fields = {
        "colleagues-TOTAL_FORMS": "0",
        "colleagues-INITIAL_FORMS": "0",
        "first_name": "An",
        "last_name": "Peeters",
        "email": "an@example.org",
        "attends": "on",
        "organisation_name": "Gemeente Proef",
        "organisation_country": "BE",
        "accept_terms": "on",
        "billing": "invoice",
        "billing_kind": "public",
        "billing_name": "Gemeente Proef, dienst aankoop",
        "billing_street": "Markt 1",
        "billing_postal_code": "9000",
        "billing_city": "Gent",
        "billing_country": "",
        "billing_email": "facturen@example.org",
        "enterprise_number": "0198.765.470",
        "vat_number": "BE 0198.765.470",
        "billing_peppol_id": "",
        "purchase_order": "BB-42",
    }
    return fields | changes


def send(client: Client, shown: Any, **changes: str) -> Any:
    return client.post(f"/{shown.locale.language_code}/register/{shown.pk}/", typed(**changes))


def hidden(html: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}

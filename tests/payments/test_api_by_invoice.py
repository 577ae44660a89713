"""Ordering by invoice through the API."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from events.models import Registration
from payments.models import BillingDetails, Invoice
from tests import factories
from tests.payments.ordering_support import API, page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def seller(db: Any) -> Any:
    return factories.seller()


@pytest.fixture
def now() -> Any:
    return timezone.now()


# --- The API --------------------------------------------------------------------------------------------------------


def body(event: Any, **billing: Any) -> dict[str, Any]:
    return {
        "event": event.pk,
        "locale": "en",
        "contact": {"first_name": "An", "last_name": "Peeters", "email": "an@example.org"},
        "organisation": {"name": "Gemeente Proef", "enterprise_number": "0198765470"},
        "attendees": [{"first_name": "An", "last_name": "Peeters", "email": "an@example.org"}],
        "billing": billing,
        "accept_terms": True,
    }


def post(client: Client, data: dict[str, Any]) -> Any:
    return client.post(API, json.dumps(data), content_type="application/json")


def test_the_api_takes_an_order_by_invoice_with_what_the_contract_names(client: Client, now: Any) -> None:
    answer = post(client, body(page(now).event, method="invoice", purchase_order="PO-1"))

    data = answer.json()
    assert (answer.status_code, data["status"], data["checkout_url"], data["hold_expires_at"]) == (
        201,
        "confirmed",
        None,
        None,
    )
    invoice = Invoice.objects.get()
    assert (invoice.purchase_order, invoice.buyer_name, invoice.buyer_enterprise_number) == (
        "PO-1",
        "Gemeente Proef",
        "0198765470",
    )


def test_the_api_takes_the_whole_buyer(client: Client, now: Any) -> None:
    buyer = {
        "method": "invoice",
        "kind": "public",
        "name": "Stad Elders",
        "street": "Plein 2",
        "postal_code": "1000",
        "city": "Brussel",
        "country": "BE",
        "email": "facturen@elders.example",
        "enterprise_number": "0133.444.581",
        "vat_number": "BE0133444581",
        "peppol_id": "0208:0133444581",
        "po_follows": True,
    }
    assert post(client, body(page(now).event, **buyer)).status_code == 201

    details = BillingDetails.objects.get()
    assert (details.name, details.city, details.enterprise_number) == ("Stad Elders", "Brussel", "0133444581")
    assert (details.peppol_id, details.po_follows) == ("0208:0133444581", True)


@pytest.mark.parametrize(
    ("wrong", "location"),
    [
        ({"kind": "private"}, ["kind"]),
        ({"kind": "public"}, ["purchase_order"]),
        ({"vat_number": "BE0198765471"}, ["vat_number"]),
        ({"kind": "crown"}, ["kind"]),
        ({"country": "XX"}, ["country"]),
        ({"email": "nobody"}, ["email"]),
        ({"po_follows": "yes"}, ["po_follows"]),
        ({"purchase_order": "x" * 36}, ["purchase_order"]),
        ({"name": "a\u0000b"}, ["name"]),
        ({"fax": "1"}, ["fax"]),
    ],
    ids=str,
)
def test_the_api_names_the_key_that_is_wrong(client: Client, now: Any, wrong: Any, location: list[str]) -> None:
    answer = post(client, body(page(now).event, **({"method": "invoice"} | wrong)))

    assert answer.status_code == 422
    assert [error["loc"] for error in answer.json()["errors"]] == [["body", "billing", *location]]
    assert Registration.objects.count() == 0


@pytest.mark.parametrize("facts", [{"invoice_until_days": None}, {"days": 14}], ids=str)
def test_the_api_says_that_it_cannot_be_by_invoice(client: Client, now: Any, facts: Any) -> None:
    answer = post(client, body(page(now, **facts).event, method="invoice"))

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["loc"], error["type"]) == (422, ["body", "billing"], "invoice_unavailable")


def test_the_same_key_with_another_buyer_is_another_order(client: Client, now: Any) -> None:
    event = page(now).event
    key = {"headers": {"Idempotency-Key": "k"}, "content_type": "application/json"}
    first = client.post(API, json.dumps(body(event, method="invoice")), **key)
    same = client.post(API, json.dumps(body(event, method="invoice")), **key)
    other = client.post(API, json.dumps(body(event, method="invoice", name="Elders")), **key)

    assert (first.status_code, same.json()["reference"], other.status_code) == (201, first.json()["reference"], 422)
    assert Invoice.objects.count() == 1


def test_the_openapi_document_names_the_keys(client: Client) -> None:
    schemas = client.get("/api/v1/openapi.json").json()["components"]["schemas"]

    assert sorted(schemas["BillingIn"]["properties"]) == sorted(
        [
            *("method", "kind", "name", "street", "postal_code", "city", "country", "email"),
            *("enterprise_number", "vat_number", "peppol_id", "purchase_order", "po_follows"),
        ]
    )

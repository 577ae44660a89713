"""Invoices through the API, with the registration's token or that of the invoices' mails; paying, and paying again."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from events import actions as events
from payments import actions
from payments.addresses import billing_token
from payments.models import Invoice
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/api/v1/registrations/"


@pytest.fixture(autouse=True)
def seller(db):
    return factories.seller()


def by_invoice(now, *, email="an@example.org", purchase_order="PO-1"):
    from events.billing import Billing  # noqa: PLC0415

    event = factories.event(price="95.00", starts_at=now + timedelta(days=60), invoice_until_days=14)
    billing = Billing(
        kind="business",
        name="Proef bv",
        street="Markt 1",
        postal_code="9000",
        city="Gent",
        country="BE",
        email="facturen@example.org",
        enterprise_number="0198765470",
        purchase_order=purchase_order,
    )
    order = factories.order(email=email, language="en", billing_method="invoice", billing=billing)
    return events.register(event=event, order=order, at=now)


def call(client, method, registration, path, token=None, body=None):
    headers = {"Authorization": f"Bearer {registration.manage_token if token is None else token}"}
    url = f"{URL}{registration.reference}/{path}"
    if method == "GET":
        return client.get(url, headers=headers)
    return client.post(url, json.dumps(body or {}), content_type="application/json", headers=headers)


def refusal(answer):
    """Its code: the same at the top and at its place, but for a body that is none."""
    told = answer.json()
    [kind] = {error["type"] for error in told["errors"]}
    assert told["type"] == ("about:blank" if kind == "extra_forbidden" else kind)
    return answer.status_code, kind


def test_an_invoice_is_listed_and_saved_with_either_token(client, now):
    registration = by_invoice(now)
    invoice = Invoice.objects.get()

    for token in (registration.manage_token, registration.mailbox_token, billing_token(registration)):
        answer = call(client, "GET", registration, "documents/", token).json()
        [told] = answer["items"]
        assert (told["number"], told["kind"], told["total_incl_vat"], told["open"]) == (
            invoice.number,
            "invoice",
            "114.95",
            "114.95",
        )
        assert (told["iban"], told["payment_reference"]) == (invoice.seller_iban, invoice.payment_reference)
        assert answer["asks_purchase_order"] is False
        path = told["xml_url"].partition(f"{registration.reference}/")[2]
        xml = call(client, "GET", registration, path, token)
        assert (xml["Content-Type"], xml.content.decode()) == ("application/xml", invoice.ubl)
    pdf = call(client, "GET", registration, f"documents/{invoice.number}/pdf/")
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")


def test_nobody_reads_anothers_documents(client, now):
    mine, other = by_invoice(now), by_invoice(now, email="bo@example.org")
    theirs = Invoice.objects.get(registration=other).number

    assert call(client, "GET", other, "documents/", mine.manage_token).status_code == 401
    assert call(client, "GET", other, f"documents/{theirs}/pdf/", billing_token(mine)).status_code == 401
    assert call(client, "GET", mine, f"documents/{theirs}/pdf/").status_code == 404
    assert call(client, "GET", mine, f"documents/{theirs}/doc/").status_code == 404
    # The token of the invoices' mails opens nothing of the registration itself.
    assert call(client, "GET", mine, "journey/", billing_token(mine)).status_code == 401
    assert call(client, "POST", mine, "cancel/", billing_token(mine)).status_code == 401


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("documents/", "with an invoice, as a bearer token."),
        ("journey/", "or the mailbox token from a mail, as a bearer token."),
        ("my-data/", "the mailbox token. The manage token does not open this."),
    ],
)
def test_a_token_that_is_not_the_one_hears_which_is(path, text, client, now):
    mine, other = by_invoice(now), by_invoice(now, email="bo@example.org")
    token = billing_token(other if path == "documents/" else mine)
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    answer = client.get(f"{URL}{mine.reference}/{path}", headers=headers)

    assert (answer.status_code, answer.json()["type"], answer.json()["detail"].endswith(text)) == (
        401,
        "invalid_token",
        True,
    )


def test_an_open_invoice_is_paid_online_and_a_credited_one_is_not(client, now, stripe):
    registration = by_invoice(now)
    invoice = Invoice.objects.get()
    answer = call(client, "POST", registration, f"documents/{invoice.number}/pay/")
    assert answer.json()["checkout_url"].startswith(stripe.url)

    events.cancel(registration=registration, at=now)
    assert refusal(call(client, "POST", registration, f"documents/{invoice.number}/pay/")) == (409, "nothing_to_pay")
    credit = Invoice.objects.get(kind="credit_note")
    assert refusal(call(client, "POST", registration, f"documents/{credit.number}/pay/")) == (409, "nothing_to_pay")


def test_the_order_number_that_followed_is_written_down_once(client, now):
    registration = by_invoice(now, purchase_order="")
    assert call(client, "GET", registration, "documents/").json()["asks_purchase_order"] is True

    added = call(client, "POST", registration, "purchase-order/", body={"purchase_order": "PO-9"})
    assert (added.status_code, added.json()["asks_purchase_order"]) == (200, False)
    assert [told["kind"] for told in added.json()["items"]] == ["invoice", "credit_note", "invoice"]
    again = call(client, "POST", registration, "purchase-order/", body={"purchase_order": "PO-10"})
    assert again.status_code == 409
    assert call(client, "POST", registration, "purchase-order/", body={"purchase_order": "x" * 36}).status_code == 422


def test_a_payment_page_is_asked_for_again_and_a_service_that_is_silent_is_said(client, now, stripe, settings):
    event = factories.event(price="95.00", starts_at=now + timedelta(days=60))
    registration = events.register(event=event, order=factories.order(language="en"), at=now)
    first = call(client, "POST", registration, "pay/").json()["checkout_url"]
    assert (first.startswith(stripe.url), call(client, "POST", registration, "pay/").json()["checkout_url"]) == (
        True,
        first,
    )

    other = events.register(event=event, order=factories.order(language="en"), at=now)
    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {"STRIPE_API_BASE": "http://127.0.0.1:1"}
    assert refusal(call(client, "POST", other, "pay/")) == (503, "payment_unavailable")


def wants(client, registration):
    """What documents/ and the journey say of the order number, and of paying online."""
    told = call(client, "GET", registration, "documents/").json()
    steps = call(client, "GET", registration, "journey/").json()["steps"]
    return told["asks_purchase_order"], "purchase_order" in steps, told["can_pay_online"]


def give_number(client, registration):
    return call(client, "POST", registration, "purchase-order/", body={"purchase_order": "PO-9"})


def test_the_journey_names_the_order_number_as_long_as_the_documents_ask_it(client, now, stripe):
    registration = by_invoice(now, purchase_order="")
    assert wants(client, registration) == (True, True, True)
    assert give_number(client, registration).status_code == 200
    assert wants(client, registration) == (False, False, True)
    other = by_invoice(now, email="bo@example.org", purchase_order="")
    events.cancel(registration=other, at=now)
    assert wants(client, other) == (False, False, False)


def test_a_free_registration_has_no_invoice_to_put_a_number_on(client, now, stripe):
    event = factories.event(starts_at=now + timedelta(days=60))
    registration = events.register(event=event, order=factories.order(language="en", billing_method="invoice"), at=now)
    free = events.register(event=event, order=factories.order(language="en"), at=now)
    for made in (registration, free):
        assert wants(client, made) == (False, False, False)
        assert refusal(give_number(client, made)) == (409, "nothing_invoiced")
        made.refresh_from_db()
        assert made.purchase_order == ""


def test_nor_has_one_that_is_paid_online(client, now, stripe):
    event = factories.event(price="95.00", starts_at=now + timedelta(days=60))
    registration = events.register(event=event, order=factories.order(language="en"), at=now)
    assert wants(client, registration) == (False, False, False)
    assert refusal(give_number(client, registration)) == (409, "nothing_invoiced")
    payment = actions.start_checkout(registration=registration, at=now)
    stripe.pay(payment.session_id)
    actions.sync_checkout(payment.session_id, at=now)
    registration.refresh_from_db()
    assert registration.status == "confirmed"
    assert wants(client, registration) == (False, False, False)
    assert refusal(give_number(client, registration)) == (409, "nothing_invoiced")
    page = client.get(reverse("payments:billing", args=[billing_token(registration)]))
    assert "purchase_order" not in page.content.decode()

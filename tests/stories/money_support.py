"""What the features about money share: orders, payments through the stand-in, pages and files read."""

import csv
from datetime import timedelta
from io import StringIO

from django.urls import reverse

from events import actions as events
from events.models import Registration
from payments import actions
from payments.models import Refund
from tests import factories


def knock(client, body, signature):
    answer = client.post(
        "/stripe/webhook/", body, content_type="application/json", headers={"Stripe-Signature": signature}
    )
    return answer.status_code


def ordered(now, *, seats=1, **facts):
    """(registration, payment) of a page that is open at Stripe."""
    facts = {"price": "95.00", "starts_at": now + timedelta(days=60)} | facts
    event = facts.pop("event", None) or factories.event(**facts)
    registration = events.register(event=event, order=factories.order(seats=seats), at=now)
    return registration, actions.start_checkout(registration=registration, at=now)


def paid(stripe, now, **facts):
    registration, payment = ordered(now, **facts)
    stripe.pay(payment.session_id)
    actions.sync_checkout(payment.session_id, at=now)
    registration.refresh_from_db()
    payment.refresh_from_db()
    return registration, payment


def carried_out(now):
    for refund in Refund.objects.filter(status="decided"):
        actions.carry_out_refund(refund.pk, at=now)


def come_back(client, registration, payment):
    """The page the buyer sees after paying."""
    query = {"token": registration.manage_token, "session_id": payment.session_id}
    return client.get(reverse("payments:return"), query, follow=True).content.decode()


def review(client, event):
    """The overview somebody sees before ordering."""
    typed = {
        "step": "review",
        "first_name": "An",
        "last_name": "Peeters",
        "email": "an@example.org",
        "attends": "on",
        "organisation_name": "Stad Proef",
        "organisation_country": "BE",
        "accept_terms": "on",
        "colleagues-TOTAL_FORMS": "0",
        "colleagues-INITIAL_FORMS": "0",
    }
    page = client.post(reverse("events:register", args=[event.page_in("nl").pk]), typed).content.decode()
    assert 'id="order"' in page
    return page


def rows_of(client, slug, query=""):
    answer = client.get(f"/admin/reports/{slug}/?export=csv&{query}")
    return list(csv.DictReader(StringIO(b"".join(answer.streaming_content).decode())))


def confirmed_unpaid(now):
    event = factories.event(price="95.00", starts_at=now + timedelta(days=60))
    registration = events.register(event=event, order=factories.order(), at=now)
    Registration.objects.filter(pk=registration.pk).update(status="confirmed", confirmed_at=now, hold_expires_at=None)
    registration.refresh_from_db()
    factories.billing(registration)
    return registration

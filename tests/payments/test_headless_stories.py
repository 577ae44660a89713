"""Whole journeys of a front end that knows the API, what its people's mails say, and nothing else."""

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from datetime import timedelta

import pytest
from django.core import mail

from payments import actions
from payments.models import Refund
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/api/v1/registrations/"


class FrontEnd:
    """Speaks JSON to the API. It has no session, no cookie and no database."""

    def __init__(self, client, at_once):
        self.client, self.at_once = client, at_once

    def ask(self, method, path, body=None, token=""):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        with self.at_once():
            if method == "GET":
                answer = self.client.get(f"{URL}{path}", headers=headers)
            else:
                data = json.dumps(body or {})
                answer = self.client.post(f"{URL}{path}", data, content_type="application/json", headers=headers)
        assert answer.status_code in (200, 201), answer.content
        return answer.json()

    def visit(self, page):
        return self.client.get(f"/api/v1/events/{page.event_id}/?locale=en").json()

    def register(self, visit, name, *, seats=1, **more):
        people = [
            {"first_name": "An", "last_name": f"Nr {place}", "email": f"{name}{place or ''}@example.org"}
            for place in range(seats)
        ]
        body = {
            "event": visit["id"],
            "locale": "en",
            "contact": {"first_name": "An", "last_name": name.title(), "email": f"{name}@example.org"},
            "organisation": {"name": "Stad Proef"},
            "attendees": people,
            "accept_terms": True,
        }
        return self.ask("POST", "", body | more)

    def journey(self, registration, token=""):
        return self.ask("GET", f"{registration['reference']}/journey/", token=token or registration["manage_token"])


@pytest.fixture
def front(client, at_once, settings):
    names = ("manage", "confirm_mailbox", "offer", "approval", "seat")
    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {
        "REGISTRATION_ADDRESSES": {name: f"https://front.example/{{language}}/{name}/{{token}}" for name in names}
    }
    return FrontEnd(client, at_once)


def visit_page(now, **facts):
    return factories.event_page(factories.event(starts_at=now + timedelta(days=60), **facts))


def token_in_mail(address, name):
    """Of the newest mail to this address: the link to the front end's own page, and the token in it."""
    message = next(message for message in reversed(mail.outbox) if message.to == [address])
    found = re.search(rf"https://front\.example/en/{name}/(\S+)", message.body)
    assert found, message.body
    return found.group(1)


def paid_at(checkout_url):
    """What a person does on the hosted page."""
    data = urllib.parse.urlencode({"outcome": "pay"}).encode()
    opener = urllib.request.build_opener(NoRedirect)
    with pytest.raises(urllib.error.HTTPError) as sent_back:
        opener.open(urllib.request.Request(checkout_url, data), timeout=10)
    with sent_back.value as answer:
        return answer.headers["Location"]


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def test_a_free_registration_with_a_colleague_instead(front, now):
    visit = front.visit(visit_page(now))
    made = front.register(visit, "vrij", seats=2)
    assert (made["status"], made["checkout_url"]) == ("confirmed", None)

    second = front.journey(made)["seats"][1]["id"]
    person = {"attendee": second, "first_name": "Cas", "last_name": "Claes", "email": "cas@example.org"}
    changed = front.ask("POST", f"{made['reference']}/substitute/", person, made["manage_token"])
    assert [seat["first_name"] for seat in changed["attendees"]] == ["An", "Cas"]
    own = front.ask("GET", "seat/", token=token_in_mail("cas@example.org", "seat"))
    assert (own["first_name"], own["status"]) == ("Cas", "confirmed")
    front.ask("POST", "seat/cancel/", token=token_in_mail("cas@example.org", "seat"))
    assert [seat["status"] for seat in front.journey(made)["seats"]] == ["confirmed", "cancelled"]


def test_a_paid_registration_is_paid_cancelled_and_given_back(front, now, stripe):
    visit = front.visit(visit_page(now, price="95.00"))
    quote = front.ask(
        "POST",
        "quote/",
        {
            "event": visit["id"],
            "locale": "en",
            "contact": {"first_name": "An", "last_name": "Koper", "email": "koper@example.org"},
            "organisation": {"name": "Stad Proef"},
            "attendees": [{"first_name": "An", "last_name": "Koper", "email": "koper@example.org"}],
            "accept_terms": False,
        },
    )
    assert (quote["total_incl_vat"], [step["status"] for step in quote["ahead"]]) == ("114.95", ["held", "confirmed"])

    made = front.register(visit, "koper")
    assert front.journey(made)["steps"] == ["pay", "substitute", "cancel"]
    again = front.ask("POST", f"{made['reference']}/pay/", token=made["manage_token"])
    assert again["checkout_url"] == made["checkout_url"]
    back = urllib.parse.urlsplit(paid_at(made["checkout_url"]))
    with front.at_once():
        returned = front.client.get(f"{back.path}?{back.query}")
    assert returned["Location"].startswith("https://front.example/en/manage/")
    told = front.journey(made)
    assert (told["status"], told["money"]["paid"], told["money"]["due"]) == ("confirmed", "114.95", "0.00")

    cost = front.ask("GET", f"{made['reference']}/cancellation/", token=made["manage_token"])
    assert (cost["kept"], cost["given_back"]) == ("0.00", "114.95")
    front.ask("POST", f"{made['reference']}/cancel/", token=made["manage_token"])
    actions.carry_out_refund(Refund.objects.get().pk, at=now)
    told = front.journey(made)
    assert (told["status"], told["money"]["refunded"], told["steps"]) == ("cancelled", "114.95", ["register_again"])


def test_the_boss_approves_on_the_front_end_and_then_it_is_paid(front, now, stripe):
    visit = front.visit(visit_page(now, price="95.00"))
    made = front.register(visit, "mia", approver={"name": "Baas Janssens", "email": "baas@example.org"})
    assert (made["status"], made["checkout_url"]) == ("awaiting_approval", None)

    token = token_in_mail("baas@example.org", "approval")
    question = front.ask("GET", "approval/", token=token)
    assert (question["state"], question["asked_by"], question["total_incl_vat"]) == ("open", "An Mia", "114.95")
    assert front.ask("POST", "approval/", {"answer": "approve"}, token)["state"] == "approved"

    assert front.journey(made)["steps"][0] == "pay"
    paid_at(front.ask("POST", f"{made['reference']}/pay/", token=made["manage_token"])["checkout_url"])
    payment_token = token_in_mail("mia@example.org", "manage")
    assert payment_token == made["manage_token"]


def test_a_mailbox_is_confirmed_by_the_link_in_the_mail(front, now):
    scheme = factories.scheme()
    factories.member(scheme, domain="example.org")
    made = front.register(front.visit(visit_page(now, scheme=scheme)), "lid")
    assert made["status"] == "unconfirmed_email"

    token = token_in_mail("lid@example.org", "confirm_mailbox")
    assert front.ask("POST", f"{token.partition('.')[0]}/confirm/", token=token)["status"] == "confirmed"
    assert front.ask("GET", f"{made['reference']}/my-data/", token=token)["email"] == "lid@example.org"


def test_the_line_moves_up_an_offer_is_accepted_and_another_declined(front, now):
    visit = front.visit(visit_page(now, capacity=1, waiting_list=True))
    first = front.register(visit, "eerst")
    second, third = front.register(visit, "tweede"), front.register(visit, "derde")
    assert [second["status"], third["place_in_line"]] == ["waiting", 2]

    front.ask("POST", f"{first['reference']}/cancel/", token=first["manage_token"])
    offered = token_in_mail("tweede@example.org", "offer")
    assert front.journey(second, offered)["steps"][0] == "answer_offer"
    declined = front.ask("POST", f"{second['reference']}/offer/", {"answer": "decline"}, offered)
    assert declined["status"] == "cancelled"

    assert front.journey(third)["offer"]["seats"] == 1
    taken = front.ask("POST", f"{third['reference']}/offer/", {"answer": "accept"}, third["manage_token"])
    assert (taken["status"], taken["checkout_url"]) == ("confirmed", None)


def test_a_purchase_order_follows_and_the_invoice_is_saved(front, now):
    factories.seller()
    visit = front.visit(visit_page(now, price="95.00", invoice_until_days=14))
    buyer = {
        "method": "invoice",
        "kind": "public",
        "name": "Stad Proef",
        "street": "Markt 1",
        "postal_code": "9000",
        "city": "Gent",
        "email": "facturen@example.org",
        "enterprise_number": "0198765470",
        "po_follows": True,
    }
    made = front.register(visit, "factuur", billing=buyer)
    assert made["status"] == "confirmed"
    waiting = front.ask("GET", f"{made['reference']}/documents/", token=made["manage_token"])
    assert (waiting["items"], waiting["asks_purchase_order"], bool(waiting["waits_for_order_until"])) == (
        [],
        True,
        True,
    )

    number = {"purchase_order": "BB-42"}
    told = front.ask("POST", f"{made['reference']}/purchase-order/", number, made["manage_token"])
    [document] = told["items"]
    path = document["pdf_url"].partition("/registrations/")[2]
    headers = {"Authorization": f"Bearer {made['manage_token']}"}
    assert front.client.get(f"{URL}{path}", headers=headers).content[:5] == b"%PDF-"

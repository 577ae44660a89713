"""To whom a registration is billed; and the register of VAT numbers, which is asked, noted, and never waited for."""

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from events.actions.forgetting import erase_person
from events.billing import Billing, checked
from payments import duties, vies
from payments.actions import issue_invoice, record_vies, set_billing
from payments.billing import billing_of
from payments.models import BillingDetails
from tests import factories
from tests.conftest import NOON
from tests.payments.documents_support import registration

pytestmark = pytest.mark.django_db

COMPANY = {
    "kind": "business",
    "name": "Voorbeeld nv",
    "street": "Kaai 5",
    "postal_code": "9000",
    "city": "Gent",
    "country": "BE",
    "email": "facturen@example.org",
}


@pytest.mark.parametrize(
    ("country", "number", "fits"),
    [
        ("BE", "BE0123456749", True),
        ("BE", "NL123456782B12", False),
        ("NL", "NL123456782B12", True),
        ("NL", "BE0123456749", False),
        ("GR", "EL094259216", True),
        ("GR", "BE0123456749", False),
        ("GB", "XI432525179", True),
        ("GB", "BE0123456749", False),
        ("IE", "XI432525179", False),
        ("CH", "NL123456782B12", True),  # has none of the Union's own: where it registered
        ("BE", "", True),
    ],
)
def test_a_vat_number_is_of_the_buyers_country(country, number, fits):
    billing = Billing(name="Voorbeeld nv", country=country, vat_number=number)

    _checked, problems = checked(billing, by_invoice=False)

    assert ("vat_number" in problems) == (not fits)


def test_the_form_says_at_the_field_what_a_number_of_this_country_begins_with():
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        BillingDetails(registration=registration(), **{**COMPANY, "vat_number": "NL123456782B12"}).full_clean()

    (told,) = refused.value.message_dict["vat_number"]
    assert told.startswith("NL123456782B12 is not a VAT number of this country: here it begins with BE.")


class Register:
    """A register of our own on a loopback port, that answers what it is told to and remembers who asked."""

    def __init__(self) -> None:
        self.answers: tuple[int, bytes] = (200, b"{}")
        self.asked: list[str] = []
        register = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                register.asked.append(self.path)
                status, body = register.answers
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/rest-api"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def says(self, status: int = 200, **body: Any) -> None:
        self.answers = (status, json.dumps(body).encode())


@pytest.fixture
def register(settings: Any) -> Iterator[Register]:
    made = Register()
    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {"VIES_URL": made.url}
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_billing_details_go_before_what_the_registration_says() -> None:
    one = registration()
    before = billing_of(one)
    set_billing(registration=one, at=NOON, **COMPANY, enterprise_number="0198.765.470", po_follows=True)

    after = billing_of(one)

    assert (before.name, before.street, before.email) == ("Gemeente Proef", "", one.email)
    assert (after.name, after.street, after.email) == ("Voorbeeld nv", "Kaai 5", "facturen@example.org")
    assert (after.enterprise_number, after.contact, after.po_follows) == ("0198765470", "An Peeters", True)


def test_billing_details_are_changed_in_place_and_a_mailbox_is_optional() -> None:
    one = registration()
    set_billing(registration=one, at=NOON, **COMPANY)
    set_billing(registration=one, at=NOON, name="Voorbeeld bv", email="")

    assert BillingDetails.objects.get().name == "Voorbeeld bv"
    assert billing_of(one).email == one.email


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"vat_number": "BE0198765471"}, "vat_number"),
        ({"enterprise_number": "0198765471"}, "enterprise_number"),
        ({"peppol_id": "0208:0198765471"}, "peppol_id"),
        ({"peppol_id": "facturen"}, "peppol_id"),
        ({"email": "facturen"}, "email"),
        ({"name": ""}, "name"),
        ({"kind": "public", "purchase_order": ""}, "purchase_order"),
    ],
)
def test_what_is_wrong_is_named_by_its_field_and_nothing_is_written(wrong: dict[str, str], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        set_billing(registration=registration(), at=NOON, **(COMPANY | wrong))

    assert list(refused.value.message_dict) == [field]
    assert not BillingDetails.objects.exists()


def test_a_public_body_may_say_that_its_order_number_follows() -> None:
    made = set_billing(registration=registration(), at=NOON, **(COMPANY | {"kind": "public", "po_follows": True}))

    assert (made.kind, made.po_follows) == ("public", True)


@pytest.mark.parametrize(
    ("status", "body", "state", "text"),
    [
        (200, {"isValid": True, "userError": "VALID", "name": "VOORBEELD NV"}, "valid", "VOORBEELD NV"),
        (200, {"isValid": True, "userError": "VALID", "name": "---"}, "valid", "VALID"),
        (200, {"isValid": False, "userError": "INVALID"}, "invalid", "INVALID"),
        (200, {"isValid": False, "userError": "MS_UNAVAILABLE"}, "unavailable", "MS_UNAVAILABLE"),
        (200, {"isValid": False, "userError": "MS_MAX_CONCURRENT_REQ"}, "unavailable", "MS_MAX_CONCURRENT_REQ"),
        (500, {}, "unavailable", "HTTPError"),
        (200, {"something": "else"}, "unavailable", "KeyError"),
    ],
)
def test_the_registers_answer_is_noted_with_its_time(
    register: Register,
    django_capture_on_commit_callbacks: Any,
    status: int,
    body: dict[str, Any],
    state: str,
    text: str,
) -> None:
    register.says(status, **body)

    with django_capture_on_commit_callbacks(execute=True):
        set_billing(registration=registration(), at=NOON, **COMPANY, vat_number="BE 0198.765.470")

    made = BillingDetails.objects.get()
    assert register.asked == ["/rest-api/ms/BE/vat/0198765470"]
    assert (made.vies, made.vies_asked_at is not None) == (state, True)
    assert made.vies_answer.startswith(text)


def test_a_register_that_is_away_or_talks_nonsense_keeps_nobody_from_ordering(
    settings: Any, register: Register, django_capture_on_commit_callbacks: Any
) -> None:
    register.answers = (200, b"<html>maintenance</html>")
    assert vies.ask("BE0198765470").state == "unavailable"
    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {"VIES_URL": "http://127.0.0.1:1/rest-api"}

    with django_capture_on_commit_callbacks(execute=True):
        made = set_billing(registration=registration(), at=NOON, **COMPANY, vat_number="BE0198765470")

    made.refresh_from_db()
    assert made.vies == "unavailable"


def test_the_register_is_asked_once_a_number_and_not_at_all_when_switched_off(
    settings: Any, register: Register, django_capture_on_commit_callbacks: Any
) -> None:
    register.says(isValid=True, userError="VALID", name="VOORBEELD NV")
    one = registration()
    with django_capture_on_commit_callbacks(execute=True):
        set_billing(registration=one, at=NOON, **COMPANY, vat_number="BE0198765470")
        set_billing(registration=one, at=NOON, city="Aalst")
    assert (len(register.asked), BillingDetails.objects.get().vies) == (1, "valid")

    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {"VIES_URL": ""}
    with django_capture_on_commit_callbacks(execute=True):
        set_billing(registration=one, at=NOON, vat_number="BE0123456749")

    assert (len(register.asked), BillingDetails.objects.get().vies) == (1, "")


def test_an_answer_about_a_number_that_was_changed_meanwhile_is_not_noted() -> None:
    made = set_billing(registration=registration(), at=NOON, **COMPANY, vat_number="BE0198765470")

    assert not record_vies(pk=made.pk, vat_number="BE0123456749", state="invalid", answer="", at=NOON)

    made.refresh_from_db()
    assert made.vies == ""


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"iban": "BE17999123456722"}, "iban"),
        ({"bic": "NO"}, "bic"),
        ({"vat_number": "BE0123456740"}, "vat_number"),
        ({"invoice_prefix": "f1"}, "invoice_prefix"),
        ({"invoice_prefix": "C"}, "__all__"),
    ],
)
def test_the_sellers_own_numbers_are_checked(wrong: dict[str, str], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        factories.seller(**wrong)

    assert list(refused.value.message_dict) == [field]


def test_billing_details_are_forgotten_with_their_people_and_the_invoice_stays() -> None:
    factories.seller()
    one = registration()
    factories.billing(one)
    invoice = issue_invoice(registration=one, at=NOON)
    assert duties.forget_billing(at=NOON) is None
    after_the_visit = NOON + timedelta(days=800)

    erase_person(email=one.email, at=after_the_visit)
    duties.forget_billing(at=after_the_visit)

    invoice.refresh_from_db()
    assert not BillingDetails.objects.exists()
    assert (invoice.buyer_name, invoice.lines.get().description) == (
        "Gemeente Proef, dienst aankoop",
        "Kostprijs: An Peeters",
    )

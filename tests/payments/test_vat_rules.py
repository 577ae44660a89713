"""VAT rules are data between dates: they propose and warn; what a visit says and what was issued stays."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from events.models import Event
from payments.actions import issue_credit_note, issue_invoice
from payments.models import (
    VatRule,
)
from payments.vat import departures
from tests import factories
from tests.conftest import NOON
from tests.payments.documents_support import registration, vat_rules

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=10)


@pytest.fixture(autouse=True)
def seller(db: Any) -> Any:
    vat_rules()
    return factories.seller()


@pytest.mark.parametrize(
    ("country", "seller_status", "expected"),
    [
        ("BE", "liable", ("S", "21.00")),
        ("NL", "liable", ("S", "21.00")),
        ("BE", "exempt", ("E", "0.00")),
        ("BE", "small", ("E", "0.00")),
        ("FR", "liable", None),
    ],
)
def test_a_rule_answers_for_country_and_seller(country: str, seller_status: str, expected: Any) -> None:
    rule = VatRule.objects.case(country=country, seller=seller_status, buyer="public", day=date(2027, 1, 22))

    assert (rule and (rule.category, str(rule.rate))) == expected


def test_rules_are_dated_and_one_for_a_kind_of_buyer_goes_first() -> None:
    VatRule.objects.filter(event_country="NL", supply="admission").update(valid_to=date(2026, 12, 31))
    common = {"event_country": "NL", "seller_status": "liable", "category": "S"}
    VatRule.objects.create(**common, rate="9.00", valid_from=date(2027, 1, 1))
    VatRule.objects.create(**common, rate="6.00", valid_from=date(2027, 1, 1), buyer_kind="private")

    def rate(buyer: str, day: date) -> str:
        rule = VatRule.objects.case(country="NL", seller="liable", buyer=buyer, day=day)
        return str(rule.rate) if rule else ""

    assert rate("public", date(2026, 12, 31)) == "21.00"
    assert rate("public", date(2027, 1, 1)) == "9.00"
    assert rate("private", date(2027, 1, 1)) == "6.00"


def test_a_visit_whose_vat_is_not_the_rules_is_named_with_why() -> None:
    factories.event(price="95.00", name="Goed")
    factories.event(price="95.00", name="Verkeerd tarief", vat_rate=Decimal("6.00"))
    factories.event(price="95.00", name="Verkeerd land", vat_country="NL")
    factories.event(price="95.00", name="Geen regel", country="FR", vat_country="FR")
    factories.event(price="0.00", name="Gratis", vat_rate=Decimal("6.00"))

    found = {departure.event.name: departure.text for departure in departures(at=NOON)}

    assert set(found) == {"Verkeerd tarief", "Verkeerd land", "Geen regel"}
    assert "S 6 %" in found["Verkeerd tarief"]
    assert "S 21 %" in found["Verkeerd tarief"]


def test_changing_the_rate_does_not_change_what_was_issued() -> None:
    one = registration()
    invoice = issue_invoice(registration=one, at=NOON)

    Event.objects.update(vat_rate=Decimal("6.00"))
    note = issue_credit_note(invoice=invoice, reason="Fout.", at=NOON)

    assert [(row.rate, row.tax) for row in note.vat_lines.all()] == [(Decimal("21.00"), Decimal("19.95"))]

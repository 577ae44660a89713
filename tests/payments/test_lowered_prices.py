"""An organiser lets somebody pay less: what was paid too much goes back, what an invoice asks too much is credited."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from events import actions as events
from events import letters
from events.models import Attendee, CancellationStep, Letter, Registration
from events.refusals import NothingToChange, NotLower, UnknownAttendee
from payments import actions, duties
from payments.dues import balance
from payments.models import Invoice, Payment, Refund
from payments.open_items import open_amount
from tests import factories
from tests.payments.by_invoice_support import order as invoice_order

pytestmark = pytest.mark.django_db
Status = Registration.Status
PRICE = Decimal("114.95")


@pytest.fixture(autouse=True)
def seller(db: Any) -> Any:
    return factories.seller()


@pytest.fixture
def event(now: Any) -> Any:
    return factories.event(price="95.00", starts_at=now + timedelta(days=40), invoice_until_days=2)


def ordered(event: Any, now: Any, **order: Any) -> Any:
    return events.register(event=event, order=factories.order(**order), at=now)


def paid(event: Any, now: Any, stripe: Any, **order: Any) -> Any:
    registration = ordered(event, now, **order)
    payment = actions.start_checkout(registration=registration, at=now)
    stripe.pay(payment.session_id)
    actions.sync_checkout(payment.session_id, at=now)
    return Registration.objects.get(pk=registration.pk)


def lower(registration: Any, now: Any, *amounts: str) -> Any:
    """The amounts of the seats in their order; "-" leaves one as it is."""
    seats = registration.attendees.order_by("pk")
    chosen = {seat.pk: Decimal(amount) for seat, amount in zip(seats, amounts, strict=True) if amount != "-"}
    return events.lower_prices(registration=registration, amounts=chosen, at=now, by=None, why="Afgesproken.")


def given_back() -> list[tuple[str, Decimal]]:
    return list(Refund.objects.order_by("pk").values_list("status", "amount"))


def test_what_was_paid_beyond_the_lower_price_goes_back_and_is_credited(event, now, stripe, notify):
    registration = paid(event, now, stripe, seats=2)

    lower(registration, now, "60.50", "-")
    duties.carry_out_refunds(at=now)
    notify("refund.created")

    first, second = registration.attendees.order_by("pk")
    assert (first.price_excl_vat, first.price_incl_vat, second.price_incl_vat) == (50, Decimal("60.50"), PRICE)
    assert (given_back(), balance(registration)) == ([("succeeded", Decimal("54.45"))], 0)
    assert Invoice.objects.get(kind="credit_note").gross == Decimal("54.45")
    assert "Afgesproken." in letters.message(registration.letters.get(kind="price_lowered"), at=now).body


def test_what_an_invoice_asks_beyond_it_is_credited_and_not_asked_again(event, now):
    registration = ordered(event, now, billing_method="invoice")
    invoice = Invoice.objects.get()

    lower(registration, now, "14.95")
    actions.document(registration=registration, reason="price_changed", at=now)

    assert (open_amount(invoice), balance(registration)) == (Decimal("14.95"), Decimal("14.95"))
    assert [document.gross for document in Invoice.objects.order_by("pk")] == [PRICE, Decimal("100.00")]


def test_who_pays_nothing_any_more_before_paying_has_the_seat(event, now):
    registration = ordered(event, now)

    lower(registration, now, "0")

    registration.refresh_from_db()
    assert (registration.status, registration.total_incl_vat) == (Status.CONFIRMED, 0)


def test_who_still_has_to_pay_is_asked_the_lower_price(event, now, stripe):
    registration = ordered(event, now)
    actions.start_checkout(registration=registration, at=now)

    lower(registration, now, "60.50")
    payment = actions.start_checkout(registration=registration, at=now)

    assert (payment.amount, Payment.objects.under_way().count()) == (Decimal("60.50"), 1)


def test_what_the_ladder_kept_of_a_cancelled_seat_can_be_given_back_too(event, now, stripe, notify):
    CancellationStep.objects.create(event=event, days_before=60, fee_percent=100)
    registration = paid(event, now, stripe)
    events.cancel(registration=registration, at=now)
    assert given_back() == []

    lower(registration, now, "0")
    duties.carry_out_refunds(at=now)

    assert [amount for _status, amount in given_back()] == [PRICE]
    assert Attendee.objects.get().owed == 0
    letter = letters.message(registration.letters.get(kind="price_lowered"), at=now)
    assert "€ 0,00" in letter.body.replace("\xa0", " ")


@pytest.mark.parametrize("amount", ["114.95", "200.00", "-1", "10.005"])
def test_an_amount_that_lowers_nothing_is_refused_and_changes_nothing(event, now, amount):
    registration = ordered(event, now)

    with pytest.raises(NotLower, match="114,95"):
        lower(registration, now, amount)

    assert Attendee.objects.get().price_incl_vat == PRICE


def test_without_a_seat_or_with_somebody_elses_nothing_is_lowered(event, now):
    registration, other = ordered(event, now), ordered(event, now)

    with pytest.raises(NothingToChange):
        lower(registration, now, "-")
    with pytest.raises(UnknownAttendee):
        seat = other.attendees.get().pk
        events.lower_prices(registration=registration, amounts={seat: Decimal(1)}, at=now, by=None, why="x")


def test_what_finance_credited_by_hand_of_an_open_invoice_is_not_asked_on_the_page_either(event, now):
    registration = ordered(event, now, billing_method="invoice")
    invoice, seat = Invoice.objects.get(), registration.attendees.get()

    amounts = {seat.pk: Decimal("100.00")}
    actions.issue_credit_note(invoice=invoice, amounts=amounts, reason="Goodwill.", cause="manual-1-x", at=now)

    assert (open_amount(invoice), balance(registration)) == (Decimal("14.95"), Decimal("14.95"))


# --- The screen -----------------------------------------------------------------------------------------------------


def test_an_organiser_reads_what_goes_back_and_what_is_lost_before_lowering_a_price(event, now, stripe, client):
    registration = paid(event, now, stripe)
    seat = registration.attendees.get()
    client.force_login(factories.user("Organisers"))
    url = reverse("tour_registrations:lower", args=[registration.pk])
    asked = {f"seat_{seat.pk}": "60.50", "why": "Afgesproken."}

    page = client.post(url, asked)
    said = page.context["warnings"]
    assert [text.replace("\xa0", " ") for text in said] == [
        "€ 54,45 gaat terug naar wie betaalde.",
        "De betaaldienst hield € 1,97 van wat betaald werd, en geeft dat niet terug.",
    ]
    assert (Refund.objects.count(), Attendee.objects.get().price_incl_vat) == (0, PRICE)
    client.post(url, asked | {"seen": page.context["seen"]})

    assert (given_back(), Attendee.objects.get().price_incl_vat) == ([("decided", Decimal("54.45"))], Decimal("60.50"))


def test_nothing_filled_in_and_an_amount_too_high_are_explained(event, now, client):
    seat = ordered(event, now).attendees.get()
    client.force_login(factories.user("Organisers"))
    url = reverse("tour_registrations:lower", args=[seat.registration_id])

    empty = client.post(url, {"why": "x"})
    high = client.post(url, {f"seat_{seat.pk}": "200", "why": "x"})

    assert empty.context["form"].non_field_errors() == ["Vul de nieuwe prijs van minstens één plaats in."]
    assert "An Peeters: vul een bedrag in onder de" in high.context["form"].non_field_errors()[0]


# --- Before seats are cancelled ---------------------------------------------------------------------------------------
def test_before_one_registration_is_cancelled_the_organiser_reads_what_stays_what_goes_and_who_is_told(
    client: Any, event: Any, now: Any, stripe: Any
) -> None:
    client.force_login(factories.user("Organisers"))
    CancellationStep.objects.create(event=event, days_before=60, fee_percent=50)
    registration = paid(event, now, stripe, seats=2)
    url = reverse("tour_registrations:cancel", args=[registration.pk])
    first = str(registration.attendees.order_by("pk")[0].pk)
    counts = [model.objects.count() for model in (Refund, Letter)]

    by_terms = client.post(url, {"seats": [first]})
    for_free = client.post(url, {"seats": [first], "free_of_charge": "on"})

    assert [model.objects.count() for model in (Refund, Letter)] == counts
    told = by_terms.context["warnings"][2:]
    assert [said.replace("\xa0", " ") for said in by_terms.context["warnings"]] == [
        "Van € 114,95 voor deze plaatsen wordt € 57,48 gehouden.",
        "€ 57,47 gaat terug naar wie betaalde.",
        *told,
    ]
    assert for_free.context["warnings"][1].replace("\xa0", " ") == "€ 114,95 gaat terug naar wie betaalde."
    assert registration.attendees.live().count() == 2
    client.post(url, {"seats": [first], "seen": by_terms.context["seen"]})
    assert given_back()[0][1] == Decimal("57.47")
    written = Letter.objects.order_by("pk")[counts[1] :].count()
    assert told[0].startswith(f"Er vertrek{'t' if written == 1 else 'ken'} {written} mail")


def test_before_seats_by_invoice_are_cancelled_the_organiser_reads_what_is_credited(
    client: Any, event: Any, now: Any
) -> None:
    client.force_login(factories.user("Organisers"))
    registration = events.register(event=event, order=invoice_order(2), at=now)
    url = reverse("tour_registrations:cancel", args=[registration.pk])
    seats = [str(seat.pk) for seat in registration.attendees.all()]

    asked = client.post(url, {"seats": seats})

    assert [said.replace("\xa0", " ") for said in asked.context["warnings"]][:3] == [
        "Van € 229,90 voor deze plaatsen wordt € 0,00 gehouden.",
        "€ 0,00 gaat terug naar wie betaalde.",
        "€ 229,90 van de factuur wordt gecrediteerd.",
    ]
    assert Invoice.objects.count() == 1

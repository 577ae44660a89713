"""Money assigned to a wrong invoice is taken back on screen: once, by the books, with who and why, and can go on."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.test import Client

from events import actions as events
from events.models import Letter, Registration
from payments import actions
from payments.actions.closing import close_month
from payments.bank_questions import tie
from payments.chain import chain_of
from payments.dues import balance
from payments.models import BankLink, BankTransaction, Concern, Invoice, LedgerEntry, LedgerLine, Payment, Refund
from payments.movements import Period, vat_by_rate
from payments.open_items import open_amount
from payments.reports import PaidTicketFilters, paid_tickets, totals
from tests import factories
from tests.concurrency import at_once
from tests.payments.statements_support import OWN, camt, entry

PRICE = Decimal("114.95")
MOVEMENTS = "/admin/bank-movements/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _seller():
    factories.seller()


def open_invoice(at, seats=1):
    event = factories.event(price="95.00", starts_at=at + timedelta(days=60), capacity=100)
    registration = events.register(event=event, order=factories.order(seats=seats), at=at)
    Registration.objects.filter(pk=registration.pk).update(status="confirmed", confirmed_at=at, hold_expires_at=None)
    registration.refresh_from_db()
    factories.billing(registration)
    return actions.issue_invoice(registration=registration, at=at)


def bring(at, *entries, **facts):
    actions.import_statement(content=camt(*entries, **facts), file_name="", by=None, at=at)
    return BankTransaction.objects.order_by("pk").last()


def assigned(at, by, amount="114.95"):
    """(the movement, its wrong invoice, the payment)"""
    wrong = open_invoice(at)
    movement = bring(at, entry(amount))
    payment = actions.assign(movement=movement, invoice=wrong, by=by, remark="Zelfde bedrag.", at=at)
    return movement, wrong, payment


@pytest.fixture
def finance():
    return factories.user("Finance")


def state(movement):
    found = BankTransaction.objects.with_state().get(pk=movement.pk)
    return found.booked, found.in_suspense


def test_a_seat_whose_only_payment_was_taken_back_is_no_paid_ticket(at, finance):
    _movement, _wrong, payment = assigned(at, finance)
    assert totals(paid_tickets(PaidTicketFilters())).tickets == 1

    actions.take_back(payment=payment, by=finance, remark="Was voor een ander bezoek.", at=at)

    assert list(paid_tickets(PaidTicketFilters())) == []


def test_the_invoice_is_open_again_and_the_money_waits_to_be_assigned(at, finance):
    movement, wrong, payment = assigned(at, finance)
    assert (open_amount(wrong), balance(wrong.registration)) == (0, 0)

    actions.take_back(payment=payment, by=finance, remark="Was voor een ander bezoek.", at=at)

    payment.refresh_from_db()
    assert (payment.status, payment.pays, payment.note) == ("taken_back", wrong, "Was voor een ander bezoek.")
    assert (open_amount(wrong), balance(wrong.registration)) == (PRICE, PRICE)
    assert state(movement) == (PRICE, PRICE)
    assert Concern.objects.open().get().kind == "unknown_money"
    assert tie(OWN).difference == 0


def test_the_ledger_is_added_to_and_says_the_opposite_seat_by_seat(at, finance):
    _movement, wrong, payment = assigned(at, finance)
    before = list(LedgerEntry.objects.order_by("pk").values())

    actions.take_back(payment=payment, by=finance, remark="Fout.", at=at)

    assert list(LedgerEntry.objects.order_by("pk").values())[: len(before)] == before
    told = LedgerEntry.objects.filter(payment=payment).order_by("pk").values_list("kind", "amount", "account")
    assert list(told) == [("payment", PRICE, "bank"), ("payment", -PRICE, "bank")]
    lines = LedgerLine.objects.filter(entry__payment=payment, attendee=wrong.registration.attendees.get())
    assert list(lines.order_by("pk").values_list("net", "vat", "gross")) == [
        (Decimal("95.00"), Decimal("19.95"), PRICE),
        (Decimal("-95.00"), Decimal("-19.95"), -PRICE),
    ]
    assert LedgerEntry.objects.aggregate(total=Sum("amount"))["total"] == 1000 + PRICE
    assert [row["vat_left"] for row in vat_by_rate(Period())] == [0]
    assert chain_of(wrong.registration).ties


def test_it_is_assigned_to_the_right_invoice_afterwards(at, finance):
    movement, wrong, payment = assigned(at, finance)
    right = open_invoice(at)
    actions.take_back(payment=payment, by=finance, remark="Fout.", at=at)

    actions.assign(movement=movement, invoice=right, by=finance, remark="Zoals zij schreven.", at=at)

    assert (open_amount(wrong), open_amount(right), state(movement)) == (PRICE, 0, (PRICE, 0))
    assert not Concern.objects.open().exists()
    assert tie(OWN).difference == 0


def test_what_paid_by_its_structured_communication_can_be_taken_back_too(at, finance):
    """A payer takes the communication of another invoice: as wrong as a person's click."""
    wrong = open_invoice(at)
    movement = bring(at, entry("114.95", structured=wrong.payment_reference))

    actions.take_back(payment=wrong.paid_by.get(), by=finance, remark="Verkeerde mededeling.", at=at)

    assert (open_amount(wrong), state(movement)) == (PRICE, (PRICE, PRICE))


def test_of_a_movement_for_two_invoices_only_the_wrong_one_is_taken_back(at, finance):
    good, wrong = open_invoice(at), open_invoice(at)
    movement = bring(at, entry("200.00"))
    actions.assign(movement=movement, invoice=good, by=finance, remark="", at=at)
    payment = actions.assign(movement=movement, invoice=wrong, by=finance, remark="", at=at)

    actions.take_back(payment=payment, by=finance, remark="Fout.", at=at)

    assert (open_amount(good), open_amount(wrong)) == (0, PRICE)
    assert state(movement) == (200, Decimal("85.05"))


@pytest.mark.parametrize("deed", [actions.note_sent_back, actions.note_not_ours])
def test_the_same_can_be_said_again_of_what_was_taken_back(at, finance, deed):
    movement, _wrong, payment = assigned(at, finance, amount="200.00")
    deed(movement=movement, by=finance, remark="De rest.", at=at)
    actions.take_back(payment=payment, by=finance, remark="Fout.", at=at)

    deed(movement=movement, by=finance, remark="Toch alles.", at=at)

    assert state(movement)[1] == 0
    dealt_with = LedgerEntry.objects.filter(kind="matched").exclude(source__contains=f"-{payment.pk}")
    assert dealt_with.aggregate(total=Sum("amount"))["total"] == -200
    assert tie(OWN).difference == 0


def test_who_took_it_back_and_why_stands_on_the_page_of_the_movement(at, finance):
    movement, wrong, payment = assigned(at, finance)
    client = Client()
    client.force_login(finance)
    page = f"{MOVEMENTS}inspect/{movement.pk}/"
    assert "Zelfde bedrag." in client.get(page).content.decode()

    client.post(f"{MOVEMENTS}take-back/{movement.pk}/{payment.pk}/", {"reason": "Was voor een ander."})

    said = client.get(page).content.decode()
    assert said.count("Was voor een ander.") == 2 and "Zelfde bedrag." in said
    assert f"{wrong.number}" in said
    assert set(BankLink.objects.filter(remark="Was voor een ander.").values_list("linked_by", flat=True)) == {
        finance.pk
    }
    assert "take-back" not in said  # nothing to take back any more


def test_without_a_reason_nothing_happens(at, finance):
    movement, wrong, payment = assigned(at, finance)
    client = Client()
    client.force_login(finance)

    client.post(f"{MOVEMENTS}take-back/{movement.pk}/{payment.pk}/", {"reason": " "})
    with pytest.raises(actions.CannotBook):
        actions.take_back(payment=payment, by=finance, remark="", at=at)

    assert open_amount(wrong) == 0


@pytest.mark.parametrize("group", ["Organisers", "Editors"])
def test_only_finance_takes_back(at, finance, group):
    movement, wrong, payment = assigned(at, finance)
    client = Client()
    client.force_login(factories.user(group))

    answer = client.post(f"{MOVEMENTS}take-back/{movement.pk}/{payment.pk}/", {"reason": "Fout."})

    assert (answer.status_code, open_amount(wrong)) == (302, 0)


def test_a_payment_is_taken_back_on_the_page_of_its_own_movement_only(at, finance):
    _movement, _wrong, payment = assigned(at, finance)
    other = bring(at, entry("5.00"), opening="1114.95", name="2027-002")
    client = Client()
    client.force_login(finance)

    assert client.post(f"{MOVEMENTS}take-back/{other.pk}/{payment.pk}/", {"reason": "x"}).status_code == 404


def test_in_a_closed_month_it_is_booked_in_the_month_that_is_open(at, finance):
    _movement, wrong, payment = assigned(at, finance)
    later = at + timedelta(days=60)
    close_month(month=date(2027, 1, 1), by=finance, at=later)

    actions.take_back(payment=payment, by=finance, remark="Fout.", at=later)

    days = LedgerEntry.objects.filter(payment=payment).order_by("pk").values_list("booked_on", flat=True)
    assert list(days) == [date(2027, 1, 20), date(2027, 2, 1)]
    assert open_amount(wrong) == PRICE


def test_what_was_given_back_or_is_to_be_cannot_be_taken_back(at, finance):
    _movement, wrong, payment = assigned(at, finance)
    events.cancel(registration=wrong.registration, at=at)
    assert Refund.objects.get().payment == payment

    with pytest.raises(actions.CannotBook):
        actions.take_back(payment=payment, by=finance, remark="Fout.", at=at)


def test_money_that_came_through_stripe_is_not_taken_back_here(at, finance):
    registration = events.register(event=factories.event(price="95.00"), order=factories.order(), at=at)
    factories.pay(registration, at=at)

    with pytest.raises(actions.CannotBook):
        actions.take_back(payment=Payment.objects.get(), by=finance, remark="Fout.", at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.update(status="taken_back")


def test_the_reader_of_the_invoice_is_told_once(at, finance):
    _movement, wrong, payment = assigned(at, finance)

    actions.take_back(payment=payment, by=finance, remark="Intern.", at=at)

    letter = Letter.objects.get(kind="payment_taken_back")
    assert (letter.recipient, letter.facts["open"]) == ("facturen@example.org", "114.95")
    assert "Intern." not in str(letter.facts)
    assert Invoice.objects.filter(registration=wrong.registration).count() == 1


@pytest.mark.django_db(transaction=True)
def test_four_clicks_at_once_take_it_back_once(at):
    finance = get_user_model().objects.create_user("finance")
    movement, wrong, payment = assigned(at, finance)

    results = at_once(
        [lambda: actions.take_back(payment=payment, by=finance, remark="Fout.", at=at) for _click in range(4)]
    )

    assert sum(isinstance(result, actions.CannotBook) for result in results) == 3
    assert LedgerEntry.objects.filter(payment=payment).count() == 2
    assert (open_amount(wrong), state(movement)) == (PRICE, (PRICE, PRICE))


@pytest.mark.django_db(transaction=True)
def test_taken_back_and_given_back_at_once_only_one_happens(at):
    finance = get_user_model().objects.create_user("finance")
    _movement, wrong, payment = assigned(at, finance)

    at_once(
        [
            lambda: actions.take_back(payment=payment, by=finance, remark="Fout.", at=at),
            lambda: events.cancel(registration=wrong.registration, at=at),
        ]
    )

    payment.refresh_from_db()
    assert (payment.status == "taken_back") != payment.refunds.exists()
    assert tie(OWN).difference == 0

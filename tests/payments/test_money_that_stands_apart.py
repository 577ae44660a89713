"""Money in another currency waits for a person, in no sum in euro; what names somebody else is booked and waits too."""

from datetime import timedelta
from decimal import Decimal

import pytest

from events import actions as events
from payments import actions, duties
from payments.actions import decide
from payments.actions.closing import close_month, first_of, local_day
from payments.admin.matters import tell
from payments.bank_questions import tie
from payments.chain import chain_of
from payments.models import Concern, LedgerEntry, Payment, Payout, Refund
from payments.movements import balance_on
from payments.sandbox import Sandbox
from tests import factories

pytestmark = pytest.mark.django_db


def came(stripe, now, **at_stripe):
    """A payment whose session says this of itself when it is paid."""
    event = factories.event(price="95.00", starts_at=now + timedelta(days=200))
    registration = events.register(event=event, order=factories.order(), at=now)
    payment = actions.start_checkout(registration=registration, at=now)
    session = stripe.state.objects["checkout.session"][payment.session_id]
    session.update(at_stripe | {"metadata": session["metadata"] | at_stripe.get("metadata", {})})
    stripe.pay(payment.session_id)
    actions.sync_checkout(payment.session_id, at=now)
    return Payment.objects.get(pk=payment.pk)


def euro_balances(now):
    later = now + timedelta(days=70)
    closed = close_month(month=first_of(local_day(now)), by=factories.user("Finance"), at=later)
    day = local_day(later)
    return balance_on(day, "stripe"), balance_on(day, "bank"), tie("").books, closed.totals


def test_dollars_are_in_no_balance_and_a_person_reads_them_as_dollars(stripe: Sandbox, now):
    payment = came(stripe, now, currency="usd")
    duties.sweep_payments(at=now + timedelta(hours=1))

    assert (payment.status, payment.received_amount, payment.received_currency) == (
        "mismatch",
        Decimal("114.95"),
        "USD",
    )
    assert (euro_balances(now), stripe.balance_cents()) == ((Decimal("0.00"), Decimal("0.00"), Decimal("0.00"), {}), 0)
    (matter,) = tell(list(Concern.objects.all()), factories.user("Finance"))
    assert (matter.title, matter.amount) == ("Niet het gevraagde bedrag", "USD\u00a0114,95")
    assert chain_of(payment.registration).ties


def test_given_back_they_go_back_as_dollars_and_leave_the_books_alone(stripe: Sandbox, now):
    payment = came(stripe, now, currency="usd")

    decide(concern=Concern.objects.get(), decision="give_back", by=factories.user("Finance"), remark="Fout.", at=now)
    duties.carry_out_refunds(at=now)

    assert list(Refund.objects.values_list("status", "amount", "currency")) == [("succeeded", Decimal("114.95"), "USD")]
    assert not LedgerEntry.objects.exists()
    assert chain_of(payment.registration).ties


def test_disputed_they_are_told_and_not_booked(stripe: Sandbox, now):
    payment = came(stripe, now, currency="usd")
    dispute = stripe.open_dispute(payment.payment_intent_id)

    actions.sync_dispute(dispute["id"], at=now)

    assert sorted(Concern.objects.values_list("kind", flat=True)) == ["dispute", "mismatch"]
    assert not LedgerEntry.objects.exists()


def test_a_payout_in_another_currency_is_mirrored_and_told_and_not_booked(stripe: Sandbox, now):
    came(stripe, now)
    payout = stripe.create_payout()
    stripe.state.objects["payout"][payout["id"]]["currency"] = "usd"
    before = LedgerEntry.objects.count()

    actions.sync_payout(payout["id"], at=now)

    assert (Payout.objects.get().currency, LedgerEntry.objects.count()) == ("USD", before)
    (matter,) = tell(list(Concern.objects.all()), factories.user("Finance"))
    assert matter.how == "112.98 USD"


def test_money_whose_session_names_another_registration_is_booked_and_waits_for_a_person(stripe: Sandbox, now):
    payment = came(stripe, now, metadata={"registration": "BPT-ELSEWHERE"})

    assert (payment.status, payment.received_currency) == ("mismatch", "")
    assert "BPT-ELSEWHERE" in Concern.objects.get(kind="mismatch").text
    assert sorted(LedgerEntry.objects.values_list("kind", "amount")) == [
        ("fee", Decimal("-1.97")),
        ("unmatched", Decimal("114.95")),
    ]
    decide(concern=Concern.objects.get(), decision="give_back", by=factories.user("Finance"), remark="Fout.", at=now)
    duties.carry_out_refunds(at=now)
    assert (balance_on(local_day(now), "stripe"), stripe.balance_cents()) == (Decimal("-1.97"), -197)

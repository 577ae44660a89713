"""`manage.py stripe_live_check` told to the stand-in: the whole story holds, a difference is named, nothing stays."""

import re
from dataclasses import replace
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from events.models import Event, Letter, Registration
from payments.actions.checkout import agree_with
from payments.live_check import Table, story
from payments.models import (
    Concern,
    Dispute,
    Invoice,
    LedgerEntry,
    LedgerLine,
    Payment,
    Refund,
    SellerSettings,
    StripeEvent,
)
from payments.sandbox import cards
from tests import factories

pytestmark = pytest.mark.django_db
TABLES = (Event, Registration, Letter, Payment, Refund, LedgerEntry, LedgerLine, Concern, Dispute, Invoice)

BIG = {
    "amount": 50_000,
    "currency": "eur",
    "confirm": True,
    "payment_method": "pm_card_visa",
    "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
}


def booked_wrong(paid, *, at):
    return agree_with(replace(paid, fee=paid.fee + Decimal("0.01")), at=at)


class Buyer(StringIO):
    """Reads what the command prints, and pays at the address it gives."""

    def __init__(self, stripe, outcome="pay"):
        super().__init__()
        self.stripe, self.outcome = stripe, outcome

    def write(self, text):
        if found := re.search(r"/c/pay/(cs_test_\w+)", text):
            self.stripe.pay(found.group(1), self.outcome)
        return super().write(text)


def check(out, **options):
    call_command("stripe_live_check", yes=True, stand_in=True, poll=0.01, stdout=out, **options)
    return out.getvalue()


def rows(text):
    """step -> "yes" or "NO", as the table says."""
    lines = [re.split(r"\s{2,}", line) for line in text.splitlines()]
    return {cells[0]: cells[-1] for cells in lines if len(cells) == 4 and cells[-1] in {"yes", "NO"}}


STEPS = [
    "session 1 opened",
    "the same key again",
    "the same key for another amount",
    "paid",
    "told",
    "booked",
    "balance transaction of the payment",
    "partly given back",
    "the same refund again",
    "refund booked",
    "balance transaction of the refund",
    "session 2 opened",
    "disputed",
    "dispute booked",
    "a person is asked",
    "session 3 opened",
    "never paid",
    "our ledger is Stripe's balance",
    "payouts listed",
]


@pytest.mark.parametrize("with_api", [False, True])
def test_the_whole_story_holds_paid_in_the_browser_or_through_the_api(stripe, with_api):
    said = check(Buyer(stripe), pay_with_api=with_api)

    found = rows(said)
    assert [step for step in found if not step.startswith("undone")] == STEPS
    assert set(found.values()) == {"yes"}
    assert f"The stand-in answered all {len(found)} steps as our code expects." in said
    assert stripe.violations == []


def test_payouts_of_the_account_are_compared_to_the_cent(stripe):
    check(Buyer(stripe), pay_with_api=True)
    check(Buyer(stripe), pay_with_api=True)
    with stripe.state.change():
        cards.pay(stripe.state, BIG)  # a dispute's fee leaves nothing to pay out
    payout = stripe.create_payout()

    said = check(Buyer(stripe), pay_with_api=True)

    assert rows(said)[f"payout {payout['id']}"] == "yes"


def test_it_says_first_what_it_does_and_asks(stripe, monkeypatch):
    out = StringIO()
    monkeypatch.setattr("builtins.input", lambda question: "n")

    with pytest.raises(CommandError, match="Nothing was asked of Stripe"):
        call_command("stripe_live_check", stand_in=True, stdout=out)

    assert "TEST key" in out.getvalue() and "rolled back" in out.getvalue()
    assert stripe.requests == []


def test_nothing_of_it_stays_in_the_sites_database(stripe):
    factories.seller()
    before = [model.objects.count() for model in TABLES]

    check(Buyer(stripe), pay_with_api=True)

    assert [model.objects.count() for model in TABLES] == before
    assert SellerSettings.load().legal_name == "Best Practice Tour vzw"


def test_what_it_made_at_stripe_is_labelled_and_undone_but_for_the_dispute(stripe):
    check(Buyer(stripe))

    made = stripe.state.objects
    for name in ("checkout.session", "payment_intent", "refund"):
        assert {thing["metadata"].get("live_check") for thing in made[name].values()} == {"1"}, name
    assert [session["status"] for session in made["checkout.session"].values()] == ["complete", "expired", "expired"]
    back = {intent["id"]: 0 for intent in made["payment_intent"].values()}
    for refund in made["refund"].values():
        back[refund["payment_intent"]] += refund["amount"]
    (disputed,) = {dispute["payment_intent"] for dispute in made["dispute"].values()}
    for intent in made["payment_intent"].values():
        assert back[intent["id"]] == (0 if intent["id"] == disputed else intent["amount"])


def test_a_webhook_that_came_is_seen(stripe, client):
    class Site(Buyer):
        def write(self, text):
            written = super().write(text)
            for event in self.stripe.events:
                if event["type"] == "checkout.session.completed":
                    StripeEvent.objects.get_or_create(
                        event_id=event["id"], type=event["type"], object_id=event["data"]["object"]["id"]
                    )
            return written

    said = check(Site(stripe))

    assert "came by webhook" in said
    assert rows(said)["told"] == "yes"


def test_a_page_that_nobody_pays_in_time_is_a_difference(stripe):
    out = StringIO()

    with pytest.raises(CommandError, match="Not as expected: paid"):
        check(out, wait=0.05)

    assert rows(out.getvalue())["paid"] == "NO"
    assert {session["status"] for session in stripe.state.objects["checkout.session"].values()} == {"expired"}
    assert not Event.objects.exists()


FAULTS = [
    ({"slow_refunds": True}, "partly given back"),
    ({"fail_next": 50, "fail_prefix": "/v1/disputes"}, "disputed"),
    ({"fail_next": 50, "fail_prefix": "/v1/payouts"}, "payouts"),
    ({"fail_next": 50, "fail_prefix": "/v1/events"}, "told"),
    ({"fail_next": 50, "fail_prefix": "/v1/checkout"}, "session 1 opened"),
]


@pytest.mark.parametrize(("fault", "step"), FAULTS)
def test_a_fault_of_stripes_ends_non_zero_and_names_the_step(stripe, fault, step):
    stripe.switches.set(**fault)
    out = Buyer(stripe)

    with pytest.raises(CommandError, match=f"Not as expected: (undone[^;]*; )*{step}"):
        check(out, pay_with_api=True)

    assert rows(out.getvalue())[step] == "NO"
    assert not Event.objects.exists()


def test_another_fee_than_stripe_kept_is_a_difference(stripe, monkeypatch):
    """As if we booked it wrong: the table says what was expected and what was seen."""
    monkeypatch.setattr(story, "agree_with", booked_wrong)
    out = Buyer(stripe)

    with pytest.raises(CommandError, match="Not as expected: booked"):
        check(out, pay_with_api=True)

    assert rows(out.getvalue())["our ledger is Stripe's balance"] == "NO"


@pytest.mark.parametrize(
    ("key", "base", "stand_in", "why"),
    [
        ("", "", False, "Give a test key"),
        ("sk_live_x", "", False, "never takes a live key"),
        ("rk_live_x", "http://127.0.0.1:1", True, "never takes a live key"),
        ("sk_test_sandbox", "", False, "the stand-in's key"),
        ("sk_test_x", "http://127.0.0.1:1", False, "unset it to ask Stripe itself"),
        ("sk_test_x", "", True, "leave --stand-in out"),
    ],
)
def test_a_key_it_cannot_be_run_with_is_refused_before_anything(settings, key, base, stand_in, why):
    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {"STRIPE_API_KEY": key, "STRIPE_API_BASE": base}

    with pytest.raises(CommandError, match=why):
        call_command("stripe_live_check", yes=True, stand_in=stand_in, stdout=StringIO())


def test_the_table_reads_as_columns():
    table = Table()
    table.expect("one", "2", 2)
    table.expect("two", "3", "4")

    assert table.lines() == ["step  expected  seen  ok", "one   2         2     yes", "two   3         4     NO"]
    assert [row.step for row in table.wrong] == ["two"]
    assert LedgerEntry.objects.aggregate(total=Sum("amount"))["total"] is None

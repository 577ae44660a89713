"""The fault matrix: every story of money under every fault of the line between Stripe and us.

A story is told to the stand-in step by step. Its notices then reach us as the fault says, our calls fail as the fault
says, and the duties run as they would. Whatever happened, it ends as the story ends without any fault, and the ledger's
balance with Stripe is Stripe's own, to the cent. docs/payments.md shows the matrix.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from django.test import Client

from events import actions as events
from events.models import Letter, Registration
from payments import actions, duties
from payments import stripe_gateway as gateway
from payments.models import Concern, Dispute, LedgerEntry, Payment, Payout, Refund, StripeEvent
from payments.sandbox import Sandbox
from tests import factories

pytestmark = pytest.mark.django_db


class World:
    """One registration of two seats at EUR 114.95, the stand-in, and the line between them."""

    def __init__(self, stripe: Sandbox, client: Client, now: Any, commits: Any, fault: str) -> None:
        self.stripe, self.client, self.now, self.commits, self.fault = stripe, client, now, commits, fault
        self.heard = 0
        event = factories.event(price="95.00", starts_at=now + timedelta(days=60))
        self.registration = events.register(event=event, order=factories.order(seats=2), at=now)
        self.payment = actions.start_checkout(registration=self.registration, at=now)

    @property
    def intent(self) -> str:
        session = self.stripe.state.objects["checkout.session"][self.payment.session_id]
        return str(session["payment_intent"])

    def listen(self) -> None:
        """The notices that came since we last listened reach us, as the fault says. Ours to act on are those alone."""
        fresh = self.stripe.events[self.heard :]
        self.heard += len(fresh)
        if self.fault in {"reordered", "delayed past the hold"}:
            return  # they come at the end
        if self.fault == "dropped, then swept":
            return  # they never come
        self.deliver(fresh)

    def deliver(self, notices: list[Any]) -> None:
        for notice in notices:
            times = 3 if self.fault == "duplicate" else 1
            if self.fault == "500 to our question":
                self.stripe.switches.set(fail_next=3)  # the call and both retries
            if self.fault == "time-out of our question":
                self.stripe.switches.set(timeout_next=3)
            for _time in range(times):
                body, signature = self.stripe.signed(notice["id"])
                # A process killed after its commit never ran what it had promised to run.
                with self.commits(execute=self.fault != "killed between commit and call"):
                    answer = self.client.post(
                        "/stripe/webhook/",
                        body,
                        content_type="application/json",
                        headers={"Stripe-Signature": signature},
                    )
                assert answer.status_code == 200
            self.stripe.switches.set(fail_next=0, timeout_next=0)

    def deed(self, act: Callable[..., Any], **facts: Any) -> None:
        with self.commits(execute=self.fault != "killed between commit and call"):
            act(registration=self.registration, at=self.now, **facts)

    def end(self) -> None:
        """What was held back arrives, and the duties run until nothing is left to do."""
        if self.fault == "reordered":
            self.deliver(self.stripe.events[::-1])
        if self.fault == "delayed past the hold":
            events.expire_holds(at=self.now + timedelta(hours=3))
            self.deliver(self.stripe.events)
        for hours in (4, 5, 12):
            at = self.now + timedelta(hours=hours)
            with self.commits(execute=True):
                duties.process_stripe_events(at=at)
                duties.sweep_payments(at=at)
                duties.carry_out_refunds(at=at)
                duties.hear_what_was_missed(at=at)
                duties.follow_payouts(at=at)
                events.expire_holds(at=at)


def pay(world: World) -> None:
    world.stripe.pay(world.payment.session_id)
    world.listen()


def paid(world: World) -> None:
    pay(world)


def paid_late(world: World) -> None:
    world.stripe.pay(world.payment.session_id, "pay_late")
    world.listen()
    world.stripe.settle(world.payment.session_id)
    world.listen()


def paid_late_in_vain(world: World) -> None:
    world.stripe.pay(world.payment.session_id, "pay_late")
    world.listen()
    world.stripe.settle(world.payment.session_id, succeed=False)
    world.listen()


def never_paid(world: World) -> None:
    world.stripe.expire(world.payment.session_id)
    world.listen()


def settled(world: World) -> None:
    """Paid and known to be: what the stories below begin with, whatever fault comes after."""
    world.stripe.pay(world.payment.session_id)
    actions.sync_checkout(world.payment.session_id, at=world.now)
    world.listen()


def cancelled(world: World) -> None:
    settled(world)
    world.deed(events.cancel)
    world.listen()


def refunded_slowly(world: World) -> None:
    settled(world)
    world.stripe.switches.set(slow_refunds=True)
    world.deed(events.cancel)
    duties.carry_out_refunds(at=world.now)
    world.listen()
    world.stripe.settle_refund(refund_at_stripe(world))
    world.listen()


def refund_sent_back(world: World) -> None:
    settled(world)
    world.deed(events.cancel)
    duties.carry_out_refunds(at=world.now)
    world.listen()
    world.stripe.fail_refund(refund_at_stripe(world))
    world.listen()


def refunded_in_the_dashboard(world: World) -> None:
    settled(world)
    world.stripe.refund_in_dashboard(world.intent, 5000)
    world.listen()


def disputed_and_lost(world: World) -> None:
    settled(world)
    dispute = world.stripe.open_dispute(world.intent)
    world.listen()
    world.stripe.close_dispute(dispute["id"], won=False)
    world.listen()


def disputed_and_won(world: World) -> None:
    settled(world)
    dispute = world.stripe.open_dispute(world.intent)
    world.listen()
    world.stripe.close_dispute(dispute["id"], won=True)
    world.listen()


def asked_about(world: World) -> None:
    """An inquiry: the bank asks, and takes nothing yet."""
    settled(world)
    dispute = world.stripe.open_dispute(world.intent, inquiry=True)
    world.listen()
    world.stripe.close_dispute(dispute["id"], won=True)
    world.listen()


def asked_about_and_lost(world: World) -> None:
    settled(world)
    dispute = world.stripe.open_dispute(world.intent, inquiry=True)
    world.listen()
    world.stripe.close_dispute(dispute["id"], won=False)
    world.listen()


def paid_another_amount(world: World) -> None:
    """We asked for something else than what came: a person decides what becomes of it."""
    Payment.objects.filter(pk=world.payment.pk).update(amount=Decimal("100.00"))
    world.stripe.pay(world.payment.session_id)
    world.listen()


def paid_another_amount_and_disputed(world: World) -> None:
    paid_another_amount(world)
    world.stripe.open_dispute(world.intent)
    world.listen()


def warned_of_fraud(world: World) -> None:
    settled(world)
    world.stripe.warn_of_fraud(world.intent)
    world.listen()


def paid_out(world: World) -> None:
    settled(world)
    world.stripe.charge_fee(150)
    world.stripe.create_payout()
    world.listen()


def payout_sent_back(world: World) -> None:
    settled(world)
    payout = world.stripe.create_payout()
    world.listen()
    world.stripe.fail_payout(payout["id"])
    world.listen()


def refund_at_stripe(world: World) -> str:
    return str(next(iter(world.stripe.state.objects["refund"])))


class Ending(NamedTuple):
    """How a story ends. Amounts in cents."""

    story: Callable[[World], None]
    status: str
    payment: str
    seats: int
    refunds: list[tuple[str, int]]
    balance: int
    concerns: list[str]
    confirmations: int = 1
    #: Status and seats where the notice came after the hold had ended: nothing gives these seats back.
    late: tuple[str, int] | None = None
    #: An inquiry is told, and the dispute it becomes once more; heard at the end, it is the dispute alone.
    is_told_twice: bool = False


GROSS, FEE = 22990, 370
STORIES = {
    "paid": Ending(paid, "confirmed", "paid", 2, [], GROSS - FEE, []),
    "paid by a slow method": Ending(paid_late, "confirmed", "paid", 2, [], GROSS - FEE, []),
    "a slow method that fails": Ending(paid_late_in_vain, "expired", "failed", 0, [], 0, [], 0),
    "never paid": Ending(never_paid, "expired", "expired", 0, [], 0, [], 0),
    "cancelled and refunded": Ending(cancelled, "cancelled", "paid", 0, [("succeeded", GROSS)], -FEE, []),
    "refunded slowly": Ending(refunded_slowly, "cancelled", "paid", 0, [("succeeded", GROSS)], -FEE, []),
    "refund sent back": Ending(
        refund_sent_back, "cancelled", "paid", 0, [("failed", GROSS)], GROSS - FEE, ["refund_failed"]
    ),
    "refunded in the dashboard": Ending(
        refunded_in_the_dashboard, "confirmed", "paid", 2, [("succeeded", 5000)], GROSS - FEE - 5000, []
    ),
    "disputed and lost": Ending(disputed_and_lost, "confirmed", "paid", 2, [], -FEE - 2000, ["dispute"]),
    "disputed and won": Ending(disputed_and_won, "confirmed", "paid", 2, [], GROSS - FEE - 2000, ["dispute"]),
    "asked about by the bank": Ending(asked_about, "confirmed", "paid", 2, [], GROSS - FEE, ["dispute"]),
    "asked about, then disputed and lost": Ending(
        asked_about_and_lost, "confirmed", "paid", 2, [], -FEE - 2000, ["dispute"], is_told_twice=True
    ),
    "another amount came": Ending(
        paid_another_amount, "held", "mismatch", 2, [], GROSS - FEE, ["mismatch"], 0, ("expired", 0)
    ),
    "another amount came, and is disputed": Ending(
        paid_another_amount_and_disputed,
        "held",
        "mismatch",
        2,
        [],
        -FEE - 2000,
        ["dispute", "mismatch"],
        0,
        ("expired", 0),
    ),
    "warned of fraud": Ending(warned_of_fraud, "confirmed", "paid", 2, [], GROSS - FEE, ["fraud_warning"]),
    "paid out": Ending(paid_out, "confirmed", "paid", 2, [], 0, []),
    "payout sent back": Ending(payout_sent_back, "confirmed", "paid", 2, [], GROSS - FEE, ["payout_failed"]),
}
FAULTS = [
    "none",
    "duplicate",
    "reordered",
    "delayed past the hold",
    "dropped, then swept",
    "500 to our question",
    "time-out of our question",
    "killed between commit and call",
]


#: The notice itself reaches us and is understood before the hold ends.
IN_TIME = {"none", "duplicate", "reordered"}


def everything_agrees(world: World, ending: Ending) -> None:
    registration, payment = world.registration, world.payment
    registration.refresh_from_db()
    payment.refresh_from_db()
    later = world.now + timedelta(hours=13)
    status, seats = ending.late if ending.late and world.fault not in IN_TIME else (ending.status, ending.seats)
    assert (registration.status, payment.status, registration.event.seats_taken(later)) == (
        status,
        ending.payment,
        seats,
    )
    assert Payment.objects.count() == 1
    assert [(refund.status, int(refund.amount * 100)) for refund in Refund.objects.all()] == ending.refunds
    ledger = int(sum(entry.amount for entry in LedgerEntry.objects.filter(account="stripe")) * 100)
    assert (ledger, world.stripe.balance_cents()) == (ending.balance, ending.balance)
    for entry in LedgerEntry.objects.exclude(lines=None):
        assert sum(line.gross for line in entry.lines.all()) == entry.amount
    told = sorted(Concern.objects.values_list("kind", flat=True))
    assert told == ending.concerns or (ending.is_told_twice and told == ending.concerns * 2)
    assert Letter.objects.filter(kind="confirmed").count() == ending.confirmations
    assert Letter.objects.filter(kind="refund").count() == len(ending.refunds)
    assert not StripeEvent.objects.filter(status__in=["received", "failed"]).exists()
    assert not Refund.objects.filter(status="decided").exists()
    for payout in Payout.objects.all():
        assert (payout.difference, payout.items.filter(entry=None).count()) == (Decimal("0.00"), 0)
    assert Dispute.objects.count() == ending.concerns.count("dispute")


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("story", list(STORIES))
def test_every_story_ends_alike_under_every_fault_of_its_notices(
    stripe: Sandbox, client: Client, now, django_capture_on_commit_callbacks, story: str, fault: str
):
    ending = STORIES[story]
    world = World(stripe, client, now, django_capture_on_commit_callbacks, fault)

    ending.story(world)
    world.end()

    everything_agrees(world, ending)


#: Each call we make, by method and path, and the story in which it is made.
CALLS = {
    "open a session": ("/v1/checkout/sessions", "paid"),
    "ask about a session": ("/v1/checkout/sessions/", "paid"),
    "close a session": ("/v1/checkout/sessions/", "cancelled before it was paid"),
    "refund": ("/v1/refunds", "cancelled and refunded"),
    "ask about a refund": ("/v1/refunds/", "refunded slowly"),
    "ask about a dispute": ("/v1/disputes/", "disputed and lost"),
    "ask about a warning": ("/v1/radar/", "warned of fraud"),
    "ask about a payout": ("/v1/payouts/", "paid out"),
    "list what a payout gathered": ("/v1/balance_transactions", "paid out"),
    "list the notices": ("/v1/events", "paid"),
}
FAILURES = {
    "500 once": {"fail_next": 1},
    "500 until we give up": {"fail_next": 3},
    "time-out after Stripe did it, once": {"timeout_next": 1},
    "time-out after Stripe did it, until we give up": {"timeout_next": 3},
}


def cancelled_before_it_was_paid(world: World) -> None:
    world.deed(events.cancel)


STORY_OF_CALL = STORIES | {
    "cancelled before it was paid": Ending(cancelled_before_it_was_paid, "cancelled", "expired", 0, [], 0, [], 0)
}


@pytest.mark.parametrize("failure", list(FAILURES))
@pytest.mark.parametrize("call", list(CALLS))
def test_every_call_that_fails_is_made_good(
    stripe: Sandbox, client: Client, now, django_capture_on_commit_callbacks, call: str, failure: str
):
    prefix, story = CALLS[call]
    switches = FAILURES[failure] | {"fail_prefix": prefix, "timeout_prefix": prefix}
    ending = STORY_OF_CALL[story]
    if call == "open a session":
        stripe.switches.set(**switches)
        world = opened_at_last(stripe, client, now, django_capture_on_commit_callbacks)
    else:
        world = World(stripe, client, now, django_capture_on_commit_callbacks, "dropped, then swept")
        stripe.switches.set(**switches)
    try:
        ending.story(world)
    except gateway.GatewayDown:
        # What asked there and then was told that Stripe is down; what follows is found by the duties.
        stripe.switches.set(fail_next=0, timeout_next=0)
    duties_meet_the_failure(world)
    world.end()

    everything_agrees(world, ending)


def opened_at_last(stripe: Sandbox, client: Client, now: Any, commits: Any) -> World:
    """The contact presses "pay" again when the payment page did not open."""
    try:
        return World(stripe, client, now, commits, "dropped, then swept")
    except gateway.GatewayDown:
        world = World.__new__(World)
        world.stripe, world.client, world.now, world.commits = stripe, client, now, commits
        world.fault, world.heard = "dropped, then swept", 0
        world.registration = Registration.objects.get()
        world.payment = actions.start_checkout(registration=world.registration, at=now)
        return world


def duties_meet_the_failure(world: World) -> None:
    """One round while Stripe still fails: nothing may break, whatever is left undone."""
    at = world.now + timedelta(hours=3, minutes=30)
    for duty in (
        duties.process_stripe_events,
        duties.sweep_payments,
        duties.carry_out_refunds,
        duties.hear_what_was_missed,
        duties.follow_payouts,
    ):
        try:
            with world.commits(execute=True):
                duty(at=at)
        except gateway.GatewayDown:
            pass  # run_duties notes it and goes on to the next
    world.stripe.switches.set(fail_next=0, timeout_next=0)


def test_the_matrix_in_the_documentation_has_these_stories_and_faults():
    from pathlib import Path  # noqa: PLC0415

    text = (Path(__file__).parents[2] / "docs" / "payments.md").read_text()
    assert all(name in text for name in [*STORIES, *FAULTS[1:], *CALLS, *FAILURES])
    assert f"{len(STORIES) * len(FAULTS)} + {len(CALLS) * len(FAILURES)}" in text

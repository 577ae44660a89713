"""The fault matrix: every story of money under every fault of the line between Stripe and us.

A story is told to the stand-in step by step. Its notices then reach us as the fault says, our calls fail as the fault
says, and the duties run as they would. Whatever happened, it ends as the story ends without any fault, and the ledger's
balance with Stripe is Stripe's own, to the cent. docs/payments.md shows the matrix.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from events.models import Letter, Registration
from payments import actions
from payments import stripe_gateway as gateway
from payments.actions.notices import HANDLERS
from payments.models import Concern, Dispute, LedgerEntry, Payment, Payout, Refund, StripeEvent
from payments.sandbox import Sandbox
from tests.payments.money_stories_support import DUTIES, OF_CALLS, STORIES, Ending, World

pytestmark = pytest.mark.django_db


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
    status, seats = ending.late if ending.late and world.fault not in IN_TIME else (ending.status, ending.seats)
    assert (registration.status, payment.status, registration.event.seats_taken(world.over)) == (
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


def test_the_stories_tell_every_kind_of_notice_we_act_on(
    stripe: Sandbox, client: Client, now, django_capture_on_commit_callbacks
):
    told: set[str] = set()
    for ending in STORIES.values():
        ending.story(World(stripe, client, now, django_capture_on_commit_callbacks, "none"))
        told |= {notice["type"] for notice in stripe.events}
        stripe.reset()

    assert told >= set(HANDLERS), set(HANDLERS) - told


#: Each call we make, by the beginning of its path, and a story in which it is made.
CALLS = {
    "open a session": ("/v1/checkout/sessions", "paid"),
    "ask about a session": ("/v1/checkout/sessions/", "paid"),
    "close a session": ("/v1/checkout/sessions/", "cancelled before it was paid"),
    "refund": ("/v1/refunds", "cancelled and refunded"),
    "refund a part": ("/v1/refunds", "cancelled in part and refunded"),
    "ask about a refund": ("/v1/refunds/", "refunded slowly"),
    "list the refunds of a payment": ("/v1/refunds", "a refund of yesterday"),
    "ask about a dispute": ("/v1/disputes/", "disputed and lost"),
    "ask about a warning": ("/v1/radar/", "warned of fraud"),
    "ask about a payout": ("/v1/payouts/", "paid out"),
    "list what a payout gathered": ("/v1/balance_transactions", "paid out"),
    "list the fees of Stripe's own": ("/v1/balance_transactions", "charged for the service"),
    "list the notices": ("/v1/events", "paid"),
}
FAILURES = {
    "500 once": {"fail_next": 1},
    "500 until we give up": {"fail_next": 3},
    "time-out after Stripe did it, once": {"timeout_next": 1},
    "time-out after Stripe did it, until we give up": {"timeout_next": 3},
}
#: A day later, and the notices cannot be listed just then: what was made can only be found by asking for it.
FORGOTTEN = "answer lost, key forgotten"
WITH_A_KEY = ["open a session", "close a session", "refund", "refund a part"]
CROSSED = [(call, failure) for call in CALLS for failure in FAILURES] + [(call, FORGOTTEN) for call in WITH_A_KEY]


@pytest.mark.parametrize(("call", "failure"), CROSSED)
def test_every_call_that_fails_is_made_good(
    stripe: Sandbox, client: Client, now, django_capture_on_commit_callbacks, call: str, failure: str
):
    prefix, story = CALLS[call]
    is_forgotten = failure == FORGOTTEN
    switches = {"timeout_next": 3} if is_forgotten else FAILURES[failure]
    switches = switches | {"fail_prefix": prefix, "timeout_prefix": prefix}
    ending = (STORIES | OF_CALLS)[story]
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
        the_failure_was_met(stripe)
    if is_forgotten:
        the_failure_was_met(stripe)
        stripe.forget_keys()
        stripe.switches.set(fail_next=3, fail_prefix="/v1/events")
    later = timedelta(days=1) if is_forgotten else timedelta(0)
    duties_meet_the_failure(world, after=later)
    the_failure_was_met(stripe)
    world.end(after=later)

    everything_agrees(world, ending)


def the_failure_was_met(stripe: Sandbox) -> None:
    """Or the case proves nothing: every answer that was to fail was asked for."""
    assert (stripe.switches.fail_next, stripe.switches.timeout_next) == (0, 0)


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


def duties_meet_the_failure(world: World, *, after: timedelta) -> None:
    """One round while Stripe still fails: nothing may break, whatever is left undone."""
    for duty in DUTIES:
        try:
            with world.commits(execute=True):
                duty(at=world.now + after + timedelta(hours=3, minutes=30))
        except gateway.GatewayDown:
            pass  # run_duties notes it and goes on to the next


def test_the_matrix_in_the_documentation_has_these_stories_and_faults():
    from pathlib import Path  # noqa: PLC0415

    text = (Path(__file__).parents[2] / "docs" / "payments.md").read_text()
    assert all(name in text for name in [*STORIES, *OF_CALLS, *FAULTS[1:], *CALLS, *FAILURES, FORGOTTEN])
    assert f"{len(STORIES) * len(FAULTS)} + {len(CALLS) * len(FAILURES)} + {len(WITH_A_KEY)}" in text

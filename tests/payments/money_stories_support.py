"""The stories of money the fault matrix tells, each with how it ends, and the world they are told in."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.test import Client
from django.utils.module_loading import import_string

from events import actions as events
from payments import actions, duties
from payments.apps import PaymentsConfig
from payments.models import Payment, Refund
from payments.sandbox import Sandbox
from tests import factories

_OF_THE_LINE = (
    "process_stripe_events",
    "sweep_payments",
    "hear_what_was_missed",
    "carry_out_refunds",
    "follow_payouts",
    "book_service_fees",
)
#: The duties that speak with Stripe, in the order in which they run.
DUTIES: list[Callable[..., Any]] = [
    import_string(path) for path in PaymentsConfig.duties if path.rpartition(".")[2] in _OF_THE_LINE
]


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
        return str(session_at_stripe(self)["payment_intent"])

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

    def end(self, *, after: timedelta = timedelta(0)) -> None:
        """What was held back arrives, and the duties run until nothing is left to do."""
        self.over = self.now + after + timedelta(hours=13)
        if self.fault == "reordered":
            self.deliver(self.stripe.events[::-1])
        if self.fault == "delayed past the hold":
            events.expire_holds(at=self.now + timedelta(hours=3))
            self.deliver(self.stripe.events)
        for hours in (4, 5, 12):
            at = self.now + after + timedelta(hours=hours)
            with self.commits(execute=True):
                for duty in DUTIES:
                    duty(at=at)
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


def cancelled_in_part(world: World) -> None:
    """Stripe would make the refund of one of two seats twice, if it were asked twice."""
    settled(world)
    world.deed(events.cancel, attendee_ids=[world.registration.attendees.order_by("pk").first().pk])
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
    world.stripe.answer_dispute(dispute["id"])
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


def paid_in_another_currency(world: World) -> None:
    """As Stripe has it where a buyer may choose: a balance of its own, apart from that in euro."""
    session_at_stripe(world)["currency"] = "usd"
    world.stripe.pay(world.payment.session_id)
    world.listen()


def paid_for_somebody_else(world: World) -> None:
    """The session names another registration than the one it was opened for."""
    session_at_stripe(world)["metadata"]["registration"] = "BPT-ELSEWHERE"
    world.stripe.pay(world.payment.session_id)
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


def charged_for_the_service(world: World) -> None:
    """A fee of Stripe's own, of no payment and in no payout yet."""
    settled(world)
    world.stripe.charge_fee(150)
    world.listen()


def payout_sent_back(world: World) -> None:
    settled(world)
    payout = world.stripe.create_payout()
    world.listen()
    world.stripe.fail_payout(payout["id"])
    world.listen()


def cancelled_before_it_was_paid(world: World) -> None:
    world.deed(events.cancel)


def refund_of_yesterday(world: World) -> None:
    """Stripe made it and its answer was lost; a day later its key is forgotten, and we ask what was made of it."""
    settled(world)
    events.cancel(registration=world.registration, at=world.now)
    refund = Refund.objects.get()
    with world.stripe.state.change():
        asked = {"payment_intent": world.intent, "amount": GROSS, "metadata": {"refund": str(refund.pk)}}
        world.stripe.state.create_refund(asked)
    Refund.objects.update(created_at=world.now - timedelta(days=1))
    duties.carry_out_refunds(at=world.now)
    world.listen()


def session_at_stripe(world: World) -> Any:
    return world.stripe.state.objects["checkout.session"][world.payment.session_id]


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
    "cancelled in part and refunded": Ending(
        cancelled_in_part, "confirmed", "paid", 1, [("succeeded", GROSS // 2)], GROSS // 2 - FEE, []
    ),
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
    "another currency came": Ending(
        paid_in_another_currency, "held", "mismatch", 2, [], 0, ["mismatch"], 0, ("expired", 0)
    ),
    "it names another registration": Ending(
        paid_for_somebody_else, "held", "mismatch", 2, [], GROSS - FEE, ["mismatch"], 0, ("expired", 0)
    ),
    "warned of fraud": Ending(warned_of_fraud, "confirmed", "paid", 2, [], GROSS - FEE, ["fraud_warning"]),
    "paid out": Ending(paid_out, "confirmed", "paid", 2, [], 0, []),
    "charged for the service": Ending(charged_for_the_service, "confirmed", "paid", 2, [], GROSS - FEE - 150, []),
    "payout sent back": Ending(payout_sent_back, "confirmed", "paid", 2, [], GROSS - FEE, ["payout_failed"]),
}
#: Told where a call that the stories above do not make, or not for sure, has to fail.
OF_CALLS = {
    "cancelled before it was paid": Ending(cancelled_before_it_was_paid, "cancelled", "expired", 0, [], 0, [], 0),
    "a refund of yesterday": Ending(refund_of_yesterday, "cancelled", "paid", 0, [("succeeded", GROSS)], -FEE, []),
}

"""The sweep: what a lost webhook, a crash or a dead network left undone is found and done."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from cms.models import Heartbeat
from events.actions.forgetting import FORGOTTEN
from events.models import Registration
from payments import actions
from payments import stripe_gateway as gateway
from payments.models import BillingDetails, BulkRefund, Payment, Payout, Refund, StripeEvent

log = logging.getLogger("payments")

#: Younger payments are left to the webhook and to the page people come back to.
LEAVE_ALONE = timedelta(minutes=3)
MOST = 200


def sweep_payments(*, at: datetime) -> str | None:
    """Ask Stripe about every payment under way and finish what was paid but never settled."""
    if not gateway.is_configured():
        return None
    waiting = Payment.objects.under_way().filter(created_at__lt=at - LEAVE_ALONE, session_id__isnull=False)
    sessions = [*waiting.order_by("created_at")[:MOST], *Payment.objects.unsettled()[:MOST]]
    given_up = waiting.filter(registration__status__in=Registration.ENDED).select_related("registration")
    closed = _each(
        given_up[:MOST],
        lambda payment: actions.withdraw_checkout(registration=payment.registration, at=at),
        "payment pages of registrations that ended",
    )
    fees = Payment.objects.filter(
        status__in=Payment.CAME, fee__isnull=True, session_id__isnull=False, received_currency=""
    )
    sessions += list(fees.order_by("-paid_at")[:MOST])
    swept = _each(sessions, lambda payment: actions.sync_checkout(str(payment.session_id), at=at), "payments")
    return ", ".join(said for said in (closed, swept) if said) or None


def process_stripe_events(*, at: datetime) -> str | None:
    """Notices that were kept and not processed: the worker died, or what they needed did not answer."""
    left = StripeEvent.objects.to_try(at=at).filter(received_at__lt=at - LEAVE_ALONE)
    done = _each(
        left.order_by("received_at")[:MOST],
        lambda event: actions.process_notice(event.pk, at=at),
        "notices",
    )
    given_up = actions.tell_given_up(at=at)
    return ", ".join(said for said in (done, f"{given_up} notices given up" if given_up else None) if said) or None


def carry_out_refunds(*, at: datetime) -> str | None:
    """Refunds decided and not asked of Stripe yet, and those it had not finished when we last heard."""
    if not gateway.is_configured():
        return None
    decided = list(Refund.objects.to_carry_out().order_by("created_at")[:MOST])
    done = _each(decided, lambda refund: actions.carry_out_refund(refund.pk, at=at), "refunds")
    on_their_way = Refund.objects.on_its_way().filter(created_at__lt=at - LEAVE_ALONE).order_by("created_at")[:MOST]
    followed = _each(
        on_their_way, lambda refund: actions.sync_refund(str(refund.refund_id), at=at), "refunds on their way"
    )
    return ", ".join(said for said in (done, followed) if said) or None


def carry_out_bulk_refunds(*, at: datetime) -> str | None:
    """Refunds of cancelled visits that somebody confirmed, and that a process left half-way."""
    unfinished = BulkRefund.objects.unfinished().order_by("pk")
    return _each(unfinished, lambda bulk: actions.carry_out_bulk_refund(bulk.pk, at=at), "refunds of cancelled visits")


#: Stripe keeps its notices for 30 days. Asked once an hour, with an hour of overlap.
ASK_EVERY = timedelta(hours=1)
LOG_KEPT = timedelta(days=29)
MARK, FEES_MARK = "stripe-log", "stripe-fees"


def _since_last(name: str, ask: Callable[..., int], at: datetime) -> int:
    """Ask Stripe for what came since we asked last, at most once an hour. 0 when it does not answer: asked again."""
    if not gateway.is_configured():
        return 0
    mark = Heartbeat.objects.filter(name=name).first()
    if mark is not None and at < mark.seen_at + ASK_EVERY:
        return 0
    try:
        found = ask(since=max(at - LOG_KEPT, mark.seen_at - ASK_EVERY) if mark else at - LOG_KEPT, at=at)
    except gateway.GatewayError as error:
        log.warning("%s: %s", name, error)
        return 0
    Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": at})
    return found


def hear_what_was_missed(*, at: datetime) -> str | None:
    """Webhooks that never reached us, whatever they were about, are found in Stripe's own log of them."""
    missed = _since_last(MARK, actions.hear_what_was_missed, at)
    return f"{missed} notices that never came" if missed else None


def follow_payouts(*, at: datetime) -> str | None:
    """Payouts that were not added up when we last heard of them."""
    if not gateway.is_configured():
        return None
    open_ones = Payout.objects.filter(reconciled_at__isnull=True, created_at__gt=at - LOG_KEPT).exclude(
        status__in=[Payout.Status.FAILED, Payout.Status.CANCELED]
    )
    return _each(open_ones[:MOST], lambda payout: actions.sync_payout(payout.payout_id, at=at), "payouts")


def book_service_fees(*, at: datetime) -> str | None:
    """Fees of Stripe's own, in the month they were charged: a payout that gathers them may be weeks away."""
    booked = _since_last(FEES_MARK, actions.book_service_fees, at)
    return f"{booked} fees of Stripe's own" if booked else None


def follow_moves(*, at: datetime) -> str | None:
    """Registrations that were moved to another visit after they paid: the money follows them in the books."""
    moved = actions.follow_moves(at=at)
    return f"{moved} registrations moved in the books" if moved else None


def match_bank(*, at: datetime) -> str | None:
    """Bank movements nobody could place when they came: Stripe told of the payout since, or a refund was decided."""
    found = actions.match_again(at=at)
    return f"{len(found)} bank movements" if found else None


def forget_bank_parties(*, at: datetime) -> str | None:
    """Account numbers and names on bank movements that have served."""
    gone = actions.forget_parties(at=at)
    return f"{gone} bank account numbers forgotten" if gone else None


def issue_documents(*, at: datetime) -> str | None:
    """Invoices and credit notes that could not be issued when their money moved, and what became of their mails."""
    issued = actions.issue_missing(at=at)
    actions.follow_letters(at=at)
    return f"{issued} documents" if issued else None


def remind_invoices(*, at: datetime) -> str | None:
    """Reminders of invoices that are not paid, before and after they are due."""
    written = actions.remind_invoices(at=at)
    return f"{written} reminders of invoices" if written else None


def forget_billing(*, at: datetime) -> str | None:
    """To whom a registration was billed is forgotten with its people; what stands on a document stays."""
    gone, _rows = BillingDetails.objects.filter(registration__first_name=FORGOTTEN).delete()
    return f"{gone} billing details forgotten" if gone else None


def _each(rows: Iterable[Any], deed: Callable[[Any], Any], what: str) -> str | None:
    """One row that fails does not keep the rest waiting."""
    done = 0
    for row in rows:
        try:
            deed(row)
        except gateway.GatewayError as error:
            log.warning("%s %s: %s", what, row.pk, error)
        except Exception:
            log.exception("%s %s failed", what, row.pk)
        else:
            done += 1
    return f"{done} {what}" if done else None

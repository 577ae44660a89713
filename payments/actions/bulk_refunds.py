"""Giving back to everybody of a cancelled visit: confirmed once by a person, carried out row by row, whatever dies.

The confirmation is written with every amount before anything is done. Each row then decides its refunds in its own
transaction, in which it also becomes done; Stripe is asked after that, under each refund's own key. So a process that
is killed leaves rows that are done and rows that wait, never one that is paid twice.
"""

import logging
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cms.templatetags.cms_tags import money
from events.actions.steps import lock_registration
from events.locks import lock_event
from events.models import Event
from payments.actions.refunds import give_back
from payments.cancelled_visits import HELD_BACK, to_give_back, totals
from payments.dues import balance
from payments.models import BulkRefund, BulkRefundRow, Concern, Refund

log = logging.getLogger("payments")


class CannotConfirm(Exception):
    """Refused; `str()` is a translated sentence for whoever confirmed."""


@transaction.atomic
def confirm_bulk_refund(*, event: Event, total: Decimal, by: Any, at: datetime) -> BulkRefund:
    """Decide that this total goes back, and to whom how much, as shown. It is carried out by a task.

    Raises CannotConfirm for a visit that takes place, when the total is another by now, when nothing is to be given
    back, and while an earlier confirmation is being carried out.
    """
    event = lock_event(event.pk)
    if event.status != Event.Status.CANCELLED:
        raise CannotConfirm(_("This visit is not cancelled."))
    if BulkRefund.objects.unfinished().filter(event=event).exists():
        raise CannotConfirm(_("An earlier confirmation is still being carried out."))
    rows = to_give_back(event)
    now = totals(rows).amount
    if not rows:
        raise CannotConfirm(_("There is nothing in hand to give back any more."))
    if now != total:
        raise CannotConfirm(
            _("The total has changed since you looked: it is %(now)s now. Look again.") % {"now": money(now)}
        )
    bulk = BulkRefund.objects.create(event=event, total=total, confirmed_by=by, confirmed_at=at)
    BulkRefundRow.objects.bulk_create(
        [BulkRefundRow(bulk=bulk, registration=row.registration, amount=row.amount) for row in rows]
    )
    transaction.on_commit(partial(_enqueue, bulk.pk), robust=True)
    return bulk


def _enqueue(pk: int) -> None:
    from payments.tasks import carry_out_bulk  # noqa: PLC0415  (tasks call this package)

    carry_out_bulk.enqueue(pk)


def carry_out_bulk_refund(pk: int, *, at: datetime) -> BulkRefund:
    """Do the rows that wait, each by itself; one that fails is logged and waits for the duty.

    Run twice, or twice at once, it is done once. Never inside a transaction.
    """
    waiting = BulkRefundRow.objects.filter(bulk=pk, state=BulkRefundRow.State.PENDING)
    for row in list(waiting.values_list("pk", flat=True)):
        try:
            _carry_out(row, at)
        except Exception:
            log.exception("Row %s of bulk refund %s failed", row, pk)
    if not waiting.exists():
        BulkRefund.objects.unfinished().filter(pk=pk).update(finished_at=at)
    return BulkRefund.objects.get(pk=pk)


@transaction.atomic
def _carry_out(pk: int, at: datetime) -> None:
    """Exactly the amount that was confirmed, or nothing: somebody may have given back a part meanwhile, or have to
    decide about this one alone by now.
    """
    row = BulkRefundRow.objects.select_related("registration").get(pk=pk)
    lock_event(row.registration.event_id)
    registration = lock_registration(row.registration_id)
    row = BulkRefundRow.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    if row.state != BulkRefundRow.State.PENDING:
        return
    row.state = BulkRefundRow.State.CHANGED
    by_person = Concern.objects.open().filter(payment__registration=registration, kind__in=HELD_BACK)
    if -balance(registration) == row.amount and not by_person.exists():
        refunds = give_back(registration=registration, reason=Refund.Reason.EVENT_CANCELLED, at=at)
        row.refunds.set(refunds)
        row.state = BulkRefundRow.State.DONE
    row.done_at = at
    row.save(update_fields=["state", "done_at"])

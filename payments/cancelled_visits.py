"""Of a cancelled visit: who still gets what back, by which way, and what that costs. A question; nothing is written."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from events.models import Attendee, Event, Registration
from payments.dues import ZERO, shares_by_registration
from payments.models import Concern, LedgerEntry, Payment, Refund
from payments.movements import MONEY

#: While one of these is open a person decides about that registration: giving back with the rest might pay twice.
HELD_BACK = (
    Concern.Kind.REFUND_FAILED,
    Concern.Kind.NO_SEAT,
    Concern.Kind.MISMATCH,
    Concern.Kind.DISPUTE,
    Concern.Kind.FRAUD_WARNING,
)


@dataclass
class Row:
    """One registration. Amounts include VAT; `fee` is what Stripe kept of what goes back, and does not give back."""

    registration: Registration
    paid: Decimal = ZERO
    given_back: Decimal = ZERO
    on_its_way: Decimal = ZERO
    by_stripe: Decimal = ZERO
    by_bank: Decimal = ZERO
    fee: Decimal = ZERO
    concerns: list[Concern] = field(default_factory=list)

    @property
    def amount(self) -> Decimal:
        """What is still to go back."""
        return self.by_stripe + self.by_bank


@dataclass(frozen=True)
class Totals:
    amount: Decimal
    by_stripe: Decimal
    by_bank: Decimal
    fee: Decimal


def rows_of(event: Event) -> list[Row]:
    """Its registrations of which money came, in the order they were made. A constant number of queries."""
    registrations = list(
        Registration.objects.filter(event=event, payments__status=Payment.Status.PAID).distinct().order_by("pk")
    )
    pks = [registration.pk for registration in registrations]
    payments: dict[int, list[Payment]] = defaultdict(list)
    paid = Payment.objects.received().filter(registration__in=pks).prefetch_related("refunds")
    for payment in paid.order_by("-paid_at", "-pk"):
        payments[payment.registration_id].append(payment)
    concerns: dict[int, list[Concern]] = defaultdict(list)
    open_ones = Concern.objects.open().filter(payment__registration__in=pks, kind__in=HELD_BACK)
    for concern in open_ones.select_related("payment").order_by("pk"):
        assert concern.payment is not None  # noqa: S101  (filtered by it)
        concerns[concern.payment.registration_id].append(concern)
    shares = shares_by_registration(registrations)
    made = []
    for registration in registrations:
        row = Row(registration, concerns=concerns[registration.pk])
        too_much = -sum((share.gross for share in shares[registration.pk]), start=ZERO)
        _divide(row, payments[registration.pk], too_much)
        made.append(row)
    return made


def _divide(row: Row, payments: list[Payment], left: Decimal) -> None:
    """As payments.actions.refunds.give_back does: what Stripe can give back first, then the newest."""
    for payment in sorted(payments, key=lambda payment: not payment.payment_intent_id):
        refunds = payment.refunds.all()
        back = sum((back.amount for back in refunds if back.status != Refund.Status.FAILED), start=ZERO)
        done = sum((back.amount for back in refunds if back.status == Refund.Status.SUCCEEDED), start=ZERO)
        row.paid += payment.amount
        row.given_back += done
        row.on_its_way += back - done
        amount = max(ZERO, min(left, payment.amount - back))
        left -= amount
        if payment.account == Payment.Account.BANK:
            row.by_bank += amount
        elif amount:
            row.by_stripe += amount
            row.fee += payment.fee or ZERO


def to_give_back(event: Event) -> list[Row]:
    """Those of which something is still to go back, and nobody has to decide about them alone."""
    return [row for row in rows_of(event) if row.amount > 0 and not row.concerns]


def totals(rows: list[Row]) -> Totals:
    return Totals(
        amount=sum((row.amount for row in rows), start=ZERO),
        by_stripe=sum((row.by_stripe for row in rows), start=ZERO),
        by_bank=sum((row.by_bank for row in rows), start=ZERO),
        fee=sum((row.fee for row in rows), start=ZERO),
    )


def cancelled_with_money() -> "QuerySet[Event]":
    """Cancelled visits with `in_hand` above 0: what is to go back of them, decided or not carried out yet left out.

    Of each registration what came, less what went back or is on its way, what a bank took, and what is kept.
    """

    def total(rows: "QuerySet[Any]", by: str, amount: Any = "amount") -> Coalesce:
        sums = rows.filter(**{by: OuterRef("pk")}).order_by().values(by).annotate(total=Sum(amount))
        return Coalesce(Subquery(sums.values("total")), Value(ZERO), output_field=MONEY)

    back = Refund.objects.filter(~Q(status=Refund.Status.FAILED), payment__status=Payment.Status.PAID)
    taken = LedgerEntry.objects.filter(kind__in=LedgerEntry.DISPUTED)
    owed = Case(When(released_at__isnull=True, then=F("price_incl_vat")), default=F("fee_kept"), output_field=MONEY)
    registrations = (
        Registration.objects.filter(event__status=Event.Status.CANCELLED, payments__status=Payment.Status.PAID)
        .distinct()
        .annotate(
            received=total(Payment.objects.received(), "registration"),
            back=total(back, "payment__registration"),
            taken=total(taken, "registration"),
            owed=total(Attendee.objects.all(), "registration", owed),
        )
        .annotate(too_much=F("received") - F("back") + F("taken") - F("owed"))
        .filter(too_much__gt=0)
    )
    per_event: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for event, too_much in registrations.values_list("event", "too_much"):
        per_event[event] += too_much
    whens = [When(pk=pk, then=Value(amount)) for pk, amount in per_event.items()]
    in_hand = Case(*whens, default=Value(ZERO), output_field=MONEY)
    events = Event.objects.filter(pk__in=per_event).annotate(in_hand=in_hand)
    return events.order_by("-starts_at", "-pk")

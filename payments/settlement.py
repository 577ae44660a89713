"""How events are paid here: the Settlement the events chapter asks for, through Stripe Checkout."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from events.models import Registration
from events.settlement import CannotAsk, MoneyState
from payments import actions, tasks
from payments import stripe_gateway as gateway
from payments.actions.checkout import NothingToPay
from payments.dues import balance
from payments.models import LedgerEntry, Payment, Refund, SellerSettings

ZERO = Decimal("0.00")


class StripeSettlement:
    """See events.settlement.Settlement for what each method promises."""

    def is_ready(self) -> bool:
        return gateway.is_configured()

    def ask(self, registration: Registration, *, at: datetime) -> str:
        try:
            return actions.start_checkout(registration=registration, at=at).session_url
        except (gateway.GatewayError, NothingToPay) as error:
            raise CannotAsk(str(error)) from error

    def withdraw(self, registration: Registration, *, at: datetime) -> None:
        tasks.withdraw.enqueue(registration.pk)

    def give_back(self, registration: Registration, reason: str, *, at: datetime) -> None:
        if reason == Refund.Reason.EVENT_CANCELLED and not SellerSettings.load().gives_back_at_once:
            return  # confirmed by a person, for the whole visit: see payments.actions.bulk_refunds
        actions.give_back(registration=registration, reason=reason, at=at)

    def state(self, registration: Registration) -> MoneyState:
        sums = dict(
            LedgerEntry.objects.filter(registration=registration)
            .order_by()
            .values_list("kind")
            .annotate(total=Sum("amount"))
        )
        refunded = -sums.get(LedgerEntry.Kind.REFUND, ZERO) - sums.get(LedgerEntry.Kind.REFUND_FAILED, ZERO)
        decided = Refund.objects.filter(payment__registration=registration).exclude(status=Refund.Status.FAILED)
        back = decided.aggregate(total=Sum("amount"))["total"] or ZERO
        return MoneyState(
            paid=sums.get(LedgerEntry.Kind.PAYMENT, ZERO) + sums.get(LedgerEntry.Kind.UNMATCHED, ZERO),
            refunded=refunded,
            coming_back=max(ZERO, back - refunded),
            is_processing=registration.payments.filter(status=Payment.Status.PROCESSING).exists(),
            due=max(ZERO, balance(registration)),
        )

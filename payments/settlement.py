"""How events are paid here: the Settlement the events chapter asks for, through Stripe Checkout."""

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from cms.templatetags.cms_tags import money
from events.billing import Billing
from events.models import Event, Registration
from events.settlement import CannotAsk, MoneyState, ToBePaid
from payments import actions, tasks
from payments import stripe_gateway as gateway
from payments.actions.checkout import NothingToPay
from payments.dues import balance, shares_by_registration
from payments.models import Invoice, LedgerEntry, Payment, Refund, SellerSettings
from payments.open_items import open_invoices, overdue
from payments.terms import asks_order_number, day_of, due_on, order_until

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
        by_hand = Sum("amount", filter=Q(pk__in=Refund.objects.to_transfer()))
        back = decided.aggregate(total=Sum("amount"), by_hand=by_hand)
        is_open = balance(registration)
        return MoneyState(
            paid=sums.get(LedgerEntry.Kind.PAYMENT, ZERO) + sums.get(LedgerEntry.Kind.UNMATCHED, ZERO),
            refunded=refunded,
            coming_back=max(ZERO, (back["total"] or ZERO) - refunded),
            by_transfer=back["by_hand"] or ZERO,
            undecided=max(ZERO, -is_open),
            disputed=-sum((sums.get(kind, ZERO) for kind in LedgerEntry.DISPUTED), start=ZERO),
            is_processing=registration.payments.filter(status=Payment.Status.PROCESSING).exists(),
            due=max(ZERO, is_open),
            fees=-sums.get(LedgerEntry.Kind.FEE, ZERO),
            **self._by_invoice(registration),
        )

    def _by_invoice(self, registration: Registration) -> dict[str, Any]:
        if not registration.is_by_invoice:
            return {}
        asked = list(open_invoices(timezone.localdate()).filter(registration=registration))
        waits = None
        if not asked and not Invoice.objects.filter(registration=registration).exists():
            waits = order_until(registration, SellerSettings.load())
        return {
            "invoiced": sum((invoice.open_amount for invoice in asked), start=ZERO),
            "due_on": asked[0].due_on if asked else None,
            "order_until": waits,
            "asks_order": asks_order_number(registration),
        }

    def to_be_paid(self, event: Event) -> ToBePaid:
        status = Registration.Status
        # Else everything was paid before the seats were certain.
        may_owe = Q(status=status.HELD) | Q(entitlements__withdrawn_at__isnull=False)
        online = Q(may_owe, status__in=[status.HELD, status.CONFIRMED])
        by_invoice = Q(billing_method=Registration.Billing.INVOICE, status__in=[status.CONFIRMED, *Registration.ENDED])
        asked = list(event.registrations.filter(online | by_invoice).distinct())
        shares = shares_by_registration(asked)
        sums = {True: ZERO, False: ZERO}
        for registration in asked:
            open_sum = sum((share.gross for share in shares[registration.pk]), start=ZERO)
            sums[registration.is_by_invoice] += max(ZERO, open_sum)
        return ToBePaid(online=sums[False], by_invoice=sums[True])

    def takes_invoices(self) -> bool:
        return not SellerSettings.load().missing()

    def due_on(self, event: Event, *, at: datetime) -> date:
        return due_on(visit=event.date, issued=day_of(at), seller=SellerSettings.load())

    def bill(self, registration: Registration, billing: Billing, *, at: datetime) -> None:
        actions.set_billing(registration=registration, at=at, **asdict(billing))

    def document(self, registration: Registration, reason: str, *, at: datetime) -> None:
        actions.document(registration=registration, reason=reason, at=at)

    def to_dos(self, event: Event, *, at: datetime) -> list[tuple[str, str]]:
        late = open_invoices(day_of(at)).filter(overdue(day_of(at)), registration__event=event)
        sums = late.order_by().aggregate(count=Count("pk"), amount=Sum("open_amount"))
        if not sums["count"]:
            return []
        said = ngettext(
            "%(count)s invoice is past its date and not paid: %(amount)s",
            "%(count)s invoices are past their date and not paid: %(amount)s",
            sums["count"],
        ) % {"count": sums["count"], "amount": money(sums["amount"])}
        return [(said, f"{reverse('open_invoices')}?event={event.pk}")]

"""What a matter to look into is about, in words: whose money, of which visit, how much, how it stands, and what next.

Figures and days are read from what the matter is about and written as the reader's language writes them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.templatetags.cms_tags import brief, money
from events.models import Registration
from payments.billing import buyer_of
from payments.models import BankTransaction, Concern, Dispute, Invoice, Payout, Refund, StripeEvent
from payments.stripe_words import CATEGORY, DISPUTE_REASON, DISPUTE_STATUS, FRAUD_TYPE, said

Kind = Concern.Kind


@dataclass
class Matter:
    """`amount` and `day` are written out; `who` is a buyer, or who was on the other side of a bank movement."""

    title: str
    who: str = ""
    reference: str = ""
    visit: str = ""
    amount: str = ""
    day: str = ""
    how: str = ""
    step: str = ""
    href: str = ""


def tell(concerns: Sequence[Concern], user: Any) -> list[Matter]:
    """Each in words, for who reads them: what they may not open is not linked, nor its people named. Few queries."""
    return _Telling(concerns, user).told()


class _Telling:
    """Everything the matters are about, fetched once per kind of thing."""

    def __init__(self, concerns: Sequence[Concern], user: Any) -> None:
        self.concerns = concerns
        self.user = user
        refunds = Refund.objects.filter(pk__in=self._numbers(Kind.REFUND_FAILED, Kind.TRANSFER))
        self.refunds = {str(row.pk): row for row in refunds}
        disputes = Dispute.objects.filter(
            dispute_id__in=[source.partition("/")[0] for source in self._of(Kind.DISPUTE)]
        )
        self.disputes = {row.dispute_id: row for row in disputes}
        payouts = Payout.objects.filter(payout_id__in=self._of(Kind.PAYOUT_DIFFERS, Kind.PAYOUT_FAILED))
        self.payouts = {row.payout_id: row for row in payouts.prefetch_related("items")}
        movements = BankTransaction.objects.with_state().filter(
            reference__in=self._of(Kind.UNKNOWN_MONEY, Kind.OVERPAID)
        )
        self.movements = {row.reference: row for row in movements.select_related("party")}
        self.notices = {row.event_id: row for row in StripeEvent.objects.filter(event_id__in=self._of(Kind.NOTICE))}
        registrations = Registration.objects.filter(pk__in=self._numbers(Kind.DOCUMENTS)).select_related("event")
        self.registrations = {str(row.pk): row for row in registrations}
        about = [*self.registrations.values(), *(row.payment.registration for row in concerns if row.payment)]
        documents = Prefetch("invoices", Invoice.objects.without_files())
        prefetch_related_objects(about, documents, "billing_details")

    def _of(self, *kinds: str) -> list[str]:
        return [concern.source for concern in self.concerns if concern.kind in kinds]

    def _numbers(self, *kinds: str) -> list[int]:
        return [int(source) for source in self._of(*kinds) if source.isdigit()]

    def told(self) -> list[Matter]:
        tellers: dict[str, Callable[[Concern, Matter], None]] = {
            Kind.NO_SEAT: self._payment,
            Kind.MISMATCH: self._mismatch,
            Kind.REFUND_FAILED: self._refund,
            Kind.TRANSFER: self._refund,
            Kind.DISPUTE: self._dispute,
            Kind.FRAUD_WARNING: self._warning,
            Kind.PAYOUT_DIFFERS: self._payout,
            Kind.PAYOUT_FAILED: self._payout,
            Kind.UNKNOWN_MONEY: self._movement,
            Kind.OVERPAID: self._movement,
            Kind.NOTICE: self._notice,
            Kind.DOCUMENTS: self._documents,
        }
        found = []
        for concern in self.concerns:
            matter = Matter(title=str(concern), day=brief(concern.raised_at))
            if concern.payment is not None:
                self._registration(concern.payment.registration, matter)
            tellers[concern.kind](concern, matter)
            if concern.resolved_at is not None:
                matter.step = matter.href = ""
            found.append(matter)
        return found

    def _registration(self, registration: Registration, matter: Matter) -> None:
        matter.who, matter.reference = buyer_of(registration), registration.reference
        matter.visit = registration.event.name

    def _next(self, matter: Matter, step: str, screen: str, model: str, pk: int) -> None:
        if self.user.has_perm(model):
            matter.step, matter.href = step, reverse(f"{screen}:inspect", args=[pk])

    def _decide(self, concern: Concern, matter: Matter, step: str) -> None:
        self._next(matter, step, "tour_concerns", "payments.view_concern", concern.pk)

    def _payment(self, concern: Concern, matter: Matter) -> None:
        payment = concern.payment
        if payment is not None:
            matter.amount = money(
                payment.received_amount or payment.amount, payment.received_currency or payment.currency
            )
            matter.day = brief(payment.paid_at or concern.raised_at)
        self._decide(concern, matter, _("Decide: the seat, or the money back"))

    def _mismatch(self, concern: Concern, matter: Matter) -> None:
        self._payment(concern, matter)
        if concern.payment is not None:
            asked = money(concern.payment.amount, concern.payment.currency)
            matter.how = _("%(asked)s was asked") % {"asked": asked}
        self._decide(concern, matter, _("Decide: give the money back"))

    def _refund(self, concern: Concern, matter: Matter) -> None:
        refund = self.refunds.get(concern.source)
        if refund is not None:
            matter.amount, matter.day = money(refund.amount, refund.currency), brief(refund.created_at)
            matter.how = refund.get_reason_display()
        if concern.kind == Kind.REFUND_FAILED:
            matter.how = ", ".join(filter(None, [matter.how, concern.text]))
            self._decide(concern, matter, _("Decide how it goes back"))
        else:
            self._decide(concern, matter, _("Transfer it, and say so"))

    def _dispute(self, concern: Concern, matter: Matter) -> None:
        dispute = self.disputes.get(concern.source.partition("/")[0])
        if dispute is None:
            matter.how = concern.text
            self._decide(concern, matter, _("Look into it"))
            return
        matter.amount, matter.day = money(dispute.amount, dispute.currency), brief(dispute.created_at)
        status, reason = said(DISPUTE_STATUS, dispute.status), said(DISPUTE_REASON, dispute.reason)
        matter.how = _("%(status)s (%(reason)s)") % {"status": status, "reason": reason}
        self._next(matter, _("Look at the dispute"), "tour_disputes", "payments.view_dispute", dispute.pk)

    def _warning(self, concern: Concern, matter: Matter) -> None:
        self._payment(concern, matter)
        matter.how = said(FRAUD_TYPE, concern.text)
        self._decide(concern, matter, _("Look into it: cancel the registration to give it back, or leave it"))

    def _payout(self, concern: Concern, matter: Matter) -> None:
        payout = self.payouts.get(concern.source)
        if payout is None:
            matter.how = concern.text
            self._decide(concern, matter, _("Look into it"))
            return
        matter.amount, matter.day = money(payout.amount, payout.currency), brief(payout.arrives_on)
        matter.how = payout.failure if concern.kind == Kind.PAYOUT_FAILED else _what_differs(payout) or concern.text
        self._next(matter, _("Look at the payout"), "tour_payouts", "payments.view_payout", payout.pk)

    def _movement(self, concern: Concern, matter: Matter) -> None:
        movement = self.movements.get(concern.source)
        if movement is None:
            matter.how = concern.text
            return
        held = movement.in_suspense
        matter.amount = money(held if held > 0 else movement.amount, movement.currency)
        matter.day = brief(movement.booked_on)
        if 0 < held < movement.amount:
            matter.how = _("of the %(amount)s that came") % {"amount": money(movement.amount, movement.currency)}
        if self.user.has_perm("payments.view_banktransaction"):
            party = getattr(movement, "party", None)
            matter.who = party.name if party else ""
        self._next(
            matter, _("Say what this money is"), "tour_bank_movements", "payments.view_banktransaction", movement.pk
        )

    def _notice(self, concern: Concern, matter: Matter) -> None:
        matter.how = concern.text
        notice = self.notices.get(concern.source)
        if notice is None:
            self._decide(concern, matter, _("Look into it"))
            return
        matter.day = brief(notice.received_at)
        step = _("Mend the cause, and process it again")
        self._next(matter, step, "tour_stripe_events", "payments.view_stripeevent", notice.pk)

    def _documents(self, concern: Concern, matter: Matter) -> None:
        registration = self.registrations.get(concern.source)
        if registration is None:
            matter.how = concern.text
            return
        self._registration(registration, matter)
        matter.amount, matter.how = "", concern.text.removeprefix(f"{registration.reference}: ")
        step = _("Look at the registration")
        self._next(matter, step, "tour_registrations", "events.view_registration", registration.pk)


def _what_differs(payout: Payout) -> str:
    """The sum that is missing, and what Stripe gathered that our books do not know."""
    parts = []
    if payout.difference:
        parts.append(_("difference %(amount)s") % {"amount": money(payout.difference, payout.currency)})
    for item in payout.items.all():
        if item.entry_id is None:
            what = {"what": said(CATEGORY, item.category), "amount": money(item.net, payout.currency)}
            parts.append(_("not in our books: %(what)s, %(amount)s") % what)
    return "; ".join(parts)

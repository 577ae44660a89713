"""The chain of one registration's money from end to end: payment, what Stripe made of it, payout, bank, documents.

Every entry of the ledger about it is in the chain once, so what the chain moved is what the ledger says it came to.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.templatetags.cms_tags import brief, money
from events.models import Registration
from payments.models import BankTransaction, Dispute, Invoice, LedgerEntry, Payment, PayoutItem, Refund
from payments.stripe_words import DISPUTE_STATUS, said

Kind = LedgerEntry.Kind
ZERO = Decimal("0.00")


@dataclass
class Link:
    """One link. `moved` is what the ledger says it moved, None where it only tells of another's; `amount` is shown.

    `screen` and `pk` name the page it has in the admin, `model` whose view permission that page asks.
    """

    what: "str | Promise"
    title: str = ""
    amount: Decimal | None = None
    currency: str = "EUR"
    moved: Decimal = ZERO
    note: str = ""
    screen: str = ""
    model: str = ""
    pk: int | None = None
    href: str = ""
    below: "list[Link]" = field(default_factory=list)

    def total(self) -> Decimal:
        """What it and all below it moved."""
        return self.moved + sum((link.total() for link in self.below), start=ZERO)


@dataclass(frozen=True)
class Chain:
    """`received` + `back` + `disputed` + `fees` = `left`; `ties` when the links come to what the ledger says."""

    links: list[Link]
    received: Decimal
    back: Decimal
    disputed: Decimal
    fees: Decimal
    left: Decimal
    ties: bool


def chain_of(registration: Registration) -> Chain:
    """In a constant number of queries."""
    return _Drawing(registration).draw()


class _Drawing:
    """Everything about the registration, fetched once, and which entries are drawn."""

    def __init__(self, registration: Registration) -> None:
        entries = LedgerEntry.objects.filter(registration=registration)
        self.entries = list(entries.select_related("bank_link__transaction__statement").order_by("occurred_at", "pk"))
        self.payments = list(registration.payments.order_by("created_at", "pk"))
        pks = [payment.pk for payment in self.payments]
        self.refunds = _by(Refund.objects.filter(payment__in=pks).order_by("created_at", "pk"), "payment_id")
        self.disputes = _by(Dispute.objects.filter(payment__in=pks).order_by("created_at", "pk"), "payment_id")
        items = PayoutItem.objects.filter(entry__registration=registration).select_related("payout")
        self.items = _by(items, "entry_id")
        payouts = [item.payout.payout_id for found in self.items.values() for item in found]
        arrived = LedgerEntry.objects.filter(kind=Kind.PAYOUT_ARRIVED, source__in=payouts)
        self.arrived = {entry.source: entry for entry in arrived.select_related("bank_link__transaction__statement")}
        documents = Invoice.objects.without_files().filter(registration=registration)
        self.documents = list(documents.order_by("issued_on", "pk"))
        self.drawn: set[int] = set()

    def draw(self) -> Chain:
        links = [self._payment(payment) for payment in self.payments]
        shown = {payment.pays_id for payment in self.payments if payment.pays_id}
        for document in self.documents:
            if (
                not document.is_credit_note
                and document.payment_id is None
                and not shown & {document.pk, document.replaces_id}
            ):
                links.append(self._invoice(document))
        links += [self._other(entry) for entry in self.entries if entry.pk not in self.drawn]
        sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for entry in self.entries:
            sums[entry.kind] += entry.amount
        left = sum(sums.values(), start=ZERO)
        return Chain(
            links=links,
            received=sums[Kind.PAYMENT] + sums[Kind.UNMATCHED],
            back=sums[Kind.REFUND] + sums[Kind.REFUND_FAILED],
            disputed=sums[Kind.DISPUTE] + sums[Kind.DISPUTE_WON],
            fees=sums[Kind.FEE] + sums[Kind.DISPUTE_FEE],
            left=left,
            ties=sum((link.total() for link in links), start=ZERO) == left,
        )

    def _take(self, *kinds: str, **about: Any) -> list[LedgerEntry]:
        """Entries of these kinds about this, not drawn yet; they are now."""
        found = [
            entry
            for entry in self.entries
            if entry.kind in kinds
            and entry.pk not in self.drawn
            and all(getattr(entry, name) == value for name, value in about.items())
        ]
        self.drawn |= {entry.pk for entry in found}
        return found

    def _payment(self, payment: Payment) -> Link:
        link = Link(
            gettext_lazy("Payment"),
            title=str(payment.get_account_display()),
            amount=payment.received_amount or payment.amount,
            currency=payment.received_currency or payment.currency,
            note=str(payment.get_status_display()),
            screen="tour_payments",
            model="payment",
            pk=payment.pk,
        )
        came = self._take(Kind.PAYMENT, Kind.UNMATCHED, payment_id=payment.pk)
        link.moved = _sum(came)
        fees = self._take(Kind.FEE, payment_id=payment.pk)
        for entry in came:
            link.below += self._where(entry, fees if entry is came[0] else [])
        for document in self.documents:
            if not document.is_credit_note and (
                document.payment_id == payment.pk or payment.pays_id in (document.pk, document.replaces_id or 0)
            ):
                link.below.append(self._invoice(document))
        link.below += [self._refund(refund) for refund in self.refunds[payment.pk]]
        link.below += self._disputes(payment)
        return link

    def _where(self, entry: LedgerEntry, fees: list[LedgerEntry]) -> list[Link]:
        """Where an entry is: in a balance transaction of Stripe's and its payout, or in a movement of the bank."""
        bank = _bank(entry)
        if entry.account == LedgerEntry.Account.BANK:
            return [bank] if bank else [Link(gettext_lazy("Bank"), note=_("on no statement yet"))]
        fee = _sum(fees)
        items = self.items[entry.pk]
        if not items and not fees:
            return []
        link = Link(
            gettext_lazy("Balance transaction"),
            title=items[0].transaction_id if items else entry.source,
            amount=entry.amount + fee,
            moved=fee,
            note=_("%(gross)s less a fee of %(fee)s") % {"gross": money(entry.amount), "fee": money(-fee)}
            if fee
            else "",
            screen="tour_ledger",
            model="ledgerentry",
            pk=entry.pk,
        )
        link.below += [self._payout(item) for item in items]
        return [link]

    def _payout(self, item: PayoutItem) -> Link:
        payout = item.payout
        link = Link(
            gettext_lazy("Payout"),
            title=payout.payout_id,
            amount=payout.amount,
            note=f"{payout.get_status_display()}, {brief(payout.arrives_on)}",
            screen="tour_payouts",
            model="payout",
            pk=payout.pk,
        )
        arrived = self.arrived.get(payout.payout_id)
        if arrived is not None and (bank := _bank(arrived)) is not None:
            link.below.append(bank)
        return link

    def _invoice(self, document: Invoice) -> Link:
        link = self._document(document)
        notes = [note for note in self.documents if note.refers_to_id == document.pk and note.refund_id is None]
        link.below = [self._document(note) for note in notes]
        return link

    def _document(self, document: Invoice) -> Link:
        return Link(
            document.get_kind_display(),
            title=document.number,
            amount=-document.gross if document.is_credit_note else document.gross,
            note=brief(document.issued_on),
            screen="tour_invoices",
            model="invoice",
            pk=document.pk,
        )

    def _refund(self, refund: Refund) -> Link:
        entries = self._take(*LedgerEntry.BACK, refund_id=refund.pk)
        link = Link(
            gettext_lazy("Refund"),
            title=str(refund.get_reason_display()),
            amount=-refund.amount,
            currency=refund.currency,
            moved=_sum(entries),
            note=str(refund.get_status_display()),
            screen="tour_refunds",
            model="refund",
            pk=refund.pk,
        )
        for entry in entries:
            link.below += self._where(entry, [])
        link.below += [self._document(note) for note in self.documents if note.refund_id == refund.pk]
        return link

    def _disputes(self, payment: Payment) -> list[Link]:
        entries = self._take(Kind.DISPUTE, Kind.DISPUTE_WON, Kind.DISPUTE_FEE, payment_id=payment.pk)
        moved = [self._other(entry) for entry in entries]
        told = [
            Link(
                gettext_lazy("Dispute"),
                title=dispute.dispute_id,
                amount=-dispute.amount,
                note=said(DISPUTE_STATUS, dispute.status),
                screen="tour_disputes",
                model="dispute",
                pk=dispute.pk,
            )
            for dispute in self.disputes[payment.pk]
        ]
        if not told:
            return moved
        told[-1].below = moved  # a payment is disputed once, but for a bank that tries again
        return told

    def _other(self, entry: LedgerEntry) -> Link:
        """An entry as such."""
        link = Link(
            entry.get_kind_display(),
            title=entry.source,
            amount=entry.amount,
            moved=entry.amount,
            screen="tour_ledger",
            model="ledgerentry",
            pk=entry.pk,
        )
        link.below += [self._payout(item) for item in self.items[entry.pk]]
        return link


def _by(rows: Any, name: str) -> dict[Any, list[Any]]:
    grouped: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[getattr(row, name)].append(row)
    return grouped


def _sum(entries: list[LedgerEntry]) -> Decimal:
    return sum((entry.amount for entry in entries), start=ZERO)


def _bank(entry: LedgerEntry) -> Link | None:
    found = getattr(entry, "bank_link", None)
    if found is None:
        return None
    movement: BankTransaction = found.transaction
    return Link(
        gettext_lazy("Bank movement"),
        title=brief(movement.booked_on),
        amount=movement.amount,
        note=_("statement %(statement)s") % {"statement": movement.statement.statement_id},
        screen="tour_bank_movements",
        model="banktransaction",
        pk=movement.pk,
    )

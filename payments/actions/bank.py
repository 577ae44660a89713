"""Taking in a bank statement: checked whole, booked once, and seen beforehand exactly as it will be."""

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from events.actions.steps import lock_registration
from events.locks import lock_event
from payments.actions.bank_matching import Outcome, Result, above, match
from payments.actions.bookkeeping import book_movement
from payments.models import (
    BankParty,
    BankStatement,
    BankTransaction,
    BankUpload,
    LedgerEntry,
    Payment,
    Refund,
    SellerSettings,
)
from payments.statements import Statement, StatementRefused, read

log = logging.getLogger("payments")
ZERO = Decimal("0.00")
#: One import at a time: two files that overlap wait for each other.
ONE_AT_A_TIME = 0x62616E6B
#: After the movement, or the visit it was for: then nobody is paid back to this account any more.
PARTY_KEPT = timedelta(days=90)
UPLOAD_KEPT = timedelta(days=1)


class Imported(NamedTuple):
    """What a file brought. `known` movements were there already; `pending` ones the bank had not booked."""

    statements: list[BankStatement]
    results: list[Result]
    known: int = 0
    pending: int = 0

    def count(self, outcome: Outcome) -> int:
        return sum(1 for result in self.results if result.outcome == outcome)


def foresee_statement(*, content: bytes, at: datetime) -> Imported:
    """What importing this file will do: it is done, counted and undone. Raises StatementRefused."""
    with transaction.atomic():
        imported = import_statement(content=content, file_name="", by=None, at=at)
        transaction.set_rollback(True)
    return imported


@transaction.atomic
def import_statement(*, content: bytes, file_name: str, by: Any, at: datetime) -> Imported:
    """Take in every statement of a file, and book what is sure of it. All of it, or nothing.

    A movement that is known already, from this file or another, adds nothing. What an earlier import left not booked
    is looked at again. Locks events, registrations, then what is below them. Raises StatementRefused.
    """
    statements = read(content)
    own = SellerSettings.load().iban
    if not own:
        raise StatementRefused.because("no_account")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    made: list[BankStatement] = []
    known = pending = 0
    for statement in sorted(statements, key=lambda told: (told.opened_on, told.closed_on)):
        if statement.iban != own:
            raise StatementRefused.because(
                "account", statement=statement.statement_id, found=statement.iban, wanted=own
            )
        pending += statement.pending
        written, already = _write(statement, file_name, by, at)
        known += already
        if written is not None:
            made.append(written)
    new = {statement.pk for statement in made}
    results = [
        result
        for result in _match_all(at)
        if result.transaction.statement_id in new or result.outcome != Outcome.LISTED
    ]
    return Imported(made, results, known, pending)


def _write(statement: Statement, file_name: str, by: Any, at: datetime) -> tuple[BankStatement | None, int]:
    """The rows of a statement and what is new in it; None when it is known, with how many of its movements were."""
    references = statement.references()
    is_known = {"iban": statement.iban, "statement_id": statement.statement_id, "digest": statement.digest()}
    if BankStatement.objects.filter(**is_known).exists():
        return None, len(references)
    known = set(BankTransaction.objects.filter(reference__in=references).values_list("reference", flat=True))
    _keep_to_one_format(statement)
    first = BankStatement.objects.filter(iban=statement.iban).order_by("opened_on", "closed_on", "pk").first()
    written = BankStatement.objects.create(
        **is_known,
        sequence=statement.sequence,
        format=statement.format,
        currency=statement.currency,
        opening=statement.opening,
        closing=statement.closing,
        opened_on=statement.opened_on,
        closed_on=statement.closed_on,
        pending=statement.pending,
        file_name=file_name[:120],
        imported_at=at,
        imported_by=by,
    )
    _book_opening(written, first, at)
    rows = [
        BankTransaction(
            statement=written,
            position=place,
            reference=reference,
            bank_reference=movement.bank_reference,
            booked_on=movement.booked_on,
            valued_on=movement.valued_on,
            amount=movement.amount,
            currency=statement.currency,
            structured=movement.structured,
            code=movement.code,
            is_fee=movement.is_fee,
        )
        for place, (reference, movement) in enumerate(zip(references, statement.movements, strict=True), start=1)
        if reference not in known
    ]
    BankTransaction.objects.bulk_create(rows)
    told = dict(zip(references, statement.movements, strict=True))
    BankParty.objects.bulk_create(
        [
            BankParty(transaction=row, name=said.name, iban=said.iban, text=said.text)
            for row in rows
            if (said := told[row.reference]).name or said.iban or said.text
        ]
    )
    return written, len(known)


def _keep_to_one_format(statement: Statement) -> None:
    """The two formats name the same movement differently, so for the same days they would count it twice."""
    days = [movement.booked_on for movement in statement.movements]
    if not days:
        return
    others = BankTransaction.objects.filter(
        statement__iban=statement.iban, booked_on__range=(min(days), max(days))
    ).exclude(statement__format=statement.format)
    if (other := others.select_related("statement").first()) is not None:
        raise StatementRefused.because("mixed", format=other.statement.get_format_display())


def _book_opening(written: BankStatement, first: BankStatement | None, at: datetime) -> None:
    """What the account held before the first statement; corrected when an earlier one is imported later."""
    if first is not None and (written.opened_on, written.closed_on) >= (first.opened_on, first.closed_on):
        return
    amount = written.opening - (first.opening if first is not None else ZERO)
    moment = _noon(written.opened_on)
    account = LedgerEntry.Account.BANK
    book_movement(LedgerEntry.Kind.OPENING, f"opening-{written.pk}", amount, moment, at=at, account=account)


def _noon(day: date) -> datetime:
    return BankTransaction(booked_on=day).occurred_at


@transaction.atomic
def match_again(*, at: datetime) -> list[Result]:
    """Look again at what is not booked: a payout Stripe told of meanwhile, a refund decided since. Those found."""
    if not BankTransaction.objects.not_booked().exists():
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    return [result for result in _match_all(at) if result.outcome != Outcome.LISTED]


def _match_all(at: datetime) -> list[Result]:
    waiting = BankTransaction.objects.not_booked().order_by("booked_on", "pk")
    lock_above(list(waiting))
    # Whoever was saying what one is, has said it once we have its lock: asked again after that.
    list(waiting.select_for_update(of=("self",), no_key=True))
    return [_matched(movement, at) for movement in waiting.select_related("party")]


def _matched(movement: BankTransaction, at: datetime) -> Result:
    """One that cannot be booked keeps no other from it: it stays listed, for a person."""
    try:
        with transaction.atomic():
            return match(movement, at=at)
    except Exception:
        log.exception("Bank movement %s", movement.pk)
        return Result(movement, Outcome.LISTED)


def lock_above(movements: Sequence[BankTransaction], *, also: Sequence[tuple[int, int]] = ()) -> None:
    """Events, then registrations, each in the order of their rows. `also` are more (event, registration)."""
    events, registrations = above(movements)
    for event in sorted({*events, *(event for event, _registration in also)}):
        lock_event(event)
    for registration in sorted({*registrations, *(registration for _event, registration in also)}):
        lock_registration(registration)


@transaction.atomic
def keep_upload(*, content: bytes, file_name: str, by: Any, at: datetime) -> BankUpload:
    """Keep a file while somebody looks at what it will do."""
    return BankUpload.objects.create(content=content, file_name=file_name[:120], uploaded_by=by, uploaded_at=at)


@transaction.atomic
def forget_parties(*, at: datetime) -> int:
    """Delete who was on the other side of movements that are settled, and files nobody imported. Returns how many.

    Kept while money may go back there: until 90 days after the movement, and after the visit it paid for; longer while
    it is not booked, not matched, or a refund of it waits.
    """
    BankUpload.objects.filter(uploaded_at__lt=at - UPLOAD_KEPT).delete()
    before = at - PARTY_KEPT
    coming = Payment.objects.filter(
        ledger_entries__bank_link__transaction=OuterRef("transaction"), registration__event__ends_at__gte=before
    )
    waiting = Refund.objects.to_transfer().filter(
        payment__ledger_entries__bank_link__transaction=OuterRef("transaction")
    )
    settled = BankTransaction.objects.with_state().filter(
        booked_on__lt=before.date(), is_booked=True, in_suspense__lte=0
    )
    served = BankParty.objects.filter(Q(transaction__in=settled.values("pk")), ~Exists(coming), ~Exists(waiting))
    gone = list(served.values_list("pk", flat=True))
    BankParty.objects.filter(pk__in=gone).delete()
    return len(gone)

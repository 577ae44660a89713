"""CODA, the Belgian banks' own format (Febelfin), read by the library Tryton keeps."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

from coda import CODA
from stdnum import iban as stdnum_iban

from payments.statements.facts import Movement, Statement, StatementRefused, is_structured, own_reference, structured_in

FORMAT = "coda"
#: "Costs": the family of movements a bank books for itself (Febelfin, annex II).
FEE_FAMILIES = {"80"}
#: The communication is a structured one with check digits.
STRUCTURED = {"101", "102"}
WIDTH = 128


def read_coda(content: bytes) -> list[Statement]:
    """Raises StatementRefused, also for what the library finds wrong: counts, sums, unknown records."""
    lines = content.decode("windows-1252", errors="replace").splitlines()
    if any(len(line) != WIDTH for line in lines if line.strip()):
        raise StatementRefused.because("not_xml")
    text = io.StringIO("".join(f"{line}\n" for line in lines if line.strip()))
    try:
        # A record cut off, a sum that is wrong, a kind nobody knows: the library says so by any of these.
        found = CODA(text).statements
        return [_statement(statement) for statement in found]
    except (AssertionError, ValueError, KeyError, IndexError, AttributeError, TypeError, ArithmeticError) as error:
        raise StatementRefused.because("unreadable", statement="CODA", what=str(error)[:80] or "CODA") from None


def _statement(found: Any) -> Statement:
    # A CODA number begins again each year: with the day it names the statement.
    closed_on: date = found.new_balance_date
    name = f"{closed_on:%Y}-{found.old_sequence}"
    movements = [movement for move in found.moves for movement in _movements(move, closed_on)]
    days = [movement.booked_on for movement in movements]
    return Statement(
        format=FORMAT,
        iban=str(stdnum_iban.compact(found.account)),
        statement_id=name,
        sequence=str(found.old_sequence),
        currency=found.account_currency,
        opening=_cents(found.old_balance),
        closing=_cents(found.new_balance),
        opened_on=min([found.old_balance_date, closed_on, *days]),
        closed_on=max([closed_on, *days]),
        movements=tuple(movements),
    )


def _movements(move: Any, closed_on: date) -> list[Movement]:
    """A movement, or its parts where they are given and come to it."""
    parts = [part for part in move.moves if part.amount]
    if len(parts) < 2 or sum(part.amount for part in parts) != move.amount:
        parts = [move]
    return [_movement(part, closed_on) for part in parts if part.amount]


def _movement(move: Any, closed_on: date) -> Movement:
    said = " ".join((move.communication or "").split())
    structured = said if move.communication_type in STRUCTURED and is_structured(said) else structured_in(said)
    amount = _cents(move.amount)
    reference = own_reference(move.bank_reference or "")
    return Movement(
        booked_on=move.entry_date or closed_on,
        valued_on=move.value_date,
        amount=amount,
        bank_reference=f"{reference} {move.detail_sequence}" if reference else "",
        name=" ".join((move.counterparty_name or "").split())[:140],
        iban=_account(move.counterparty_account or ""),
        structured=structured,
        text=said[:500],
        code="/".join([move.transaction_family, move.transaction_transaction, move.transaction_category]),
        is_fee=amount < 0 and move.transaction_family in FEE_FAMILIES,
    )


def _account(written: str) -> str:
    """The IBAN at its beginning; the currency may follow it."""
    first = written.split()[:1]
    return str(stdnum_iban.compact(first[0]))[:34] if first else ""


def _cents(amount: Decimal) -> Decimal:
    exact = amount.quantize(Decimal("0.01"))
    if exact != amount:
        raise ValueError(f"{amount} is not in cents")
    return exact

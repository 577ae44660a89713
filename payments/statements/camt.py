"""CAMT.053 (ISO 20022, BankToCustomerStatement), editions .02 and .08: what banks in Belgium send today.

The two differ in where a name stands (`Dbtr/Nm`, `Dbtr/Pty/Nm`) and how a state is written (`Sts`, `Sts/Cd`).
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree
from stdnum import iban as stdnum_iban

from payments.statements.facts import Movement, Statement, StatementRefused, own_reference, structured_in

FORMAT = "camt.053"
READ = {"camt.053.001.02", "camt.053.001.08"}
_SPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:([a-z]{4}\.\d{3}\.\d{3}\.\d{2})")
#: ISO 20022's own code of a movement: these families and sub-families are charges of the bank.
FEES = {"CHRG", "FEES", "COMM"}


def read_camt(content: bytes) -> list[Statement]:
    """Raises StatementRefused."""
    root = _parsed(content)
    space = root.tag.rpartition("}")[0].lstrip("{")
    found = _SPACE.fullmatch(space)
    name = found.group(1) if found else etree.QName(root).localname[:60]
    if not name.startswith("camt.053"):
        raise StatementRefused.because("not_camt", found=name)
    if name not in READ:
        raise StatementRefused.because("version", found=name)
    return [_statement(_Node(node, space)) for node in root.iterfind(f"{{{space}}}BkToCstmrStmt/{{{space}}}Stmt")]


def _parsed(content: bytes) -> Any:
    """Without entities, definitions or addresses to fetch: a bank's statement has none of them."""
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, dtd_validation=False, no_network=True, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise StatementRefused.because("not_xml") from None
    if root.getroottree().docinfo.doctype:
        raise StatementRefused.because("has_dtd")
    return root


class _Node:
    """An element and the namespace all of it is in."""

    def __init__(self, element: Any, space: str) -> None:
        self.element, self.space = element, space

    def all(self, path: str) -> "Iterator[_Node]":
        wanted = "/".join(f"{{{self.space}}}{step}" for step in path.split("/"))
        return (_Node(found, self.space) for found in self.element.iterfind(wanted))

    def first(self, path: str) -> "_Node | None":
        return next(self.all(path), None)

    def own(self) -> str:
        """Its text, spaces tidied."""
        return " ".join((self.element.text or "").split())

    def text(self, *paths: str) -> str:
        """Of the first of these paths that says something."""
        return next((said for path in paths for node in self.all(path) if (said := node.own())), "")


def _statement(node: _Node) -> Statement:
    name = node.text("Id") or "?"
    iban = node.text("Acct/Id/IBAN")
    if not iban:
        raise StatementRefused.because("missing", statement=name, what="Acct/Id/IBAN")
    opening, opened_on = _balance(node, name, "OPBD", "PRCD")
    closing, closed_on = _balance(node, name, "CLBD")
    movements: list[Movement] = []
    pending = 0
    for entry in node.all("Ntry"):
        if entry.text("Sts/Cd", "Sts") == "BOOK":
            movements += _movements(entry, name)
        else:
            pending += 1
    days = [movement.booked_on for movement in movements]
    return Statement(
        format=FORMAT,
        iban=str(stdnum_iban.compact(iban))[:34],
        statement_id=name[:70],
        sequence=node.text("ElctrncSeqNb", "LglSeqNb")[:20],
        currency=_currency(node),
        opening=opening,
        closing=closing,
        opened_on=min([opened_on, closed_on, *days]),
        closed_on=max([closed_on, *days]),
        movements=tuple(movements),
        pending=pending,
    )


def _currency(node: _Node) -> str:
    """Of the account, its balances and its movements: the first that is not what the books are in, else that."""
    amounts = [node.text("Acct/Ccy")]
    amounts += [found.element.get("Ccy", "") for path in ("Bal/Amt", "Ntry/Amt") for found in node.all(path)]
    return next((code for code in amounts if code not in ("", "EUR")), "EUR")[:3]


def _balance(node: _Node, name: str, *kinds: str) -> tuple[Decimal, date]:
    for kind in kinds:
        for balance in node.all("Bal"):
            if balance.text("Tp/CdOrPrtry/Cd") == kind:
                return _amount(balance, name), _day(balance, name, "Dt")
    raise StatementRefused.because("missing", statement=name, what=f"Bal {'/'.join(kinds)}")


def _amount(node: _Node, name: str, path: str = "Amt") -> Decimal:
    """Signed by CdtDbtInd, which says how the account moves, also for a reversal (RvslInd)."""
    written = node.text(path)
    if re.fullmatch(r"\d{1,12}(\.\d{1,5})?", written) is None:
        raise StatementRefused.because("unreadable", statement=name, what=f"{path} {written[:40]!r}")
    value = Decimal(written)
    if value != value.quantize(Decimal("0.01")):
        raise StatementRefused.because("unreadable", statement=name, what=f"{path} {written}")
    sign = node.text("CdtDbtInd")
    if sign not in {"CRDT", "DBIT"}:
        raise StatementRefused.because("missing", statement=name, what="CdtDbtInd")
    value = value.quantize(Decimal("0.01"))
    return value if sign == "CRDT" else -value


def _day(node: _Node, name: str, path: str) -> date:
    written = node.text(f"{path}/Dt", f"{path}/DtTm")
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        raise StatementRefused.because("unreadable", statement=name, what=f"{path} {written[:40]!r}") from None


def _movements(entry: _Node, name: str) -> list[Movement]:
    """An entry, or each part of one that the bank booked together, where the parts add up to it."""
    amount = _amount(entry, name)
    if not amount:
        return []
    booked_on = _day(entry, name, "BookgDt")
    valued_on = _day(entry, name, "ValDt") if entry.first("ValDt") else None
    own = own_reference(entry.text("AcctSvcrRef", "NtryRef"))
    parts = list(entry.all("NtryDtls/TxDtls"))
    shares = _shares(parts, amount, name)
    if shares is None:
        parts, shares = parts[:1] if len(parts) == 1 else [], [amount]
    made = []
    for place, share in enumerate(shares):
        part = parts[place] if parts else entry
        reference = own_reference(part.text("Refs/AcctSvcrRef")) or own
        if len(shares) > 1 and reference == own:
            reference = f"{own}/{place + 1}"[:70] if own else ""
        code = _code(part) or _code(entry)
        made.append(
            Movement(
                booked_on=booked_on,
                valued_on=valued_on,
                amount=share,
                bank_reference=reference,
                code=code,
                is_fee=share < 0 and bool(FEES.intersection(code.split("/"))),
                **_said(part, entry, is_credit=share > 0),
            )
        )
    return made


def _shares(parts: list[_Node], amount: Decimal, name: str) -> list[Decimal] | None:
    """What each part moved; None unless there are several in euro that add up to the entry."""
    if len(parts) < 2:
        return None
    shares = []
    for part in parts:
        path = next((path for path in ("Amt", "AmtDtls/TxAmt/Amt") if part.text(path)), "")
        found = part.first(path) if path else None
        if found is None or found.element.get("Ccy") != "EUR":
            return None
        if part.text("CdtDbtInd"):
            shares.append(_amount(part, name, path))
        else:
            try:
                value = Decimal(part.text(path)).quantize(Decimal("0.01"))
            except InvalidOperation:
                return None
            shares.append(value if amount > 0 else -value)
    return shares if sum(shares) == amount and all(shares) else None


def _code(node: _Node) -> str:
    """ "PMNT/RCDT/ESCT", or the bank's own."""
    steps = ("Domn/Cd", "Domn/Fmly/Cd", "Domn/Fmly/SubFmlyCd")
    iso = [node.text(f"BkTxCd/{step}") for step in steps]
    return "/".join(filter(None, iso))[:70] if any(iso) else node.text("BkTxCd/Prtry/Cd")[:70]


def _said(part: _Node, entry: _Node, *, is_credit: bool) -> dict[str, str]:
    """Who was on the other side, and what they wrote."""
    side = "Dbtr" if is_credit else "Cdtr"
    name = part.text(f"RltdPties/{side}/Nm", f"RltdPties/{side}/Pty/Nm", f"RltdPties/Ultmt{side}/Nm")
    account = part.text(f"RltdPties/{side}Acct/Id/IBAN")
    notes = [found.own() for found in part.all("RmtInf/Ustrd")]
    marks = [found.own() for found in part.all("RmtInf/Strd/CdtrRefInf/Ref")]
    more = [found.own() for found in part.all("RmtInf/Strd/AddtlRmtInf")]
    extra = [part.text("AddtlTxInf"), entry.text("AddtlNtryInf")] if not notes else []
    reference = structured_in(*marks)
    return {
        "name": name[:140],
        "iban": str(stdnum_iban.compact(account))[:34] if account else "",
        "structured": reference or structured_in(*notes, *more, *extra),
        "text": " ".join(filter(None, [*notes, *marks, *more, *extra, _end_to_end(part)]))[:500],
    }


def _end_to_end(part: _Node) -> str:
    return own_reference(part.text("Refs/EndToEndId"))

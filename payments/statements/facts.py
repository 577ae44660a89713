"""What a statement says, whatever format it came in."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from stdnum.be import ogm_vcs

CURRENCY = "EUR"
ZERO = Decimal("0.00")
#: What banks write where they have no reference to give.
NO_REFERENCE = {"NOTPROVIDED", "NONREF", "NOREF", "NONE", "0"}
_MARKED = re.compile(r"(?:\+{3}|\*{3})\s*(\d{3})\s*/\s*(\d{4})\s*/\s*(\d{5})\s*(?:\+{3}|\*{3})")
_BARE = re.compile(r"(?<![\d/])(?:(\d{3})/(\d{4})/(\d{5})|(\d{12}))(?![\d/])")


class StatementRefused(Exception):
    """The file is not taken in, nothing of it; `str()` is a translated sentence for whoever uploaded it."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code

    @classmethod
    def because(cls, code: str, **facts: object) -> "StatementRefused":
        said = {
            "empty": _("The file is empty."),
            "too_large": _("The file is larger than 10 MB: ask your bank for a shorter period."),
            "not_xml": _("This is not a bank statement: the file is neither XML nor CODA."),
            "has_dtd": _("The file brings definitions of its own (a DOCTYPE), which a bank's statement never does."),
            "not_camt": _("This is XML, but not a CAMT.053 statement: it is %(found)s."),
            "version": _("This is %(found)s; what is read here is camt.053.001.02 and camt.053.001.08."),
            "no_statement": _("There is no statement in this file."),
            "missing": _("Statement %(statement)s lacks %(what)s."),
            "unreadable": _("Statement %(statement)s cannot be read: %(what)s."),
            "currency": _("Statement %(statement)s is in %(found)s; the Tour's books are in EUR."),
            "account": _("Statement %(statement)s is of account %(found)s, and the seller's is %(wanted)s."),
            "no_account": _("Fill in the seller's IBAN first, under Settings, Seller on invoices."),
            "balance": _(
                "Statement %(statement)s does not add up: %(opening)s and movements of %(moved)s make %(sum)s, and it "
                "ends at %(closing)s."
            ),
            "mixed": _("Movements of these days were imported as %(format)s already: keep to one format."),
        }[code]
        return cls(code, said % facts)


@dataclass(frozen=True)
class Movement:
    """One movement as booked by the bank. Money in is positive; `text` is what the payer wrote, in one line."""

    booked_on: date
    amount: Decimal
    valued_on: date | None = None
    bank_reference: str = ""
    name: str = ""
    iban: str = ""
    structured: str = ""
    text: str = ""
    code: str = ""
    is_fee: bool = False


@dataclass(frozen=True)
class Statement:
    """A statement of one account. `pending` is how many movements the bank had not booked: those are left out."""

    format: str
    iban: str
    statement_id: str
    sequence: str
    currency: str
    opening: Decimal
    closing: Decimal
    opened_on: date
    closed_on: date
    movements: tuple[Movement, ...] = ()
    pending: int = 0

    def check(self) -> None:
        """Raises StatementRefused for another currency, or when it does not add up."""
        if self.currency != CURRENCY:
            raise StatementRefused.because("currency", statement=self.statement_id, found=self.currency)
        moved = sum((movement.amount for movement in self.movements), start=ZERO)
        if self.opening + moved != self.closing:
            raise StatementRefused.because(
                "balance",
                statement=self.statement_id,
                opening=self.opening,
                moved=moved,
                sum=self.opening + moved,
                closing=self.closing,
            )

    def references(self) -> list[str]:
        """For each movement what names it, in any file it stands in: the bank's reference, its day and its amount.

        Where the bank gives no reference, what it says of the movement; the same twice on a day is told by its place
        among its equals, which a bank's statements keep.
        """
        seen: dict[str, int] = {}
        named = []
        for movement in self.movements:
            facts = [self.iban, movement.booked_on.isoformat(), str(movement.amount), movement.bank_reference]
            if not movement.bank_reference:
                facts += [movement.name, movement.iban, movement.structured, movement.text]
            key = "\t".join(facts)
            seen[key] = seen.get(key, 0) + 1
            named.append(hashlib.sha256(f"{key}\t{seen[key]}".encode()).hexdigest()[:40])
        return named

    def digest(self) -> str:
        """SHA-256 of what it says."""
        facts = [self.iban, self.statement_id, self.sequence, str(self.opening), str(self.closing)]
        return hashlib.sha256("\n".join([*facts, *self.references()]).encode()).hexdigest()


def own_reference(value: str) -> str:
    """The bank's reference, empty where it only says that there is none."""
    value = " ".join(value.split())[:70]
    return "" if value.upper() in NO_REFERENCE else value


def structured_in(*texts: str) -> str:
    """The one structured communication in these texts, twelve digits; empty when there is none, or more than one.

    Written between plusses or stars it is meant as one. Without them twelve digits may be anything, so they count only
    where nothing is marked; the check digits are asked of both.
    """
    for pattern in (_MARKED, _BARE):
        found = {"".join(filter(None, groups)) for text in texts for groups in pattern.findall(text)}
        valid = {digits for digits in found if is_structured(digits)}
        if len(valid) == 1:
            return valid.pop()
        if valid:
            return ""
    return ""


def is_structured(digits: str) -> bool:
    """Twelve digits whose last two are the remainder of the first ten by 97 (97 for 0)."""
    return len(digits) == 12 and bool(ogm_vcs.is_valid(digits))

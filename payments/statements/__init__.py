"""Reading bank statements: CAMT.053 (ISO 20022) and CODA. A file is read whole or refused whole, with a reason.

Nothing here touches the database, and nothing is booked: payments.actions.bank does that.
"""

from payments.statements.camt import read_camt
from payments.statements.coda import read_coda
from payments.statements.facts import Movement, Statement, StatementRefused

#: A year of a busy account is about a tenth of it.
LARGEST = 10 * 1024 * 1024

__all__ = ["LARGEST", "Movement", "Statement", "StatementRefused", "read"]


def read(content: bytes) -> list[Statement]:
    """The statements of a file, each checked: its movements lead from its opening to its closing balance.

    Raises StatementRefused.
    """
    if not content.strip():
        raise StatementRefused.because("empty")
    if len(content) > LARGEST:
        raise StatementRefused.because("too_large")
    # A CODA file is lines of 128 characters that begin with the header of a statement.
    statements = read_coda(content) if content[:1] == b"0" else read_camt(content)
    if not statements:
        raise StatementRefused.because("no_statement")
    for statement in statements:
        statement.check()
    return statements

"""The bank of the year: what it will book, and the statements it sends, with its own balance."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from payments import actions
from payments.models import Payout, Refund
from tests.payments.statements_support import camt, entry

OPENING = Decimal("1000.00")
COSTS = Decimal("-4.50")
TRANSFER = "PMNT/ICDT/ESCT"
CHARGE = "PMNT/MDOP/CHRG"


class Bank:
    """One account; a statement takes in all that was expected since the one before."""

    def __init__(self, first: date) -> None:
        self.balance = OPENING
        self.closed = first
        #: (day, balance at its end), one a statement.
        self.statements: list[tuple[date, Decimal]] = []
        #: (day, amount) of what went back to people by transfer, and of what the bank charged, as the books have it.
        self.given_back: list[tuple[date, Decimal]] = []
        self.costs: list[tuple[date, Decimal]] = []
        self._coming: list[Callable[[str], dict]] = []
        self._seen: set[str] = set()
        self._charged = Decimal("0.00")

    def comes_in(self, amount: Decimal, structured: str) -> None:
        self._coming.append(lambda day: entry(amount, structured=structured, iban="", day=day))

    def goes_out(self, amount: Decimal, text: str) -> None:
        self._coming.append(lambda day: entry(-amount, text=text, day=day, code=TRANSFER))

    def charges(self) -> None:
        self._charged += COSTS
        self._coming.append(lambda day: entry(COSTS, text="Kosten", name="Bank", iban="", day=day, code=CHARGE))

    def send_statement(self, at) -> None:
        """What was expected, the payouts that arrived and the transfers we owed, as a file that is imported."""
        self._pay_out_and_transfer(at.date())
        coming, self._coming = self._coming, []
        if not coming:
            return
        day = at.date()
        movements = [made(day.isoformat()) for made in coming]
        content = camt(
            *movements,
            opening=str(self.balance),
            name=f"{day:%Y-%m%d}",
            opened=self.closed.isoformat(),
            closed=day.isoformat(),
        )
        self.balance += sum(movement["amount"] for movement in movements)
        self.closed = day
        self.statements.append((day, self.balance))
        self.costs.append((day, -self._charged))
        self._charged = Decimal("0.00")
        actions.import_statement(content=content, file_name=f"{day}.xml", by=None, at=at)

    def balance_on(self, day: date) -> Decimal:
        return next((balance for closed, balance in reversed(self.statements) if closed <= day), Decimal("0.00"))

    def _pay_out_and_transfer(self, day: date) -> None:
        for payout in Payout.objects.filter(status=Payout.Status.PAID).order_by("pk"):
            if self._is_new(payout.payout_id):
                amount, name = payout.amount, payout.payout_id
                self._coming.append(
                    lambda day, amount=amount, name=name: entry(amount, text=name, name="STRIPE", iban="", day=day)
                )
        for refund in Refund.objects.to_transfer().select_related("payment__registration").order_by("pk"):
            if self._is_new(f"refund-{refund.pk}"):
                self.goes_out(refund.amount, refund.payment.registration.reference)
                self.given_back.append((day, refund.amount))

    def _is_new(self, name: str) -> bool:
        is_new = name not in self._seen
        self._seen.add(name)
        return is_new


def is_day_of_statement(day: date) -> bool:
    """Tuesdays, and the last day of a month."""
    return day.weekday() == 1 or (day + timedelta(days=1)).day == 1

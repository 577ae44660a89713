"""The deeds: what buyers, the site and the bank do to the objects.

Each deed runs inside `change()`: alone, and saved before its events leave.
"""

from __future__ import annotations

from collections.abc import Callable

from . import bank, objects, rules
from .errors import StripeError
from .objects import JSON, new_id
from .store import Store


class State(Store):
    """The store with everything that can happen in it."""

    #: Whether new refunds stay pending.
    slow_refunds: Callable[[], bool] = staticmethod(lambda: False)

    def _run_due(self) -> None:
        now = self.time()
        for session_id, (when, what) in sorted(self.due.items(), key=lambda item: item[1][0]):
            if when <= now:
                if what == "expire":
                    self._expire(session_id)
                else:
                    self._settle(session_id, True)

    # ---------------------------------------------------------------------------- small parts of deeds

    def book(self, *, amount: int, kind: str, category: str, source: JSON | None, fee: int = 0, text: str = "") -> JSON:
        txn = bank.balance_transaction(
            amount=amount,
            fee=fee,
            kind=kind,
            category=category,
            source=source["id"] if source else None,
            description=text or (source.get("description") if source else None),
            at=self.at(),
            currency=source["currency"] if source else "eur",
        )
        return self.put(txn)

    # ------------------------------------------------------------------------------------- the session

    def create_session(self, params: JSON) -> JSON:
        at = self.at()
        rules.check_session(params, at=at)
        items = [objects.line_item(item, at) for item in params["line_items"]]
        session_id = new_id("cs_test")
        session = objects.session(params, items, session_id=session_id, url=self._page_url(session_id), at=at)
        if not session["payment_method_types"]:
            raise StripeError(
                "No valid payment method types for this Checkout Session.",
                param="allowed_payment_method_types",
            )
        self.line_items[session_id] = items
        self.intent_data[session_id] = params.get("payment_intent_data", {})
        self.due[session_id] = [session["expires_at"], "expire"]
        return self.put(session)

    def expire(self, session_id: str) -> JSON:
        with self.change():
            session = self.get("checkout.session", session_id, param="session")
            # "A Checkout Session can be expired when it is in one of these statuses: open"
            if session["status"] != "open":
                raise StripeError(
                    'Only Checkout Sessions with a status in ["open"] can be expired. '
                    f"This Checkout Session has a status of `{session['status']}`.",
                    param="session",
                )
            return self._expire(session_id)

    def _expire(self, session_id: str) -> JSON:
        self.due.pop(session_id, None)
        session = self.objects["checkout.session"][session_id]
        session.update(status="expired", url=None)
        if session["payment_intent"]:
            intent = self.objects["payment_intent"][session["payment_intent"]]
            intent.update(status="canceled", canceled_at=self.at())
        self.emit("checkout.session.expired", session)
        return session

    def attempt(self, session_id: str, outcome: str) -> str:
        """The buyer presses a button: "pay", "fail" or "pay_late".

        Answers the status the session had before: only an "open" one was acted upon, so two parallel
        presses of "pay" make one charge.
        """
        with self.change():
            session = self.get("checkout.session", session_id, param="session")
            found: str = session["status"]
            if found == "open":
                if outcome == "fail":
                    self._decline(session)
                else:
                    self._complete(session, late=outcome == "pay_late")
            return found

    def _intent(self, session: JSON) -> JSON:
        """The session's PaymentIntent, made at the first attempt and kept for the next ones."""
        if session["payment_intent"] is None:
            intent = objects.payment_intent(session, self.intent_data[session["id"]], at=self.at())
            session["payment_intent"] = self.put(intent)["id"]
        return self.objects["payment_intent"][session["payment_intent"]]

    def _decline(self, session: JSON) -> None:
        intent = self._intent(session)
        intent.update(status="requires_payment_method", last_payment_error=dict(objects.DECLINE))
        self.emit("payment_intent.payment_failed", intent)

    def _complete(self, session: JSON, *, late: bool) -> None:
        intent = self._intent(session)
        customer = objects.complete_customer(session)
        charge = self.put(objects.charge(intent, customer["email"], late=late, at=self.at()))
        intent.update(latest_charge=charge["id"], payment_method=charge["payment_method"], last_payment_error=None)
        session.update(status="complete", url=None, customer_details=customer)
        if late:
            # "complete" with payment_status "unpaid": a delayed method, the money is not there yet.
            intent["status"] = "processing"
            self.due[session["id"]] = [self.time() + self.late_seconds, "settle"]
            self.emit("checkout.session.completed", session)
            return
        self.due.pop(session["id"], None)
        session["payment_status"] = "paid"
        self.receive(intent, charge, "charge")
        self.emit("payment_intent.succeeded", intent)
        self.emit("checkout.session.completed", session)
        self.emit("charge.succeeded", charge)

    def receive(self, intent: JSON, charge: JSON, kind: str) -> None:
        """The money of a charge is on the balance, less the fee."""
        amount = charge["amount"]
        charge.update(paid=True, status="succeeded", amount_captured=amount)
        # Card charges are booked as type "charge", other methods as "payment"; both report as "charge".
        fee = bank.example_fee(amount)
        txn = self.book(amount=amount, fee=fee, kind=kind, category="charge", source=charge)
        charge["balance_transaction"] = txn["id"]
        intent.update(status="succeeded", amount_received=amount)

    def settle(self, session_id: str, succeed: bool = True) -> JSON:
        """The delayed method comes through now, or fails."""
        with self.change():
            session = self.get("checkout.session", session_id, param="session")
            if session["status"] != "complete" or self.due.get(session_id, [0, ""])[1] != "settle":
                raise StripeError("This Checkout Session is not waiting for a delayed payment.", param="session")
            return self._settle(session_id, succeed)

    def _settle(self, session_id: str, succeed: bool) -> JSON:
        self.due.pop(session_id, None)
        session = self.objects["checkout.session"][session_id]
        intent = self.objects["payment_intent"][session["payment_intent"]]
        charge = self.objects["charge"][intent["latest_charge"]]
        if succeed:
            session["payment_status"] = "paid"
            self.receive(intent, charge, "payment")
            self.emit("payment_intent.succeeded", intent)
            self.emit("checkout.session.async_payment_succeeded", session)
            self.emit("charge.succeeded", charge)
        else:
            charge.update(status="failed", captured=False, failure_code="insufficient_funds")
            charge["failure_message"] = "The debit was refused by the bank."
            error = {"type": "invalid_request_error", "code": "payment_intent_payment_attempt_failed"}
            intent.update(status="requires_payment_method", last_payment_error={**error, "charge": charge["id"]})
            self.emit("payment_intent.payment_failed", intent)
            self.emit("checkout.session.async_payment_failed", session)
        return session

    # ----------------------------------------------------------------------------- refunds and payouts

    def create_refund(self, params: JSON) -> JSON:
        rules.check_refund(params)
        charge_id = params.get("charge")
        if "payment_intent" in params:
            intent = self.get("payment_intent", params["payment_intent"], param="payment_intent", status=400)
            if charge_id not in (None, intent["latest_charge"]):
                raise StripeError("The charge does not belong to the payment_intent.", param="charge")
            charge_id = intent["latest_charge"]
        charge = self.get("charge", charge_id, param="charge", status=400) if charge_id else None
        if charge is None or charge["status"] != "succeeded":
            raise StripeError("This PaymentIntent does not have a successful charge to refund.", param="payment_intent")
        amount = rules.refund_amount(charge, params.get("amount"))
        refund = bank.refund(charge, amount, params, at=self.at())
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        # "Stripe's processing fees from the original transaction won't be returned": fee 0, so net is the
        # amount.
        kind = "refund" if charge["payment_method_details"]["type"] == "card" else "payment_refund"
        txn = self.book(amount=-amount, kind=kind, category="refund", source=refund, text="REFUND FOR CHARGE")
        refund["balance_transaction"] = txn["id"]
        if self.slow_refunds():
            refund["status"] = "pending"
        self.put(refund)
        self.emit("refund.created", refund)
        self.emit("charge.refunded", charge)
        return refund

    def settle_refund(self, refund_id: str) -> JSON:
        """A pending refund arrives."""
        with self.change():
            refund = self.get("refund", refund_id)
            if refund["status"] != "pending":
                raise StripeError("Only a pending refund can arrive.", param="refund")
            refund["status"] = "succeeded"
            self.emit("refund.updated", refund)
            return refund

    def fail_refund(self, refund_id: str) -> JSON:
        """The bank sends a refund back: "the amount is added back to your Stripe account balance"."""
        with self.change():
            refund = self.get("refund", refund_id)
            if refund["status"] not in {"succeeded", "pending"}:
                raise StripeError("This refund has failed already.", param="refund")
            charge = self.objects["charge"][refund["charge"]]
            charge["amount_refunded"] -= refund["amount"]
            charge["refunded"] = False
            text = "REFUND FAILURE"
            txn = self.book(
                amount=refund["amount"],
                kind="refund_failure",
                category="refund_failure",
                source=refund,
                text=text,
            )
            refund.update(
                status="failed",
                failure_reason="expired_or_canceled_card",
                failure_balance_transaction=txn["id"],
            )
            self.emit("refund.updated", refund)
            self.emit("refund.failed", refund)
            return refund

    def charge_fee(self, cents: int, description: str = "Radar (example)") -> JSON:
        """A fee of Stripe that belongs to no payment: reporting_category "fee"."""
        with self.change():
            if cents < 1:
                raise StripeError("Invalid positive integer", param="cents")
            return self.book(amount=-cents, kind="stripe_fee", category="fee", source=None, text=description)

    def create_payout(self, *, lists_itself: bool = False) -> JSON:
        """Pays out all that was not paid out yet: the net of what it gathers is its amount, to the cent.

        `lists_itself` makes the payout's own (negative) transaction show up among those it gathered.
        """
        with self.change():
            gathered = [
                txn
                for txn in self.objects["balance_transaction"].values()
                if txn["id"] not in self.paid_out and txn["type"] != "payout" and txn["currency"] == "eur"
            ]
            amount = sum(txn["net"] for txn in gathered)
            if amount < 1:
                raise StripeError("There is nothing to pay out.", code="balance_insufficient")
            payout = self.put(bank.payout(amount, at=self.at()))
            txn = self.book(amount=-amount, kind="payout", category="payout", source=payout)
            payout["balance_transaction"] = txn["id"]
            for part in gathered:
                self.paid_out[part["id"]] = payout["id"]
            if lists_itself:
                self.paid_out[txn["id"]] = payout["id"]
            for kind in ("payout.created", "payout.paid", "payout.reconciliation_completed"):
                self.emit(kind, payout)
            return payout

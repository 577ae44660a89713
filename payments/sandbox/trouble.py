"""What goes wrong after money came in: disputes, warnings of fraud, payouts the bank sends back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import StripeError
from .objects import JSON, new_id

if TYPE_CHECKING:
    from .state import State

#: Cents. "Disputes incur a fee" when lost or won alike: the stand-in's example, real fees differ.
DISPUTE_FEE = 2000
_EVIDENCE = (
    "access_activity_log",
    "appeal",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
)


def open_dispute(state: State, intent_id: str, *, inquiry: bool = False) -> JSON:
    """The cardholder's bank takes a whole payment back, and Stripe its fee for it; by an inquiry it only asks."""
    with state.change():
        intent = state.get("payment_intent", intent_id)
        charge = state.objects["charge"].get(intent["latest_charge"] or "")
        if charge is None or charge["status"] != "succeeded" or charge["disputed"]:
            raise StripeError("Only a payment that succeeded can be disputed, and once.", param="payment_intent")
        at = state.at()
        dispute = {
            "id": new_id("dp"),
            "object": "dispute",
            "amount": charge["amount"],
            "balance_transactions": [],
            "charge": charge["id"],
            "created": at,
            "currency": charge["currency"],
            "enhanced_eligibility_types": [],
            "evidence": dict.fromkeys(_EVIDENCE) | {"enhanced_evidence": {}},
            "evidence_details": {
                "due_by": at + 14 * 86400,
                "enhanced_eligibility": {},
                "has_evidence": False,
                "past_due": False,
                "submission_count": 0,
                "submission_method": "not_submitted",
            },
            "intended_submission_method": None,
            "is_charge_refundable": False,
            "livemode": False,
            "metadata": {},
            "network_reason_code": None,
            "payment_intent": intent["id"],
            "payment_method_details": None,
            "reason": "fraudulent",
            "status": "warning_needs_response" if inquiry else "needs_response",
        }
        charge["disputed"] = not inquiry
        if not inquiry:
            _move(state, dispute, -charge["amount"], DISPUTE_FEE, "dispute")
        state.put(dispute)
        state.emit("charge.dispute.created", dispute)
        if not inquiry:
            state.emit("charge.dispute.funds_withdrawn", dispute)
        return dispute


def answer_dispute(state: State, dispute_id: str) -> JSON:
    """Evidence is handed in; the bank looks at it, and nothing moves."""
    with state.change():
        dispute = state.get("dispute", dispute_id)
        if dispute["status"] not in {"needs_response", "warning_needs_response"}:
            raise StripeError("This dispute waits for no answer.", param="dispute")
        dispute["status"] = dispute["status"].replace("needs_response", "under_review")
        dispute["evidence_details"].update(has_evidence=True, submission_count=1)
        state.emit("charge.dispute.updated", dispute)
        return dispute


def close_dispute(state: State, dispute_id: str, *, won: bool) -> JSON:
    """The bank decides. Won: the amount comes back, the fee does not. An inquiry that is won is closed, and moved
    nothing; one that is lost has become a dispute first.
    """
    with state.change():
        dispute = state.get("dispute", dispute_id)
        if dispute["status"] in {"won", "lost", "warning_closed"}:
            raise StripeError("This dispute is closed already.", param="dispute")
        if dispute["status"].startswith("warning"):
            if won:
                dispute["status"] = "warning_closed"
                state.emit("charge.dispute.closed", dispute)
                return dispute
            state.objects["charge"][dispute["charge"]]["disputed"] = True
            _move(state, dispute, -dispute["amount"], DISPUTE_FEE, "dispute")
            state.emit("charge.dispute.funds_withdrawn", dispute)
        dispute["status"] = "won" if won else "lost"
        if won:
            _move(state, dispute, dispute["amount"], 0, "dispute_reversal")
            state.emit("charge.dispute.funds_reinstated", dispute)
        state.emit("charge.dispute.closed", dispute)
        return dispute


def _move(state: State, dispute: JSON, amount: int, fee: int, category: str) -> None:
    txn = state.book(amount=amount, fee=fee, kind="adjustment", category=category, source=dispute, text="Chargeback")
    dispute["balance_transactions"].append(txn)


def warn_of_fraud(state: State, intent_id: str) -> JSON:
    """An issuer tells that it thinks a payment was fraud; nothing moves yet."""
    with state.change():
        intent = state.get("payment_intent", intent_id)
        warning = {
            "id": new_id("issfr"),
            "object": "radar.early_fraud_warning",
            "actionable": True,
            "charge": intent["latest_charge"],
            "created": state.at(),
            "fraud_type": "misc",
            "livemode": False,
            "payment_intent": intent["id"],
        }
        state.put(warning)
        state.emit("radar.early_fraud_warning.created", warning)
        return warning


def fail_payout(state: State, payout_id: str) -> JSON:
    """The bank sends a payout back: it is added to the balance again."""
    with state.change():
        payout = state.get("payout", payout_id)
        if payout["status"] == "failed":
            raise StripeError("This payout has failed already.", param="payout")
        txn = state.book(
            amount=payout["amount"],
            kind="payout_failure",
            category="payout_reversal",
            source=payout,
            text="PAYOUT FAILURE",
        )
        payout.update(
            status="failed",
            failure_code="account_closed",
            failure_message="The bank account has been closed.",
            failure_balance_transaction=txn["id"],
        )
        state.emit("payout.failed", payout)
        return payout

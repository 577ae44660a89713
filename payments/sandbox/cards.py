"""What an account's own code does with Stripe's test cards, without a buyer: pay, be disputed, label what it made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import objects, rules, trouble
from .errors import StripeError, missing, required, unsupported
from .objects import JSON

if TYPE_CHECKING:
    from .state import State

#: "pm_card_visa" succeeds; "pm_card_createDispute": "the charge succeeds, only to be disputed as fraudulent".
CARDS = ("pm_card_visa", "pm_card_createDispute")
_INTENT_PARAMS = frozenset(
    [
        "amount",
        "automatic_payment_methods",
        "capture_method",
        "confirm",
        "currency",
        "expand",
        "metadata",
        "payment_method",
    ]
)


def pay(state: State, params: JSON) -> JSON:
    """A PaymentIntent that is made and confirmed at once with a test card."""
    for key in params:
        if key not in _INTENT_PARAMS:
            raise unsupported(key)
    if params.get("confirm") is not True:
        raise unsupported("confirm", "only true")
    card = params.get("payment_method")
    if card is None:
        raise required("payment_method")
    if card not in CARDS:
        raise missing("PaymentMethod", card, param="payment_method", status=400)
    # "return_url: … required when a payment method may redirect", which `allow_redirects: never` rules out.
    if params.get("automatic_payment_methods") != {"enabled": True, "allow_redirects": "never"}:
        raise unsupported("automatic_payment_methods", "only enabled, without redirects")
    if params["currency"] != "eur":
        raise unsupported("currency", "only eur, in lower case")
    if params["amount"] < 50:
        raise StripeError("Amount must be at least €0.50 eur", code="amount_too_small", param="amount")
    rules.check_metadata(params.get("metadata"), "metadata")
    ordered = {"amount_total": params["amount"], "currency": "eur", "payment_method_types": ["card"]}
    intent = state.put(objects.payment_intent(ordered, params, at=state.at()))
    charge = state.put(objects.charge(intent, None, late=False, at=state.at()))
    intent.update(latest_charge=charge["id"], payment_method=charge["payment_method"])
    state.receive(intent, charge, "charge")
    state.emit("payment_intent.succeeded", intent)
    state.emit("charge.succeeded", charge)
    if card == "pm_card_createDispute":
        trouble.open_dispute(state, intent["id"])
    return intent


def label(state: State, name: str, object_id: str, params: JSON) -> JSON:
    """Adds to the metadata: "Individual keys can be unset by posting an empty value to them." """
    for key in params:
        if key not in ("metadata", "expand"):
            raise unsupported(key)
    thing = state.get(name, object_id)
    rules.check_metadata(params.get("metadata"), "metadata")
    merged = {**thing["metadata"], **(params.get("metadata") or {})}
    thing["metadata"] = {key: value for key, value in merged.items() if value != ""}
    return thing

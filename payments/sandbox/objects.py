"""Builds the objects Stripe answers with, each in the full shape the SDK's classes describe.

Every function returns a plain JSON-ready dict; money is integer cents, times are Unix seconds.
"""

from __future__ import annotations

import secrets
import string
from typing import Any

JSON = dict[str, Any]

_ALPHABET = string.ascii_letters + string.digits
# What the account of the stand-in has switched on; dynamic payment methods pick from these.
ACCOUNT_METHODS = ("card", "bancontact", "ideal", "sepa_debit")
NO_ADDRESS: JSON = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))


def new_id(prefix: str) -> str:
    """`pi` -> "pi_3…", in the length and alphabet of Stripe's (opaque) ids."""
    length = 58 if prefix.startswith("cs_") else 24
    return f"{prefix}_{''.join(secrets.choice(_ALPHABET) for _ in range(length))}"


def line_item(params: JSON, at: int) -> JSON:
    """One entry of `line_items` (already checked) -> an `item` with its one-off `price`."""
    price, quantity = params["price_data"], params["quantity"]
    amount = price["unit_amount"] * quantity
    return {
        "id": new_id("li"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": price["product_data"]["name"],
        "metadata": params.get("metadata", {}),
        "price": {
            "id": new_id("price"),
            "object": "price",
            "active": False,
            "billing_scheme": "per_unit",
            "created": at,
            "currency": price["currency"],
            "custom_unit_amount": None,
            "livemode": False,
            "lookup_key": None,
            "metadata": {},
            "nickname": None,
            "product": new_id("prod"),
            "recurring": None,
            "tax_behavior": price.get("tax_behavior", "unspecified"),
            "tiers_mode": None,
            "transform_quantity": None,
            "type": "one_time",
            "unit_amount": price["unit_amount"],
            "unit_amount_decimal": str(price["unit_amount"]),
        },
        "quantity": quantity,
    }


def session(params: JSON, items: list[JSON], *, session_id: str, url: str, at: int) -> JSON:
    """A `checkout.session`, open and unpaid; `payment_intent` is null until the buyer first tries to pay."""
    total = sum(item["amount_total"] for item in items)
    allowed = params.get("allowed_payment_method_types") or ACCOUNT_METHODS
    excluded = params.get("excluded_payment_method_types") or ()
    return {
        "id": session_id,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": params.get("adaptive_pricing", {}).get("enabled", False)},
        "after_expiration": None,
        "allow_promotion_codes": None,
        "allowed_payment_method_types": params.get("allowed_payment_method_types"),
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": params.get("billing_address_collection"),
        "branding_settings": None,
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "consent_collection": None,
        "created": at,
        "currency": items[0]["currency"],
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": {
            key: params.get("custom_text", {}).get(key) or None
            for key in ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
        },
        "customer": None,
        "customer_account": None,
        "customer_creation": params.get("customer_creation", "if_required"),
        "customer_details": _customer(params["customer_email"]) if params.get("customer_email") else None,
        "customer_email": params.get("customer_email"),
        "discounts": [],
        "excluded_payment_method_types": params.get("excluded_payment_method_types"),
        "expires_at": params.get("expires_at", at + 24 * 3600),
        "integration_identifier": params.get("integration_identifier"),
        "invoice": None,
        "invoice_creation": {"enabled": False, "invoice_data": {"metadata": None}},
        "livemode": False,
        "locale": params.get("locale"),
        "metadata": {key: value for key, value in params.get("metadata", {}).items() if value != ""},
        "mode": "payment",
        "origin_context": params.get("origin_context"),
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "if_required",
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": [m for m in ACCOUNT_METHODS if m in allowed and m not in excluded],
        "payment_status": "unpaid",
        "permissions": None,
        "phone_number_collection": {"enabled": params.get("phone_number_collection", {}).get("enabled", False)},
        "presentment_details": None,
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": params.get("submit_type"),
        "subscription": None,
        "success_url": params["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": url,
        "wallet_options": None,
    }


def complete_customer(session: JSON) -> JSON:
    """The `customer_details` once the buyer went through the page, who typed an address if none was given."""
    return _customer(session["customer_email"] or "demo@example.com")


def _customer(email: str) -> JSON:
    return {
        "address": dict(NO_ADDRESS),
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": None,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }


def payment_intent(session: JSON, data: JSON, *, at: int) -> JSON:
    """The `payment_intent` of a session; `data` is the session's `payment_intent_data`.

    "metadata" of the session is not copied: payment_intent_data[metadata] is its own.
    """
    intent_id = new_id("pi")
    return {
        "id": intent_id,
        "object": "payment_intent",
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": data.get("capture_method", "automatic_async"),
        "client_secret": f"{intent_id}_secret_{secrets.token_hex(12)}",
        "confirmation_method": "automatic",
        "created": at,
        "currency": session["currency"],
        "customer": None,
        "customer_account": None,
        "description": data.get("description"),
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": {key: value for key, value in data.get("metadata", {}).items() if value != ""},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": session["payment_method_types"],
        "processing": None,
        "receipt_email": data.get("receipt_email"),
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": data.get("statement_descriptor"),
        "statement_descriptor_suffix": data.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }


DECLINE: JSON = {
    "code": "card_declined",
    "decline_code": "generic_decline",
    "doc_url": "https://docs.stripe.com/error-codes#card-declined",
    "message": "Your card was declined.",
    "type": "card_error",
}


def charge(intent: JSON, email: str | None, *, late: bool, at: int) -> JSON:
    """A `charge`: paid at once by card, or (`late`) pending on a SEPA direct debit."""
    charge_id = new_id("py" if late else "ch")
    method = (
        {"type": "sepa_debit", "sepa_debit": {"country": "BE", "last4": "0007", "bank_code": "000"}}
        if late
        else {
            "type": "card",
            "card": {
                "brand": "visa",
                "country": "BE",
                "exp_month": 12,
                "exp_year": 2034,
                "funding": "credit",
                "last4": "4242",
                "network": "visa",
            },
        }
    )
    return {
        "id": charge_id,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0 if late else intent["amount"],
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": {
            "address": dict(NO_ADDRESS),
            "email": email,
            "name": None,
            "phone": None,
            "tax_id": None,
        },
        "calculated_statement_descriptor": "BEST PRACTICE TOUR",
        "captured": True,
        "created": at,
        "currency": intent["currency"],
        "customer": None,
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        # "metadata" of the PaymentIntent is copied to the charge when it is made.
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": None,
        "outcome": None,
        "paid": not late,
        "payment_intent": intent["id"],
        "payment_method": new_id("pm"),
        "payment_method_details": method,
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": "pending" if late else "succeeded",
        "transfer_data": None,
        "transfer_group": None,
    }


def event(kind: str, subject: JSON, *, api_version: str, request: JSON, pending: int, at: int) -> JSON:
    """A full snapshot event: `data.object` is the object as it was at that moment."""
    return {
        "id": new_id("evt"),
        "object": "event",
        "api_version": api_version,
        "created": at,
        "data": {"object": subject},
        "livemode": False,
        "pending_webhooks": pending,
        "request": request,
        "type": kind,
    }

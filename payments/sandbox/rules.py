"""What Stripe's types do not say: the business rules of a request, each with the rule it stands for."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from .errors import StripeError, missing, required, unsupported
from .objects import JSON

# Parameters the stand-in acts on. The rest of Stripe's list is refused: ignoring it would prove something
# false.
SESSION_PARAMS = frozenset(
    [
        "adaptive_pricing",
        "allowed_payment_method_types",
        "automatic_tax",
        "billing_address_collection",
        "cancel_url",
        "client_reference_id",
        "currency",
        "custom_text",
        "customer_creation",
        "customer_email",
        "excluded_payment_method_types",
        "expand",
        "expires_at",
        "integration_identifier",
        "invoice_creation",
        "line_items",
        "locale",
        "metadata",
        "mode",
        "origin_context",
        "payment_intent_data",
        "phone_number_collection",
        "submit_type",
        "success_url",
        "tax_id_collection",
        "ui_mode",
    ]
)
_INTENT_PARAMS = frozenset(
    [
        "capture_method",
        "description",
        "metadata",
        "receipt_email",
        "statement_descriptor",
        "statement_descriptor_suffix",
    ]
)


def check_session(params: JSON, *, at: int) -> None:
    """Raises the 400 Stripe would give for a session it would not make."""
    for key in params:
        if key not in SESSION_PARAMS:
            raise unsupported(key)
    if "mode" not in params:
        raise required("mode")
    if params["mode"] != "payment":
        raise unsupported("mode", "only mode=payment")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise unsupported("ui_mode", "only hosted_page")
    # "success_url: … This parameter is not allowed if ui_mode is embedded_page or elements", else it must
    # be there.
    if "success_url" not in params:
        raise required("success_url")
    for key in ("success_url", "cancel_url"):
        if key in params:
            _check_url(params[key], key)
    for key in ("automatic_tax", "invoice_creation", "tax_id_collection", "adaptive_pricing"):
        if params.get(key, {}).get("enabled"):
            raise unsupported(f"{key}[enabled]", "only false")
    _check_expiry(params.get("expires_at"), at)
    _check_line_items(params.get("line_items"))
    # "client_reference_id: maximum length 200 characters."
    if len(params.get("client_reference_id", "")) > 200:
        raise StripeError("client_reference_id may be 200 characters at most.", param="client_reference_id")
    _check_email(params.get("customer_email"), "customer_email")
    check_metadata(params.get("metadata"), "metadata")
    data = params.get("payment_intent_data", {})
    for key in data:
        if key not in _INTENT_PARAMS:
            raise unsupported(f"payment_intent_data[{key}]")
    if data.get("capture_method", "automatic") == "manual":
        raise unsupported("payment_intent_data[capture_method]", "only automatic and automatic_async")
    _check_email(data.get("receipt_email"), "payment_intent_data[receipt_email]")
    check_metadata(data.get("metadata"), "payment_intent_data[metadata]")
    if params.get("currency", "eur") != "eur":
        raise unsupported("currency", "only eur")


def _check_expiry(expires_at: int | None, at: int) -> None:
    # "It can be anywhere from 30 minutes to 24 hours after Checkout Session creation. By default, this
    # value is 24 hours from creation."
    if expires_at is None:
        return
    if expires_at < at + 30 * 60:
        raise StripeError(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
            param="expires_at",
        )
    if expires_at > at + 24 * 3600:
        raise StripeError(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
            param="expires_at",
        )


def _check_line_items(items: list[JSON] | None) -> None:
    # "line_items: … For `payment` mode, there is a maximum of 100 line items." and they are required there.
    if not items:
        raise required("line_items")
    if len(items) > 100:
        raise StripeError("A Checkout Session may have 100 line items at most.", param="line_items")
    for index, item in enumerate(items):
        at = f"line_items[{index}]"
        if "adjustable_quantity" in item:
            raise unsupported(f"{at}[adjustable_quantity]")
        if item.get("tax_rates"):
            raise missing("tax rate", item["tax_rates"][0], param=f"{at}[tax_rates]", status=400)
        # "price / price_data: One of `price` or `price_data` is required."
        if "price" in item and "price_data" in item:
            raise StripeError("You may only specify one of these parameters: price, price_data.", param=at)
        if "price" in item:
            raise missing("price", item["price"], param=f"{at}[price]", status=400)
        if "price_data" not in item:
            raise required(f"{at}[price_data]")
        _check_price(item["price_data"], f"{at}[price_data]")
        if "quantity" not in item:
            raise required(f"{at}[quantity]")
        if not 1 <= item["quantity"] <= 999_999:
            raise StripeError("This value must be at least 1 and at most 999999.", param=f"{at}[quantity]")
        check_metadata(item.get("metadata"), f"{at}[metadata]")
    total = sum(item["price_data"]["unit_amount"] * item["quantity"] for item in items)
    # "The Checkout Session's total amount due must add up to at least €0.50 eur": the minimum charge for EUR.
    # Stripe also takes a total of nothing (`no_payment_required`); free seats never come here, so we do not.
    if total < 50:
        raise StripeError(
            "The Checkout Session's total amount due must add up to at least €0.50 eur",
            code="amount_too_small",
            param="line_items",
        )
    # "The maximum amount is eight digits."
    if total > 99_999_999:
        raise StripeError(
            "The total amount must be at most €999,999.99 eur", code="amount_too_large", param="line_items"
        )


def _check_price(price: JSON, at: str) -> None:
    if price["currency"] != "eur":
        raise unsupported(f"{at}[currency]", "only eur, in lower case")
    if "recurring" in price:
        raise StripeError("You cannot use recurring prices in `payment` mode.", param=f"{at}[recurring]")
    if "product" in price:
        raise missing("product", price["product"], param=f"{at}[product]", status=400)
    # "product_data: One of `product` or `product_data` is required."
    if "product_data" not in price:
        raise required(f"{at}[product_data]")
    # "unit_amount: One of `unit_amount` or `unit_amount_decimal` is required."
    if "unit_amount_decimal" in price:
        raise unsupported(f"{at}[unit_amount_decimal]", "send whole cents as unit_amount")
    if "unit_amount" not in price:
        raise required(f"{at}[unit_amount]")
    # "unit_amount: A non-negative integer in cents."
    if price["unit_amount"] < 0:
        raise StripeError("Invalid non-negative integer", code="parameter_invalid_integer", param=f"{at}[unit_amount]")


def _check_url(url: str, param: str) -> None:
    # "Not a valid URL": an absolute http(s) address; never anything that could break out of a header.
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\x00-\x20\x7f]", url)
    except ValueError:
        good = False
    if not good:
        raise StripeError("Not a valid URL", code="url_invalid", param=param)


def _check_email(email: str | None, param: str) -> None:
    # "email_invalid: The email address is invalid (for example, not properly formatted)."
    if email is not None and (len(email) > 512 or not re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@.]+", email)):
        raise StripeError(f"Invalid email address: {email}", code="email_invalid", param=param)


def check_metadata(metadata: dict[str, str] | str | None, param: str) -> None:
    # "You can specify up to 50 keys, with key names up to 40 characters long and values up to 500
    # characters long."
    if not isinstance(metadata, dict):
        return
    if len(metadata) > 50:
        raise StripeError("You can have at most 50 metadata keys.", param=param)
    for key, value in metadata.items():
        if len(key) > 40:
            raise StripeError("Metadata keys may be 40 characters at most.", param=f"{param}[{key}]")
        if len(value) > 500:
            raise StripeError("Metadata values may be 500 characters at most.", param=f"{param}[{key}]")


def check_refund(params: JSON) -> None:
    """The refund's own form; whether the charge has that much left is the state's question."""
    for key in params:
        if key not in ("amount", "charge", "payment_intent", "reason", "metadata", "expand"):
            raise unsupported(key)
    # "When you create a new refund, you must specify a Charge or a PaymentIntent object on which to create
    # it."
    if "charge" not in params and "payment_intent" not in params:
        raise StripeError("One of the following params should be provided for this request: payment_intent or charge.")
    if "amount" in params and params["amount"] < 1:
        raise StripeError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    check_metadata(params.get("metadata"), "metadata")


def refund_amount(charge: JSON, asked: int | None) -> int:
    """What this refund gives back, in cents."""
    # "You can optionally refund only part of a charge. You can do so multiple times, until the entire
    # charge has been refunded. Once entirely refunded, a charge can't be refunded again. This method will
    # raise an error when called on an already-refunded charge, or when trying to refund more money than is
    # left on a charge."
    left: int = charge["amount"] - charge["amount_refunded"]
    # The error code for what a bank took back: the charge has been charged back.
    if charge["disputed"]:
        raise StripeError(f"Charge {charge['id']} has been charged back.", code="charge_disputed")
    if left == 0:
        raise StripeError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if asked is not None and asked > left:
        raise StripeError(
            f"Refund amount (€{asked / 100:.2f}) is greater than unrefunded amount on charge (€{left / 100:.2f})",
            param="amount",
        )
    return left if asked is None else asked


def check_idempotency_key(key: str) -> str:
    # "Idempotency keys are up to 255 characters long."
    if not 1 <= len(key) <= 255:
        raise StripeError("Idempotency-Key may be 255 characters at most.", kind="idempotency_error")
    return key


def same_request(stored: Any, sent: Any) -> None:
    # "The idempotency layer compares incoming parameters to those of the original request and errors if
    # they're not the same to prevent accidental misuse."
    if stored != sent:
        raise StripeError(
            "Keys for idempotent requests can only be used with the same parameters they were first used "
            "with. Try using a key other than the one you used for the first request.",
            kind="idempotency_error",
        )

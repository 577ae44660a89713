"""The refusals of the stand-in, in the shape Stripe gives them."""

from __future__ import annotations

from typing import Any


class StripeError(Exception):
    """A refusal the client gets to see.

    `body()` is `{"error": {"type", "message"[, "code"][, "param"]}}`, answered with `status`.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {"type": self.kind, "message": self.message}
        if self.code:
            error["code"] = self.code
        if self.param:
            error["param"] = self.param
        return {"error": error}


def missing(noun: str, object_id: str, *, param: str = "id", status: int = 404) -> StripeError:
    """The refusal for an id nobody knows: 404 in the address, 400 in a parameter."""
    return StripeError(f"No such {noun}: '{object_id}'", status=status, code="resource_missing", param=param)


def required(param: str) -> StripeError:
    return StripeError(f"Missing required param: {param}.", code="parameter_missing", param=param)


def unsupported(param: str, why: str = "") -> StripeError:
    """A parameter only Stripe has: refused, because ignoring it would prove something false."""
    return StripeError(
        f"The stand-in does not support {param}{': ' + why if why else ''}. Stripe itself may.",
        code="stand_in_unsupported",
        param=param,
    )

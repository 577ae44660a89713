"""Checks every request and reply against stripe-python's own generated annotations.

stripe-python is generated from Stripe's specification for the API version it pins, so its TypedDicts say
which parameters exist and its resource classes say what a reply holds. This is the only module here that
imports
`stripe`. It knows types only; the business rules are in `rules.py` and `state.py`.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import types
import typing
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib import import_module
from typing import Any

import stripe
import stripe.params
import stripe.params.checkout
import typing_extensions
from stripe import _request_options
from stripe._object_classes import get_object_class
from stripe._stripe_context import StripeContext
from stripe._stripe_object import StripeObject, UntypedStripeObject

from .errors import StripeError, required

API_VERSION: str = stripe.api_version
SDK_VERSION: str = stripe.VERSION

_UNIONS = (typing.Union, types.UnionType)
_NONE = type(None)


class ContractViolation(Exception):
    """The stand-in was about to say something Stripe's types do not allow: a bug in the stand-in."""


def check_version(header: str | None) -> None:
    """Refuses a caller whose SDK speaks another API version than the types we check against."""
    if header != API_VERSION:
        raise StripeError(f"Stripe-Version is {header!r}; the stand-in only speaks {API_VERSION}.")


# ---------------------------------------------------------------------------------------- requests


def read_request(params_type: str | None, raw: dict[str, Any]) -> dict[str, Any]:
    """Form strings -> typed values by `stripe.params.<params_type>`, e.g. "checkout.SessionCreateParams".

    None stands for a call that takes nothing. Raises the 400 Stripe would give.
    """
    if params_type is None:
        for key in raw:
            raise _unknown(key)
        return {}
    node: Any = stripe.params
    for name in params_type.split("."):
        node = getattr(node, name)
    return _read_typed_dict(node, raw, "")


def _unknown(param: str) -> StripeError:
    return StripeError(f"Received unknown parameter: {param}", code="parameter_unknown", param=param)


def _wrong(param: str, message: str, code: str | None = None) -> StripeError:
    return StripeError(message, code=code, param=param)


def _read_typed_dict(kind: Any, raw: Any, at: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise _wrong(at, f"Invalid object: {at} must be a hash.")
    hints = _hints(kind)
    for key in raw:
        if key not in hints:
            raise _unknown(f"{at}[{key}]" if at else key)
    for key in sorted(kind.__required_keys__):
        if key in hints and key not in raw:
            raise required(f"{at}[{key}]" if at else key)
    return {key: _read(hints[key], value, f"{at}[{key}]" if at else key) for key, value in raw.items()}


def _read(kind: Any, raw: Any, at: str) -> Any:
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing_extensions.NotRequired, typing_extensions.Required):
        return _read(args[0], raw, at)
    if origin in _UNIONS:
        return _read_union(args, raw, at)
    if origin is typing.Literal:
        if raw not in args:
            raise _wrong(at, f"Invalid {at}: must be one of {', '.join(str(a) or repr('') for a in args)}")
        return raw
    if origin is list:
        return _read_list(args[0], raw, at)
    if origin in (dict, UntypedStripeObject):
        if not isinstance(raw, dict):
            raise _wrong(at, f"Invalid object: {at} must be a hash.")
        inner = args[-1]
        return {key: _read_leaf(inner, value, f"{at}[{key}]", empty=True) for key, value in raw.items()}
    if typing_extensions.is_typeddict(kind):
        return _read_typed_dict(kind, raw, at)
    return _read_leaf(kind, raw, at)


def _read_list(inner: Any, raw: Any, at: str) -> list[Any]:
    if not isinstance(raw, dict):
        raise _wrong(at, f"Invalid array: {at} must be an array.")
    try:
        keys = sorted(raw, key=lambda key: int(key) if re.fullmatch(r"\d{1,6}", key) else int("not a number"))
    except ValueError:
        raise _wrong(at, f"Invalid array: {at} must be an array.") from None
    return [_read(inner, raw[key], f"{at}[{index}]") for index, key in enumerate(keys)]


def _read_union(args: tuple[Any, ...], raw: Any, at: str) -> Any:
    # The SDK writes an enum as `Literal[...] | str` so that newer values still type-check. Stripe itself
    # refuses a value outside its list, so here the list is closed. `Literal[''] | str` is any text.
    named = [a for a in args if typing.get_origin(a) is typing.Literal and typing.get_args(a) != ("",)]
    members = [a for a in args if a is not _NONE and not (named and a is str)]
    refusal: StripeError | None = None
    for member in members:
        try:
            return _read(member, raw, at)
        except StripeError as error:
            # The most telling refusal: one about something inside, or else the last.
            if refusal is None or not (refusal.param or "").startswith(at + "["):
                refusal = error
    raise refusal or _wrong(at, f"Invalid value for {at}.")


def _read_leaf(kind: Any, raw: Any, at: str, *, empty: bool = False) -> Any:
    if not isinstance(raw, str):
        raise _wrong(at, f"Invalid value: {at} must be a single value.")
    if kind is bool:
        if raw not in ("true", "false"):
            raise _wrong(at, f"Invalid boolean: {raw}")
        return raw == "true"
    if kind is int:
        if not re.fullmatch(r"-?[0-9]{1,18}", raw):
            raise _wrong(at, f"Invalid integer: {raw}", "parameter_invalid_integer")
        return int(raw)
    if kind in (float, Decimal):
        try:
            number = Decimal(raw)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise _wrong(at, f"Invalid decimal: {raw}", "parameter_invalid_string")
        return str(number)
    if raw == "" and not empty:
        # "We assume empty values are an attempt to unset a parameter; however '<param>' cannot be unset."
        raise _wrong(at, f"You passed an empty string for '{at}'; it cannot be unset.", "parameter_invalid_empty")
    return raw


# ----------------------------------------------------------------------------------------- replies


def check_reply(kind: str, reply: dict[str, Any]) -> None:
    """Raises ContractViolation unless `reply` is what the SDK's class for `kind` describes.

    `kind` is an object name ("checkout.session", "item") or "list:<object name>".
    """
    problems: list[str] = []
    if kind.startswith("list:"):
        _check_list(_resource(kind[5:]), reply, kind, problems)
    else:
        _check(_resource(kind), reply, kind, problems)
    if reply.get("object") == "event":
        subject = reply.get("data", {}).get("object", {})
        _check(
            _resource(subject.get("object", "?")),
            subject,
            f"event.data.object({subject.get('object')})",
            problems,
        )
    if problems:
        raise ContractViolation("; ".join(problems))


@cache
def _resource(name: str) -> Any:
    kind = get_object_class("V1", name)
    if kind is StripeObject:
        raise ContractViolation(f"stripe-python knows no object {name!r}")
    return kind


def _check(kind: Any, value: Any, at: str, problems: list[str]) -> None:
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any:
        return
    if origin in _UNIONS:
        named = any(typing.get_origin(a) is typing.Literal for a in args)
        best: list[str] | None = None
        for member in args:
            if named and member is str:  # closed list, as for requests
                continue
            tried: list[str] = []
            _check(member, value, at, tried)
            if not tried:
                return
            if best is None or (
                isinstance(value, dict) and inspect.isclass(member) and issubclass(member, StripeObject)
            ):
                best = tried
        problems.extend(best or [f"{at}: no type fits"])
    elif origin is typing.Literal:
        if value not in args:
            problems.append(f"{at}: {value!r} is not one of {args}")
    elif origin is list:
        if not isinstance(value, list):
            problems.append(f"{at}: not a list")
        else:
            for index, item in enumerate(value):
                _check(args[0], item, f"{at}[{index}]", problems)
    elif origin is not None and inspect.isclass(origin) and issubclass(origin, stripe.ListObject):
        _check_list(args[0], value, at, problems)
    elif origin is not None and inspect.isclass(origin) and issubclass(origin, (UntypedStripeObject, dict)):
        if not isinstance(value, dict):
            problems.append(f"{at}: not a hash")
        else:
            for key, item in value.items():
                _check(args[-1], item, f"{at}.{key}", problems)
    elif inspect.isclass(kind) and issubclass(kind, StripeObject):
        _check_object(kind, value, at, problems)
    elif kind is float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            problems.append(f"{at}: {value!r} is not a number")
    elif kind is Decimal:
        if not isinstance(value, str):  # decimals travel as strings
            problems.append(f"{at}: {value!r} is not a decimal string")
    elif not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        problems.append(f"{at}: {value!r} is not {getattr(kind, '__name__', kind)}")


def _check_object(kind: Any, value: Any, at: str, problems: list[str]) -> None:
    if not isinstance(value, dict):
        problems.append(f"{at}: {value!r} is not a {kind.__name__}")
        return
    hints = _hints(kind)
    for key in value:
        if key not in hints:
            problems.append(f"{at}.{key}: not a field of {kind.__name__}")
    for key, hint in hints.items():
        if key in value:
            _check(hint, value[key], f"{at}.{key}", problems)
        elif _NONE not in typing.get_args(hint):
            problems.append(f"{at}.{key}: missing")


def _check_list(inner: Any, value: Any, at: str, problems: list[str]) -> None:
    if not isinstance(value, dict) or set(value) != {"object", "data", "has_more", "url"}:
        problems.append(f"{at}: not a list object")
        return
    _check(typing.Literal["list"], value["object"], f"{at}.object", problems)
    _check(bool, value["has_more"], f"{at}.has_more", problems)
    _check(str, value["url"], f"{at}.url", problems)
    _check(list[inner], value["data"], f"{at}.data", problems)


# ----------------------------------------------------------------------------- reading annotations


@cache
def _hints(kind: Any) -> dict[str, Any]:
    """The fields of a TypedDict or resource class with their real types."""
    module = sys.modules[kind.__module__]
    if typing_extensions.is_typeddict(kind):
        scope = vars(_request_options) | {"StripeContext": StripeContext} | vars(module)
        hints = typing_extensions.get_type_hints(kind, scope)
        # api_key, idempotency_key and the like are call options; they never travel as parameters.
        return {key: hint for key, hint in hints.items() if key not in _request_options.RequestOptions.__annotations__}
    # Only the class's own notes: the base class annotates private machinery.
    own = {
        k: v for k, v in vars(kind).get("__annotations__", {}).items() if not k.startswith("_") and k != "OBJECT_NAME"
    }
    bare = type("bare", (), {"__annotations__": own, "__module__": kind.__module__})
    return typing_extensions.get_type_hints(bare, vars(module), _type_checking_names(module))


@cache
def _type_checking_names(module: types.ModuleType) -> dict[str, Any]:
    """What the module imports under `if TYPE_CHECKING:`: the annotations name these, run time lacks them."""
    names: dict[str, Any] = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            for line in node.body:
                if isinstance(line, ast.ImportFrom) and line.module and ".params" not in line.module:
                    source = import_module(line.module)
                    names |= {a.asname or a.name: getattr(source, a.name) for a in line.names}
    return names

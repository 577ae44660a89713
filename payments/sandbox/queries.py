"""Lists, filters and `expand` of the read side."""

from __future__ import annotations

import copy
import fnmatch
from collections.abc import Callable
from typing import Any

from .errors import StripeError, missing, unsupported
from .objects import JSON
from .state import State
from .store import NOUNS

# What may be expanded, and to which object. `source` finds its object by looking.
_EXPANDABLE: dict[str, dict[str, str]] = {
    "checkout.session": {"payment_intent": "payment_intent", "line_items": "list"},
    "payment_intent": {"latest_charge": "charge"},
    "charge": {
        "balance_transaction": "balance_transaction",
        "payment_intent": "payment_intent",
        "refunds": "list",
    },
    "refund": {
        "balance_transaction": "balance_transaction",
        "charge": "charge",
        "failure_balance_transaction": "balance_transaction",
        "payment_intent": "payment_intent",
    },
    "balance_transaction": {"source": "any"},
    "payout": {
        "balance_transaction": "balance_transaction",
        "failure_balance_transaction": "balance_transaction",
    },
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
    "radar.early_fraud_warning": {"charge": "charge", "payment_intent": "payment_intent"},
    "event": {},
    "balance": {},
}

Filter = Callable[[State, JSON, Any], bool]


def _same(field: str) -> Filter:
    return lambda state, thing, wanted: bool(thing[field] == wanted)


def _created(state: State, thing: JSON, wanted: int | dict[str, int]) -> bool:
    if isinstance(wanted, int):
        return bool(thing["created"] == wanted)
    at: int = thing["created"]
    return (
        at > wanted.get("gt", at - 1)
        and at >= wanted.get("gte", at)
        and at < wanted.get("lt", at + 1)
        and at <= wanted.get("lte", at)
    )


# list -> parameter -> does this object pass?
_FILTERS: dict[str, dict[str, Filter]] = {
    "checkout.session": {
        "created": _created,
        "payment_intent": _same("payment_intent"),
        "status": _same("status"),
        "customer_details": lambda s, t, wanted: (t["customer_details"] or {}).get("email") == wanted["email"],
    },
    "payment_intent": {"created": _created},
    "refund": {"created": _created, "charge": _same("charge"), "payment_intent": _same("payment_intent")},
    "balance_transaction": {
        "created": _created,
        "currency": _same("currency"),
        "payout": lambda s, t, wanted: s.paid_out.get(t["id"]) == wanted,
        "source": _same("source"),
        "type": _same("type"),
    },
    "dispute": {"created": _created, "charge": _same("charge"), "payment_intent": _same("payment_intent")},
    "radar.early_fraud_warning": {
        "created": _created,
        "charge": _same("charge"),
        "payment_intent": _same("payment_intent"),
    },
    "payout": {"created": _created, "arrival_date": _created, "status": _same("status")},
    "event": {
        "created": _created,
        "type": lambda s, t, wanted: fnmatch.fnmatchcase(t["type"], wanted),
        "types": lambda s, t, wanted: t["type"] in wanted,
        "delivery_success": lambda s, t, wanted: (t["pending_webhooks"] == 0) is wanted,
    },
}
# A filter on an object nobody knows is a mistake, not an empty list.
_REFERENCES = {"payout": "payout", "charge": "charge", "payment_intent": "payment_intent"}
_PAGING = ("limit", "starting_after", "ending_before", "expand")


def list_objects(state: State, name: str, url: str, params: JSON) -> JSON:
    """One page, newest first, narrowed by the filters in `params`."""
    found = state.all(name)
    for key, wanted in params.items():
        if key in _PAGING:
            continue
        test = _FILTERS[name].get(key)
        if test is None:
            raise unsupported(key)
        if key in _REFERENCES:
            state.get(_REFERENCES[key], wanted, param=key, status=400)
        found = [thing for thing in found if test(state, thing, wanted)]
    return page(found, NOUNS[name], url, params)


def page(found: list[JSON], noun: str, url: str, params: JSON) -> JSON:
    """`found` (in list order) -> {"object": "list", "data", "has_more", "url"}."""
    limit = params.get("limit", 10)
    # "Limit can range between 1 and 100, and the default is 10."
    if not 1 <= limit <= 100:
        raise StripeError(
            "Invalid integer: limit must be between 1 and 100.",
            code="parameter_invalid_integer",
            param="limit",
        )
    ids = [thing["id"] for thing in found]
    for cursor in ("starting_after", "ending_before"):
        if cursor in params and params[cursor] not in ids:
            raise missing(noun, params[cursor], param=cursor, status=400)
    if "starting_after" in params and "ending_before" in params:
        raise StripeError("You may only specify one of these parameters: ending_before, starting_after.")
    if "ending_before" in params:
        before = found[: ids.index(params["ending_before"])]
        data, more = before[-limit:], len(before) > limit
    else:
        rest = found[ids.index(params["starting_after"]) + 1 :] if "starting_after" in params else found
        data, more = rest[:limit], len(rest) > limit
    return {"object": "list", "data": copy.deepcopy(data), "has_more": more, "url": url}


def expand(state: State, reply: JSON, paths: list[str]) -> JSON:
    """A copy of `reply` with the ids at `paths` replaced by their objects."""
    reply = copy.deepcopy(reply)
    for path in paths:
        # "Expansions have a maximum depth of four levels."
        segments = path.split(".")
        if len([s for s in segments if s != "data"]) > 4:
            raise StripeError(f"You cannot expand more than 4 levels of a property ({path}).", param="expand")
        _expand(state, reply, segments, path)
    return reply


def _expand(state: State, node: JSON, segments: list[str], path: str) -> None:
    name = node.get("object")
    if name == "list":
        if segments[0] != "data":
            raise StripeError(f"This property cannot be expanded ({path}).", param="expand")
        if len(segments) > 1:
            for item in node["data"]:
                _expand(state, item, segments[1:], path)
        return
    field = segments[0]
    target = _EXPANDABLE.get(str(name), {}).get(field)
    if target is None:
        raise StripeError(f"This property cannot be expanded ({path}).", param="expand")
    if target == "list":
        node.setdefault(field, _inner_list(state, node, field))
    elif isinstance(node.get(field), str):
        node[field] = copy.deepcopy(_find(state, target, node[field]))
    if len(segments) > 1 and node.get(field) is not None:
        _expand(state, node[field], segments[1:], path)


def _find(state: State, target: str, object_id: str) -> JSON:
    names = ("charge", "refund", "payout") if target == "any" else (target,)
    return next(state.objects[name][object_id] for name in names if object_id in state.objects[name])


def _inner_list(state: State, node: JSON, field: str) -> JSON:
    if field == "line_items":
        return page(state.line_items[node["id"]], "item", f"/v1/checkout/sessions/{node['id']}/line_items", {})
    refunds = [r for r in state.all("refund") if r["charge"] == node["id"]]
    return page(refunds, "refund", f"/v1/charges/{node['id']}/refunds", {})

"""The API's core: one NinjaAPI that the plugins add routers to, strict input, errors as RFC 9457 problems."""

import re
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from pydantic import ConfigDict

from cms.plugins import installed_plugins


class Strict(Schema):
    """A body in which an unknown key is an error: a typing mistake is never ignored."""

    model_config = ConfigDict(extra="forbid")


class Problem(Exception):
    """An answer of the API that says what is wrong.

    `errors` is a list of {"loc": [...], "msg": str, "type": str}; `status` an HTTP status of 400 or more; `headers` go
    with it (Retry-After, WWW-Authenticate, ETag).
    """

    def __init__(
        self,
        status: int,
        detail: str,
        errors: list[dict[str, Any]] | None = None,
        kind: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors or []
        self.kind = kind
        self.headers = headers or {}
        #: Further members of the problem, as RFC 9457 lets a kind have.
        self.more: dict[str, Any] = {}


def problem_response(
    status: int,
    detail: str,
    errors: list[dict[str, Any]],
    kind: str = "",
    more: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """application/problem+json with the members of RFC 9457 and one entry of `errors` per field."""
    return JsonResponse(
        {
            "type": kind or "about:blank",
            "title": detail,
            "status": status,
            "detail": detail,
            "errors": errors,
            **(more or {}),
        },
        status=status,
        content_type="application/problem+json",
        headers=headers,
    )


def refuse_unknown_parameters(request: HttpRequest, known: Iterable[str]) -> None:
    """Raises Problem 422 for a query parameter this endpoint does not know."""
    unknown = sorted(set(request.GET) - set(known))
    if unknown:
        raise Problem(
            422,
            _("Unknown query parameter."),
            [
                {"loc": ["query", name[:100]], "msg": _("Unknown parameter."), "type": "extra_forbidden"}
                for name in unknown
            ],
        )


def _words(error: dict[str, Any]) -> str:
    """A validation message in the reader's language."""
    context = error.get("ctx") or {}
    match error["type"]:
        case "missing":
            return _("This field is required.")
        case "extra_forbidden":
            return _("Unknown field.")
        case "string_too_long":
            return _("Use at most %(max)s characters.") % {"max": context.get("max_length")}
        case "string_too_short" if context.get("min_length", 1) > 1:
            return _("Use at least %(min)s characters.") % {"min": context["min_length"]}
        case "string_too_short":
            return _("This field is required.")
        case "too_long":
            return _("Use at most %(max)s items.") % {"max": context.get("max_length")}
        case "too_short":
            return _("Give at least %(min)s item(s).") % {"min": context.get("min_length")}
        case "value_error":
            return str(context.get("error", error["msg"]))
        case "int_parsing" | "int_type" | "int_from_float":
            return _("Give a whole number.")
        case "string_type":
            return _("Give a text.")
        case "bool_type" | "bool_parsing":
            return _("Give true or false.")
        case "list_type":
            return _("Give a list.")
        case "literal_error":
            return _("Choose one of these: %(choices)s.") % {"choices": _listed(context.get("expected"))}
        case "greater_than_equal":
            return _("Give at least %(min)s.") % {"min": context.get("ge")}
        case "less_than_equal":
            return _("Give at most %(max)s.") % {"max": context.get("le")}
        case "dict_type" | "model_type" | "model_attributes_type":
            return _("Give an object.")
        case "json_invalid":
            return _("This is not valid JSON.")
        case _:
            return _("This value cannot be used.")


def _listed(expected: object) -> str:
    """ "'nl' or 'en'", as pydantic says it, in any language: "nl, en"."""
    return ", ".join(re.findall(r"'([^']*)'", str(expected))) or str(expected)


class TourAPI(NinjaAPI):
    """Completes its OpenAPI document (cms.headless.contract)."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        found = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        import_string("cms.headless.contract.completed")(found)
        return found


def build_api() -> NinjaAPI:
    """The API at /api/v1/ with the routers of every installed plugin."""
    api = TourAPI(
        title="Best Practice Tour",
        version="1",
        urls_namespace="api-1",
        docs_url="/docs/",
        description=(
            "What the site shows, as data, and registering for its visits. Money is a string with two decimals, times "
            "are ISO 8601, errors RFC 9457; an unknown parameter or key is a 422. See docs/api.md."
        ),
    )
    for plugin in installed_plugins():
        for prefix, path in plugin.api_routers.items():
            api.add_router(prefix, import_string(path))

    @api.exception_handler(Problem)
    def on_problem(request: HttpRequest, error: Problem) -> HttpResponse:
        return problem_response(error.status, error.detail, error.errors, error.kind, error.more, error.headers)

    @api.exception_handler(ValidationError)
    def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = [{"loc": _location(item["loc"]), "msg": _words(item), "type": item["type"]} for item in error.errors]
        return problem_response(422, _("The request has errors."), errors)

    @api.exception_handler(HttpError)
    def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        # Ninja says it in English, and only of a body that is no JSON.
        text = _("The body of the request is no JSON.") if error.status_code == 400 else str(error)
        return problem_response(error.status_code, text, [])

    return api


def _location(parts: Iterable[str | int]) -> list[str | int]:
    """Ninja puts the name of the Python parameter after "body" and "query"; a client knows only its own keys."""
    place = list(parts)
    return [place[0], *place[2:]] if len(place) > 2 and place[0] in {"body", "query"} else place

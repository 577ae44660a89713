"""The OpenAPI document, completed: what every endpoint can answer besides its own reply, and how its answers travel.

django-ninja knows the replies a view names; that any of them can be a problem, or a 304, it does not.
"""

from http import HTTPStatus
from typing import Any

from django.utils import translation
from ninja import NinjaAPI

from cms.headless.shapes import ErrorOut, ProblemOut
from cms.models.api_tokens import Scope

Json = dict[str, Any]
PROBLEMS = (400, 404, 422)
#: Endpoints that nobody uses without an API token, and the scope it needs.
SCOPES = {
    "read_draft": Scope.DRAFTS,
    "read_texts": Scope.DRAFTS,
    "create_page": Scope.WRITE,
    "change_draft": Scope.WRITE,
    "preview_page": Scope.WRITE,
    "translate_page": Scope.WRITE,
    "give_texts": Scope.WRITE,
    "take_step": Scope.WORKFLOW,
}
TOKENS: Json = {
    "apiToken": {
        "type": "http",
        "scheme": "bearer",
        "description": "Made by an administrator, in the name of one person: `tour_…`. With it a reader sees more.",
    },
    "ownToken": {
        "type": "http",
        "scheme": "bearer",
        "description": "Of the very thing the address is about, given when it was made or in a mail: `manage_token`.",
    },
}


def completed(document: Json) -> Json:
    """The document with the answers any endpoint can give. Changes it in place."""
    components = document.setdefault("components", {})
    components["securitySchemes"] = TOKENS
    schemas = components.setdefault("schemas", {})
    for schema in (ErrorOut, ProblemOut):
        schemas[schema.__name__] = {
            key: value
            for key, value in schema.model_json_schema(ref_template="#/components/schemas/{model}").items()
            if key != "$defs"
        }
    for path in document["paths"].values():
        for method, operation in path.items():
            _complete(method, operation)
    return document


def _complete(method: str, operation: Json) -> None:
    replies = {str(status): reply for status, reply in operation["responses"].items()}
    for problem in PROBLEMS:
        replies.setdefault(str(problem), _problem(problem))
    replies.setdefault("default", _problem(None))
    if method == "get":
        if "200" in replies:
            text = {"schema": {"type": "string"}}
            replies["200"].setdefault("headers", {}).update({"ETag": text, "Cache-Control": text})
        replies.setdefault("304", {"description": "What If-None-Match names is still the answer"})
        operation.setdefault("parameters", []).append(
            {"in": "header", "name": "If-None-Match", "required": False, "schema": {"type": "string"}}
        )
    for reply in replies.values():
        _as_problem(reply)
    operation["responses"] = dict(sorted(replies.items()))
    operation["security"] = _security(method, operation)


def _security(method: str, operation: Json) -> list[Json]:
    """Which token opens it; an empty one says that none is needed."""
    if scope := SCOPES.get(operation["operationId"]):
        return [{"apiToken": [scope.value]}]
    if "401" in operation["responses"] and operation["operationId"] != "read_workflow":
        return [{"ownToken": []}]
    return [{}, {"apiToken": []}] if method == "get" else [{}]


def _as_problem(reply: Json) -> None:
    """A reply that is a problem says so in its media type."""
    content = reply.get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    if schema.get("$ref", "").endswith("/ProblemOut"):
        reply["content"] = {"application/problem+json": content["application/json"]}


def _problem(status: int | None) -> Json:
    return {
        "description": HTTPStatus(status).phrase if status else "A problem",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}},
    }


def document(api: NinjaAPI) -> Json:
    """The whole contract as it stands in docs/openapi.json: in English, whoever asks."""
    with translation.override("en"):
        found: Json = dict(api.get_openapi_schema())
    return found

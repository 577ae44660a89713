"""Which kinds of page there are, where each has its place, and what its form takes: for programs that write pages."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field
from wagtail.models import Page

from cms.actions.page_drafts import NotAllowed, refuse_place
from cms.api import Problem, refuse_unknown_parameters
from cms.headless.access import needs, pages_for
from cms.headless.choosing import wrong
from cms.headless.content import contents, model_of
from cms.headless.desk import is_of_site
from cms.headless.field_input import BIGGEST
from cms.headless.form_schema import content_schema
from cms.headless.page_forms import form_for
from cms.headless.shapes import ProblemOut
from cms.models.api_tokens import Scope

types = Router(tags=["types"])

REFUSALS = dict.fromkeys((401, 403, 422, 429), ProblemOut)


class TypeOut(Schema):
    type: str
    title: str
    description: str
    #: The kinds it can stand below, and those that can stand below it.
    parents: list[str]
    children: list[str]
    schema_url: str


class TypeList(Schema):
    items: list[TypeOut]


class TypeSchemaOut(TypeOut):
    #: JSON Schema of `content` when a page is made; a change takes any part of it.
    content: dict[str, Any]


class TypesQuery(Schema):
    parent: int | None = Field(None, ge=1, le=BIGGEST, description="Only what this person can make below this page.")


def made_here() -> list[str]:
    """The kinds of page a person can make."""
    return [label for label in contents() if model_of(label).is_creatable]


def type_out(label: str) -> dict[str, Any]:
    model = model_of(label)
    known = set(contents())
    return {
        "type": label,
        "title": str(model.get_verbose_name()),
        "description": str(model.get_page_description()),
        "parents": sorted({one._meta.label for one in model.allowed_parent_page_models()} & known),
        "children": sorted({one._meta.label for one in model.allowed_subpage_models()} & known),
        "schema_url": f"/api/v1/types/{label}/",
    }


@types.get("/", response={200: TypeList, **REFUSALS}, summary="Kinds of page, or those that have a place below a page")
def list_types(request: HttpRequest, query: Query[TypesQuery]) -> Any:
    refuse_unknown_parameters(request, TypesQuery.model_fields)
    reader = needs(request, Scope.WRITE)
    labels = made_here()
    if query.parent is not None:
        parent = Page.objects.filter(pk=query.parent).specific().first()
        if parent is None or not is_of_site(parent, request):
            raise wrong("parent", _("There is no such page."))
        labels = [label for label in labels if _has_place(label, parent, reader.user)]
        if not labels and not pages_for(reader, request).filter(pk=parent.pk).exists():
            raise wrong("parent", _("There is no such page."))
    return {"items": [type_out(label) for label in labels]}


def _has_place(label: str, parent: Page, user: Any) -> bool:
    try:
        refuse_place(model=model_of(label), parent=parent, by=user)
    except NotAllowed:
        return False
    return True


@types.get("/{label}/", response={200: TypeSchemaOut, **REFUSALS, 404: ProblemOut}, summary="What its form takes")
def read_type(request: HttpRequest, label: str) -> Any:
    refuse_unknown_parameters(request, ())
    reader = needs(request, Scope.WRITE)
    if label not in made_here():
        raise Problem(404, _("There is no such kind of page."), kind="not_found")
    form = form_for(model_of(label)(), parent=None, user=reader.user)
    return type_out(label) | {"content": content_schema(form)}

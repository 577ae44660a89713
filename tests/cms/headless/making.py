"""Pages, images and documents that the tests of the content API are about."""

import json
from functools import cache
from itertools import count
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    GroupApprovalTask,
    Page,
    PageViewRestriction,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from cms.headless.contract import document as openapi
from cms.models import StandardPage
from cms.review import REVIEWERS
from cms.urls import api
from tests import factories

API = "/api/v1"
#: Wagtail leaves a file of its own open when it makes a rendition.
READING = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]
_numbers = count(1)


def page(*, title: str = "", under: Page | None = None, both: bool = False, **facts: Any) -> StandardPage:
    """A live Dutch page of text."""
    home = factories.ground()
    above = under or home
    number = next(_numbers)
    made = above.add_child(
        instance=StandardPage(
            title=title or f"Tekst {number}", slug=facts.pop("slug", f"tekst-{number}"), locale=home.locale, **facts
        )
    )
    if both:
        factories.english(made, title=f"Text {number}", slug=f"text-{number}")
    return made


def under_review(made: Page) -> None:
    """What is written on this page and below it goes past the reviewers."""
    workflow = Workflow.objects.create(name="Nazicht")
    task = GroupApprovalTask.objects.create(name="Nalezen")
    task.groups.add(Group.objects.get(name=REVIEWERS))
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(page=made, workflow=workflow)


def image(title: str = "Foto", collection: Any = None) -> Any:
    """An image of 640 by 480."""
    more = {"collection": collection} if collection else {}
    return get_image_model().objects.create(title=title, file=get_test_image_file(size=(640, 480)), **more)


def document(title: str = "Blad", collection: Any = None) -> Any:
    more = {"collection": collection} if collection else {}
    return get_document_model().objects.create(title=title, file=ContentFile(b"x", name="blad.txt"), **more)


def private(made: Page) -> Page:
    """Only for who is logged in."""
    PageViewRestriction.objects.create(page=made, restriction_type=PageViewRestriction.LOGIN)
    return made


def private_collection() -> Any:
    """A collection inside one that only who is logged in may see."""
    factories.ground()
    outer = Collection.objects.get(depth=1).add_child(name=f"Besloten {next(_numbers)}")
    CollectionViewRestriction.objects.create(collection=outer, restriction_type=CollectionViewRestriction.LOGIN)
    return outer.add_child(name="Binnenin")


@cache
def _contract() -> Any:
    return json.loads(json.dumps(openapi(api), default=str))


def conforms(answer: Any, path: str, method: str = "get") -> None:
    """The answer is what the OpenAPI document says of this address and status, media type included."""
    contract = _contract()
    told = contract["paths"][path][method]["responses"]
    reply = told.get(str(answer.status_code), told["default"])
    media = answer["Content-Type"].partition(";")[0]
    schema = {**reply["content"][media]["schema"], "components": contract["components"]}
    errors = [
        f"{'/'.join(map(str, error.absolute_path))}: {best_match([error]).message[:300]}"
        for error in Draft202012Validator(schema).iter_errors(answer.json())
    ]
    assert errors == [], errors

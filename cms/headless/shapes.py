"""The small shapes that every answer is made of, as Python and the OpenAPI document know them."""

from typing import Any

from ninja import Schema


class ErrorOut(Schema):
    loc: list[str | int]
    msg: str
    type: str


class ProblemOut(Schema):
    """What went wrong, after RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ErrorOut]


class PageRef(Schema):
    """Another page, as far as the reader may see it."""

    id: int
    type: str
    title: str
    locale: str
    html_url: str
    api_url: str


class ParentRef(Schema):
    id: int
    title: str
    html_url: str


class TranslationRef(Schema):
    locale: str
    id: int
    title: str
    html_url: str
    api_url: str


class RenditionOut(Schema):
    url: str
    width: int
    height: int


class ImageOut(Schema):
    id: int
    title: str
    alt: str
    width: int
    height: int
    #: By what was asked for: {"fill-300x200": {...}}. One that cannot be made is left out.
    renditions: dict[str, RenditionOut]


class DocumentOut(Schema):
    id: int
    title: str
    filename: str
    url: str
    size: int | None


class Term(Schema):
    value: str | int
    label: str


class OptionOut(Schema):
    value: str
    label: str
    count: int
    chosen: bool


class FacetOut(Schema):
    name: str
    title: str
    options: list[OptionOut]


Json = dict[str, Any]

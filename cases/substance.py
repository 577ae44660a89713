"""What a host agrees to: everything a reader of the visit report reads, and nothing beside it.

The rule of what makes an agreement stale. What counts: every text, fact, figure, lesson, image, document, party and
source of the page, the quiz that goes along in the learning packages, and the licence under which others may use it.
What does not: white space, the address and what search engines and menus show, the day of publishing, the days on
which an editor checked a fact. A new field counts until it is named here.

A translation says in another language what was agreed to: it rests on the text it is translated from.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import F
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.rich_text import extract_references_from_rich_text
from wagtail_localize.models import Translation

if TYPE_CHECKING:
    from cases.models import CasePage

#: "image" or "document", and its number.
File = tuple[str, str]
#: Of a row: where it is kept, who saw it.
NOT_READ_OF_A_ROW = {"pk", "page", "locale", "translation_key", "sort_order", "verified_on", "verified_by"}
#: What a digest asks for, to be fetched along for several cases. An editor's comments are not read, but looked at.
READ_PARTS = (
    "parties",
    "images",
    "lessons",
    "figures",
    "documents",
    "sources",
    "quiz",
    "wagtail_admin_comments__replies",
)
_DECIMAL = re.compile(r"-?\d+\.\d+")
_BLOCK_KEYS = re.compile(r' data-block-key="[^"]*"')


@cache
def not_read() -> set[str]:
    """Wagtail's own fields of a page but for its title, what follows from others, the editor's own notes."""
    return {field.name for field in Page._meta.get_fields()} - {"title"} | {"cpv_beginnings", "checked_on"}


def digest_of(case: "CasePage") -> str:
    """SHA-256 in hexadecimal of what is read of this page as it is in memory, with its unsaved parts and its files."""
    return digests_of([case])[0][0]


def digests_of(cases: Sequence["CasePage"]) -> list[tuple[str, str]]:
    """Of each its digest, and the one it had before files counted by what is in them: a host who agreed to that one
    agreed. At most two queries, besides those for parts that were not fetched along.
    """
    read = [
        {name: _normal(value) for name, value in case.serializable_data().items() if name not in not_read()}
        for case in cases
    ]
    shown = [set(_files_in(one)) for one in read]
    hashes = _hashes_of(set().union(*shown))
    found = []
    for one, files in zip(read, shown, strict=True):
        before = _sha256(one)
        told = {" ".join(file): hashes[file] for file in files if file in hashes}
        found.append((_sha256(one | {"files": told}) if told else before, before))
    return found


def _sha256(read: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(read, sort_keys=True).encode()).hexdigest()


def _files_in(read: dict[str, Any]) -> Iterator[File]:
    """The images and documents of the lists, and those that stand in a text."""
    yield from (("image", row["image"]) for row in read["images"])
    yield from (("document", row["document"]) for row in read["documents"])
    for text in read.values():
        if isinstance(text, str) and "<" in text:
            for model, number, *_where in extract_references_from_rich_text(text):
                for kind, known in _kinds().items():
                    if issubclass(model, known):
                        yield kind, str(number)


def _hashes_of(files: set[File]) -> dict[File, str]:
    """Wagtail keeps one number for a file that is replaced: its hash tells. "" for a file that is not there."""
    found = {}
    for kind, model in _kinds().items():
        numbers = {number for one, number in files if one == kind and number}
        for kept in model._default_manager.filter(pk__in=numbers) if numbers else ():
            try:
                found[kind, str(kept.pk)] = kept.get_file_hash()
            except OSError:
                found[kind, str(kept.pk)] = ""
    return found


def _kinds() -> dict[str, Any]:
    return {"image": get_image_model(), "document": get_document_model()}


def original_of(case: "CasePage") -> "CasePage":
    """The page as it was written: itself or, for a translation, what it is translated from as it is public now, else
    its newest draft. A translation that was cut loose is a text of its own.
    """
    return originals_of([case])[0]


def originals_of(cases: Sequence["CasePage"]) -> list["CasePage"]:
    """The same for several, in their order. A constant number of queries, but for originals that are not live."""
    links = (
        Translation.objects.filter(source__object_id__in={case.translation_key for case in cases}, enabled=True)
        .exclude(source__locale=F("target_locale"))
        .order_by("-source")
        .values_list("source__object_id", "target_locale", "source__locale")
    )
    written_in = {(key, target): locale for key, target, locale in links}
    sought = [(case.translation_key, written_in.get((case.translation_key, case.locale_id))) for case in cases]
    written: dict[Any, CasePage] = {}
    if keys := {key for key, locale in sought if locale}:
        pages = type(cases[0]).objects.filter(translation_key__in=keys).prefetch_related(*READ_PARTS)
        for page in pages.filter(locale__in={locale for _key, locale in sought if locale}):
            written[page.translation_key, page.locale_id] = page
    found = [(case, written.get(place)) for case, place in zip(cases, sought, strict=True)]
    return [_public_or_draft(page) if page else case for case, page in found]


def _public_or_draft(page: "CasePage") -> "CasePage":
    original: CasePage = page if page.live else page.get_latest_revision_as_object()
    return original


def _normal(value: Any) -> Any:
    """The same for what reads the same, whether it came from the table, a revision or the form."""
    if isinstance(value, dict):
        return {name: _normal(item) for name, item in value.items() if name not in NOT_READ_OF_A_ROW}
    if isinstance(value, list | tuple):
        return [_normal(item) for item in value]
    if value is None:
        return ""
    text = " ".join(_BLOCK_KEYS.sub("", str(value)).split())
    # A figure is 18 as it was typed and 18.000 as it was kept.
    return text.rstrip("0").rstrip(".") if _DECIMAL.fullmatch(text) else text

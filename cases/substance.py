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
from functools import cache
from typing import TYPE_CHECKING, Any

from wagtail.models import Page
from wagtail_localize.models import TranslationSource

if TYPE_CHECKING:
    from cases.models import CasePage

#: Of a row: where it is kept, who saw it.
NOT_READ_OF_A_ROW = {"pk", "page", "locale", "translation_key", "sort_order", "verified_on", "verified_by"}
_DECIMAL = re.compile(r"-?\d+\.\d+")
_BLOCK_KEYS = re.compile(r' data-block-key="[^"]*"')


@cache
def not_read() -> set[str]:
    """Wagtail's own fields of a page but for its title, what follows from others, the editor's own notes."""
    return {field.name for field in Page._meta.get_fields()} - {"title"} | {"cpv_beginnings", "checked_on"}


def digest_of(case: "CasePage") -> str:
    """SHA-256 in hexadecimal of what is read of this page as it is in memory, with its unsaved parts."""
    read = {name: _normal(value) for name, value in case.serializable_data().items() if name not in not_read()}
    return hashlib.sha256(json.dumps(read, sort_keys=True).encode()).hexdigest()


def original_of(case: "CasePage") -> "CasePage":
    """The page as it was written: itself or, for a translation, what it is translated from as it is public now, else
    its newest draft. A translation that was cut loose is a text of its own. Two or three queries.
    """
    source = (
        TranslationSource.objects.filter(
            object_id=case.translation_key, translations__target_locale=case.locale_id, translations__enabled=True
        )
        .exclude(locale=case.locale_id)
        .first()
    )
    if source is None:
        return case
    written = type(case).objects.filter(translation_key=case.translation_key, locale=source.locale_id).first()
    if written is None:
        return case
    original: CasePage = written if written.live else written.get_latest_revision_as_object()
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

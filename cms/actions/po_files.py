"""Take in a translation that was made outside the admin, from a PO file (GNU gettext)."""

import os
from datetime import datetime
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple

import polib
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail_localize.models import StringTranslation, Translation

from cms.actions.translating import TranslationRefused

#: The texts of the longest case are under 60 kB; a book of 300 pages is under 1 MB.
MOST_BYTES = 2_000_000
IDENTITY = "X-WagtailLocalize-TranslationID"
MADE_AT = "POT-Creation-Date"


class UnusableFile(TranslationRefused):
    """The file cannot be read as a translation of this page. Nothing was taken from it."""


class TakenIn(NamedTuple):
    """What became of the texts in the file."""

    taken: int
    #: Not in the first language's page any more, or never.
    unknown: int
    #: Marked as uncertain by the translator's tool.
    fuzzy: int
    #: Changed in the admin after the file was exported: the admin's text stays.
    kept: int


@transaction.atomic
def take_in(*, translation: Translation, content: bytes, by: Any = None) -> TakenIn:
    """Read the translated texts of a PO file that was exported from this very translation.

    Raises UnusableFile for one that is too large, is not text in the encoding it names, is no PO file, lacks its header
    or belongs to another page.
    """
    if len(content) > MOST_BYTES:
        raise UnusableFile(_("This file is too large: a PO file of a page has at most 2 MB."))
    file = _read(content)
    identity = file.metadata.get(IDENTITY)
    if identity is None:
        raise UnusableFile(
            _("This PO file does not say which page it belongs to: its header is missing. Export it again.")
        )
    if identity != str(translation.uuid):
        raise UnusableFile(_("This PO file belongs to another page or another language."))
    fuzzy = [entry for entry in file if entry.fuzzy]
    changed = _changed_since(translation, file.metadata.get(MADE_AT, ""))
    kept = [
        entry
        for entry in file
        if entry.msgstr and changed.get((entry.msgid, entry.msgctxt), entry.msgstr) != entry.msgstr
    ]
    for entry in {id(entry): entry for entry in [*fuzzy, *kept]}.values():
        file.remove(entry)
    given = sum(1 for entry in file if entry.msgstr and not entry.obsolete)
    warnings = translation.import_po(file, user=by, tool_name="PO File")
    # It warns of what stands in the file without being translated, too.
    unknown = sum(1 for warning in warnings if file[warning.index].msgstr and not file[warning.index].obsolete)
    return TakenIn(given - unknown, unknown, len(fuzzy), len(kept))


def _read(content: bytes) -> polib.POFile:
    """polib takes a file's name or its text alike, and a text could name a file of ours: it is given a name only."""
    if b"\0" in content:
        raise UnusableFile(_("This is not a PO file."))
    with NamedTemporaryFile(suffix=".po", delete=False) as stored:
        stored.write(content.removeprefix(b"\xef\xbb\xbf"))
    try:
        return polib.pofile(stored.name)
    except UnicodeDecodeError as error:
        raise UnusableFile(
            _("The letters of this file are broken: it is not in the encoding it names. Save it as UTF-8.")
        ) from error
    except (OSError, ValueError, IndexError) as error:
        raise UnusableFile(_("This is not a PO file.")) from error
    finally:
        os.unlink(stored.name)


def _changed_since(translation: Translation, moment: str) -> dict[tuple[str, str], str]:
    """(text, place) -> the translation given in the admin after this moment; empty when the file names none."""
    try:
        exported = datetime.fromisoformat(moment)
    except ValueError:
        return {}
    if exported.tzinfo is None:
        return {}
    newer = StringTranslation.objects.filter(
        context__object_id=translation.source.object_id, locale=translation.target_locale, updated_at__gt=exported
    )
    return {
        (text, path): data for text, path, data in newer.values_list("translation_of__data", "context__path", "data")
    }

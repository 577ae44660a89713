"""Rich text in a cell: as an editor may write it, and as the words a person reads of it."""

import re
from html import escape, unescape

from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from wagtail.admin.rich_text.converters.editor_html import EditorHTMLConverter
from wagtail.rich_text import features

#: Text with one of these is rich already; other text with a "<" in it is plain.
_MARKED = re.compile(r"</?(?:p|h[2-4]|ul|ol|li|b|i|em|strong|a|br|hr|embed)\b[^<>]*>")
_CONVERTER = EditorHTMLConverter(features.get_default_features())
#: A link or embed as the database holds it. The converter knows it by the names an editor's window gives the same.
_KEPT = re.compile(r"<(?:a\b[^<>]*\slinktype=|embed\b[^<>]*\sembedtype=)[^<>]*>")
_KEPT_NAMES = re.compile(r"\s(?=(?:linktype|embedtype|id|format|alt|url)=)")
_BREAK = re.compile(r"<(?:/(?:p|h[2-6]|li)|[bh]r\b[^<>]*|embed\b[^<>]*)>")
#: How many words stand around what changed.
_AROUND = 4


def rich(written: str) -> str:
    """Rich text as an editor may write it: without marks the editor does not know, nor the keys of its paragraphs.

    Plain text becomes paragraphs; paragraphs without a word are empty.
    """
    if not written.strip():
        return ""
    if not _MARKED.search(written):
        written = "".join(
            f"<p>{escape(part.strip(), quote=False)}</p>" for part in re.split(r"\n\s*\n", written) if part.strip()
        )
    written = _KEPT.sub(lambda tag: _KEPT_NAMES.sub(" data-", tag[0]), written)
    kept = str(_CONVERTER.to_database_format(written))
    return kept if words(kept) or "<embed" in kept else ""


def words(text: str) -> str:
    """What a person reads of rich text."""
    return " ".join(unescape(strip_tags(_BREAK.sub(" ", text))).split())


def change_of(before: str, after: str) -> str:
    """What became of rich text, as words: those that differ, with a few around them."""
    old, new = words(before).split(), words(after).split()
    if old == new:
        return _("the same words in another form (headings, lists, bold, links)")
    begin = 0
    while begin < min(len(old), len(new)) and old[begin] == new[begin]:
        begin += 1
    end = 0
    while end < min(len(old), len(new)) - begin and old[-1 - end] == new[-1 - end]:
        end += 1
    return f"{_excerpt(old, begin, end)} → {_excerpt(new, begin, end)}"


def _excerpt(all_words: list[str], begin: int, end: int) -> str:
    first, last = max(begin - _AROUND, 0), min(len(all_words) - end + _AROUND, len(all_words))
    text = " ".join(all_words[first:last])
    return f"{'… ' if first else ''}{text}{' …' if last < len(all_words) else ''}" if text else "–"

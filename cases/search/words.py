"""From what a person types to a question PostgreSQL can answer, in both languages.

A word is asked for stemmed in the reader's language, stemmed in the other one, and as it is written; a number also as
the beginning of a CPV code. When that finds too little, the words of our own cases help: they are what a typing error
may have meant, and what a Dutch compound is made of. The embedded PostgreSQL has no trigrams and no Dutch dictionary of
compounds; a vocabulary of our own needs neither.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from cases import cpv
from cases.models import SearchText
from cases.search.texts import cpv_word
from cms.search_backend import dictionary

#: What is kept of what somebody types: signs, and words.
LONGEST, MOST_WORDS = 200, 12
#: The shortest part of a compound, and the shortest word that is looked for inside others.
SHORTEST_PART, SHORTEST_INSIDE = 4, 5
#: Of other words that may have been meant.
MOST_ALTERNATIVES = 8
#: Sounds that join the parts of a Dutch compound: "aankoop-s-beleid", "gunning-en-lijst".
JOINTS = ("", "s", "en", "e", "n")

#: One way to say a word: all of these words.
Alternative = tuple[str, ...]


class Wider(NamedTuple):
    """What a word may stand for besides itself."""

    #: How we understood a word that is in none of our cases: shown to the reader.
    meant: list[Alternative]
    #: Longer words it is the beginning or the end of; of a CPV code, those of the branches it stands in.
    within: list[Alternative]


def split(written: str) -> list[str]:
    """The words, in small letters, each once: a CPV code with its check digit is one of them."""
    found = re.findall(r"\b[0-9]{8}-[0-9]\b|[^\W_]+", written[:LONGEST].lower())
    return list(dict.fromkeys(found))[:MOST_WORDS]


def stems(words: Iterable[str], language: str) -> dict[str, set[str]]:
    """Each word with the forms it is looked for in; an empty set for one that says nothing in this language ("de").

    One query.
    """
    languages = [language, *(code for code, _name in settings.LANGUAGES if code != language)]
    columns = ", ".join(f"ts_lexize('{dictionary(code)}_stem', word)" for code in languages)
    with connection.cursor() as cursor:
        # The columns are made of our own settings; what was typed is a parameter.
        cursor.execute(f"SELECT word, {columns} FROM unnest(%s::text[]) word", [list(words)])  # noqa: S608
        found = {}
        for word, own, *others in cursor.fetchall():
            found[word] = (
                set() if own == [] else {word, *(own or []), *(stem for other in others for stem in other or [])}
            )
    for word, forms in found.items():
        if beginning := cpv.beginning(word):
            forms |= {cpv_word(beginning), *([word.partition("-")[0]] if "-" in word else [])}
            forms.discard(word if "-" in word else "")
    return found


def question(words: Iterable[str], forms: dict[str, set[str]], wider: dict[str, Wider] | None = None) -> str:
    """All the words, each in any of its forms, in PostgreSQL's own language of questions; "" when nothing is asked."""
    asked = []
    for word in words:
        if not forms[word]:
            continue
        ways = [_any(forms[word])]
        if wider and word in wider:
            ways += [
                "(" + " & ".join(_any(forms[part]) for part in parts if forms[part]) + ")"
                for parts in (*wider[word].meant, *wider[word].within)
                if any(forms[part] for part in parts)
            ]
        asked.append("(" + " | ".join(ways) + ")")
    return " & ".join(asked)


def _any(forms: set[str]) -> str:
    # Letters and digits only (see split): nothing to escape.
    return "(" + " | ".join(f"'{form}'" for form in sorted(forms)) + ")"


class Vocabulary(NamedTuple):
    """The words of all cases in a language and of their translations."""

    words: frozenset[str]
    #: A part that stands in compounds only -> the compounds: "verlichting" -> {"binnenverlichting"}.
    parts: dict[str, set[str]]

    def __contains__(self, word: object) -> bool:
        return word in self.words or word in self.parts

    def said(self, *meant: str) -> list[Alternative]:
        """These words together, as they stand in the cases: a part by its compounds."""
        ways = [sorted(self.parts[word])[:MOST_ALTERNATIVES] if word not in self.words else [word] for word in meant]
        return list(product(*ways))[:MOST_ALTERNATIVES]


def vocabulary(locale_id: int) -> Vocabulary:
    """The words our own cases bring. Read anew when the index has changed, kept in the process until then."""
    version = SearchText.objects.filter(locale=locale_id, lesson=None).aggregate(newest=Max("pk"), rows=Count("pk"))
    return _vocabulary(locale_id, version["newest"] or 0, version["rows"])


@lru_cache(maxsize=4)
def _vocabulary(locale_id: int, newest: int, rows: int) -> Vocabulary:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM ts_stat(format("
            "'SELECT vector FROM cases_searchtext WHERE lesson_id IS NULL AND locale_id = %%s', %s::int), 'd')",
            [locale_id],
        )
        # Addresses and numbers of the texts are no words.
        known = frozenset(word for (word,) in cursor.fetchall() if len(word) >= SHORTEST_PART and word.isalpha())
    parts: dict[str, set[str]] = {}
    for word in known:
        for cut in range(SHORTEST_INSIDE, len(word) - SHORTEST_INSIDE + 1):
            first, head = word[:cut], word[cut:]
            if head in known:
                for bare in _unjoined(first):
                    parts.setdefault(bare, set()).add(word)
            if first in known:
                parts.setdefault(head, set()).add(word)
    return Vocabulary(known, {part: words for part, words in parts.items() if part not in known})


def _unjoined(first: str) -> list[str]:
    """The first part of a compound without the sound that joins it: "verlichtings" is also "verlichting"."""
    bare = [first.removesuffix(joint) for joint in JOINTS if first.endswith(joint)]
    return [part for part in bare if len(part) >= SHORTEST_INSIDE]


def widen(word: str, known: Vocabulary) -> Wider:
    """What else to look for. A word we have is no typing error and no compound to take apart."""
    if not word.isalpha():
        # Whoever buys a kind of something learns from a case of the whole branch, which carries the code above it.
        return Wider([], [(code,) for code in cpv.above(word)])
    within: list[Alternative] = []
    if len(word) >= SHORTEST_INSIDE:
        longer = [other for other in known.words if other != word and (other.startswith(word) or other.endswith(word))]
        within = [(other,) for other in sorted(longer, key=lambda other: (len(other), other))[:MOST_ALTERNATIVES]]
    if word in known.words:
        return Wider([], within)
    return Wider([*_corrected(word, known), *_taken_apart(word, known)], within)


def _corrected(word: str, known: Vocabulary) -> list[Alternative]:
    """The nearest words: one letter wrong, missing, too many or changed places; two in a long word."""
    most = 0 if len(word) < 4 else 1 if len(word) < 8 else 2
    if not most or word in known.parts:
        return []
    every = [*known.words, *known.parts]
    near = extract(word, every, scorer=OSA.distance, score_cutoff=most, limit=MOST_ALTERNATIVES) or extract(
        _as_heard(word),
        every,
        scorer=OSA.distance,
        processor=_as_heard,
        score_cutoff=most,
        limit=MOST_ALTERNATIVES,
    )
    nearest = min((distance for _other, distance, _place in near), default=0)
    meant = sorted(other for other, distance, _place in near if distance == nearest)
    return [way for other in meant for way in known.said(other)]


def _as_heard(word: str) -> str:
    """ "ij" and "y" are one letter in Dutch: "Kortryk" is "Kortrijk"."""
    return word.replace("ij", "y")


def _taken_apart(word: str, known: Vocabulary) -> list[Alternative]:
    """A Dutch compound by its parts. The last one says what it is, so it may stand alone; the first only at need."""
    for start in range(1, len(word) - SHORTEST_PART + 1):
        head = word[start:]
        if head in known:
            rest = word[:start]
            firsts = [rest.removesuffix(joint) for joint in JOINTS if rest.endswith(joint)]
            both = [way for first in firsts if first in known for way in known.said(first, head)]
            return [*both, *known.said(head)]
    for end in range(len(word) - 2, SHORTEST_INSIDE - 1, -1):
        if word[:end] in known:
            return known.said(word[:end])
    return []

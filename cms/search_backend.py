"""Full-text search that stems each page in its own language and each question in the reader's.

Wagtail's PostgreSQL backend knows one language a site. Ours picks the dictionary by the indexed object's locale, and by
the active language when searching, so that "aankopers" finds "aankoper" in Dutch and "purchasers" finds "purchaser" in
English, out of one index table.
"""

from collections import defaultdict
from copy import copy
from typing import Any

from django.utils.translation import get_language
from modelsearch.backends.database.postgres.postgres import (
    PostgresIndex,
    PostgresSearchBackend,
    PostgresSearchQueryCompiler,
)

DICTIONARIES = {"nl": "dutch", "en": "english"}


def dictionary(language: str | None) -> str:
    """PostgreSQL's text search configuration for a language code, "simple" when there is none."""
    return DICTIONARIES.get((language or "")[:2], "simple")


def _language_of(item: Any) -> str | None:
    locale = getattr(item, "locale", None)
    return locale.language_code if locale else None


class LanguageIndex(PostgresIndex):
    def add_items(self, model: type, objs: Any) -> None:
        by_dictionary: dict[str, list[Any]] = defaultdict(list)
        for item in objs:
            by_dictionary[dictionary(_language_of(item))].append(item)
        for name, items in by_dictionary.items():
            part = copy(self)
            part.backend = copy(self.backend)
            part.backend.config = name
            PostgresIndex.add_items(part, model, items)


class LanguageQueryCompiler(PostgresSearchQueryCompiler):
    def get_config(self, backend: Any) -> str:
        has_language = hasattr(self.queryset.model, "locale_id")
        return dictionary(get_language()) if has_language else "simple"


class LanguageSearchBackend(PostgresSearchBackend):
    index_class = LanguageIndex
    query_compiler_class = LanguageQueryCompiler


SearchBackend = LanguageSearchBackend

"""Reads the process environment, once, in words the settings use. Nothing else in the project looks at os.environ."""

import json
import os
from urllib.parse import unquote, urlsplit


class MissingSetting(RuntimeError):
    """A setting that has no safe default was not given."""


def text(name: str, default: str | None = None) -> str:
    """The variable's value. Raises MissingSetting when absent and no default is given."""
    value = os.environ.get(name, default)
    if value is None:
        raise MissingSetting(f"Set {name} in the environment.")
    return value


def flag(name: str, default: bool = False) -> bool:
    """True for 1, true, yes, on. Raises ValueError for a word that is neither yes nor no."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError(f"{name} should be yes or no, not {value!r}.")


def number(name: str, default: int) -> int:
    """A whole number. Raises ValueError for anything else."""
    return int(os.environ.get(name, default))


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list, empty words left out."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def mapping(name: str) -> dict[str, object]:
    """A JSON object, empty when not given. Raises ValueError for anything else, and repeats nothing of a secret."""
    try:
        value = json.loads(os.environ.get(name) or "{}")
    except json.JSONDecodeError:
        value = None
    if not isinstance(value, dict):
        raise ValueError(f'{name} should be a JSON object, for instance {{"AUTH_KEY": "…"}}.')
    return value


def database(url: str) -> dict[str, object]:
    """Django's DATABASES entry for a libpq URL, for instance postgresql://me:secret@host:5432/tour.

    A socket directory may stand in ?host=. Other query parameters become connection options.
    Raises ValueError for another scheme: this project runs on PostgreSQL only.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("DATABASE_URL should start with postgresql://: no other database is supported.")
    query = dict(pair.partition("=")[::2] for pair in parts.query.split("&") if pair)
    host = unquote(query.pop("host", parts.hostname or ""))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or query.pop("port", "")),
        "OPTIONS": {key: unquote(value) for key, value in query.items()},
    }

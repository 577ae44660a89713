"""Wheels and a stranger's site, made once for all tests here: they run on one worker."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from tests.plugins.stranger import Environment, Stranger
from wheels.__main__ import CHAPTERS, ROOT, build, wheel

EXAMPLE = ROOT / "docs" / "example_plugin"
STORY = (*CHAPTERS, "partners")


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The four wheels, as `make wheels` builds them, and that of the guide's add-on."""
    out = tmp_path_factory.mktemp("dist")
    for chapter in CHAPTERS:
        build(chapter, out)
    wheel(EXAMPLE, out)
    return out


@pytest.fixture(scope="session")
def environment(wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The one environment all strangers here share: each wheel and what it needs is fetched once a session."""
    return Environment(tmp_path_factory.mktemp("environment"), wheels)


@pytest.fixture(scope="session")
def grown(
    environment: Environment, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], dict[str, Any]]]:
    """What the site answers when it has this chapter and those before it. It grows by one chapter at a time.

    Each is used in a copy of the site's database, so that the next finds it as it was installed.
    """
    empty, used = "stranger", "stranger_used"
    database(empty, "template0")
    site = Stranger(tmp_path_factory.mktemp("stranger"), environment, server())
    answers: dict[str, dict[str, Any]] = {}

    def until(chapter: str) -> dict[str, Any]:
        for one in STORY[: STORY.index(chapter) + 1]:
            if one not in answers:
                site.install(one)
                site.migrate(database=empty)
                database(used, empty)
                answers[one] = site.smoke(database=used)
        return answers[chapter]

    yield until
    for name in (empty, used):
        database(name)


def server() -> dict[str, Any]:
    """Where the tests' own PostgreSQL listens."""
    keys = ("ENGINE", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    return {key: settings.DATABASES["default"][key] for key in keys}


def database(name: str, template: str = "") -> None:
    """Drop it, and make it anew when a template is given."""
    given = server()
    facts = {"user": given["USER"], "password": given["PASSWORD"], "host": given["HOST"], "port": given["PORT"] or None}
    with psycopg.connect(dbname="postgres", autocommit=True, **facts) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        if template:
            make = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE {}")
            connection.execute(make.format(sql.Identifier(name), sql.Identifier(template)))

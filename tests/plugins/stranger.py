"""A stranger's Wagtail site, made by `wagtail start`, with our wheels in an environment of its own."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from wheels.__main__ import CHAPTERS, name_of

GUIDE = Path(settings.BASE_DIR) / "docs" / "plugins.md"
SMOKE = Path(__file__).with_name("smoke.py")
#: A fenced block of the guide whose first line is a comment that names a file.
BLOCK = re.compile(r"```\w+\n(?:# |{# )(?P<name>[\w./-]+\.\w+)(?P<more>[^\n]*)\n(?P<text>.*?)```", re.DOTALL)
NAMES = {chapter: name_of(chapter) for chapter in CHAPTERS} | {"partners": "tour-partners"}
#: What else pip reads where it runs.
TO_PIP = {"http_proxy", "https_proxy", "no_proxy", "ssl_cert_file", "requests_ca_bundle"}
EVERY = '["cms", "cases", "events", "payments"]'


def blocks(name: str, part: str = "") -> list[str]:
    """The guide's blocks for this file; with a part, those that say it ("with cases")."""
    found = BLOCK.finditer(GUIDE.read_text())
    return [block["text"] for block in found if block["name"] == name and part in block["more"]]


class Environment:
    """A Python of its own below `folder`: what our wheels declare, fetched as a stranger's pip would, and nothing else.

    Each chapter is installed once, into what those before it brought.
    """

    def __init__(self, folder: Path, wheels: Path) -> None:
        self.folder, self.wheels = folder, wheels
        self.python = folder / "env" / "bin" / "python"
        self.installed: set[str] = set()
        run(sys.executable, "-m", "venv", "--without-pip", "env", cwd=folder)

    def install(self, chapter: str) -> None:
        """The wheel with its declared dependencies, from wherever pip is told to look."""
        if chapter in self.installed:
            return
        [wheel] = self.wheels.glob(f"{NAMES[chapter].replace('-', '_')}-*.whl")
        pip = [sys.executable, "-m", "pip", "--python", self.python, "install", "-q", "--disable-pip-version-check"]
        told = {name: value for name, value in os.environ.items() if name.startswith("PIP_") or name.lower() in TO_PIP}
        run(*pip, wheel, cwd=self.folder, env=told)
        self.installed.add(chapter)


class Stranger:
    """The site below `folder`, on the server with these connection facts. It grows by chapters."""

    def __init__(self, folder: Path, environment: Environment, server: dict[str, Any]) -> None:
        """A bare Wagtail site, as `wagtail start` makes it."""
        self.environment, self.server = environment, server
        self.site = folder / "mysite"
        self.python = environment.python
        self.chapters: list[str] = []
        environment.install("cms")  # it brings Wagtail
        self.run(self.python, "-c", "from wagtail.bin.wagtail import main; main()", "start", "mysite", cwd=folder)

    def install(self, chapter: str) -> None:
        self.environment.install(chapter)
        self.chapters.append(chapter)
        self._follow_the_guide(chapter)

    def _follow_the_guide(self, chapter: str) -> None:
        """What a developer writes, word for word from the guide; only the database is the tests' own."""
        tour = blocks("mysite/settings/tour.py")[0]
        assert EVERY in tour
        self.write("mysite/settings/tour.py", tour.replace(EVERY, json.dumps(self.chapters)))
        self.write(
            "mysite/settings/stranger.py",
            "import os\n\n"
            "from mysite.settings.tour import *\n\n"
            f"DATABASES = {{'default': {self.server!r} | {{'NAME': os.environ['STRANGER_DATABASE']}}}}\n"
            "PASSWORD_HASHERS = ['django.contrib.auth.hashers.MD5PasswordHasher']\n",
        )
        urls = self.site / "mysite" / "urls.py"
        if "site_urls" not in urls.read_text():
            urls.write_text(urls.read_text().partition("urlpatterns = [")[0] + blocks("mysite/urls.py")[0])
        with (self.site / "home" / "models.py").open("a") as models:
            models.writelines(f"\n\n{block}" for block in blocks("home/models.py", f"with {chapter}"))
        for name in ("project_page", "budgeted_case", "city_walk_page"):
            path = f"home/templates/home/{name}.html"
            self.write(path, blocks(path)[0])
        # A template of ours that the site has its own of.
        ours = '{% extends "cms/base.html" %}{% block main %}Of the site itself{% endblock main %}'
        self.write("mysite/templates/cms/standard_page.html", ours)

    def write(self, path: str, text: str) -> None:
        target = self.site / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def manage(self, *words: str, database: str, settings_module: str = "stranger", check: bool = True) -> str:
        """What the command said, on either stream."""
        told = {"DJANGO_SETTINGS_MODULE": f"mysite.settings.{settings_module}", "STRANGER_DATABASE": database}
        return self.run(self.python, "manage.py", *words, cwd=self.site, env=told, check=check)

    def migrate(self, *, database: str) -> None:
        """Both commands in one process: starting Django takes longer than either."""
        both = "call_command('makemigrations', 'home', verbosity=0); call_command('migrate', verbosity=0)"
        told = {"DJANGO_SETTINGS_MODULE": "mysite.settings.stranger", "STRANGER_DATABASE": database}
        words = f"import django; django.setup(); from django.core.management import call_command; {both}"
        self.run(self.python, "-c", words, cwd=self.site, env=told)

    def smoke(self, *, database: str) -> dict[str, Any]:
        """What the site answers to its people."""
        script = self.site / SMOKE.name
        script.write_text(SMOKE.read_text())
        told = {"DJANGO_SETTINGS_MODULE": "mysite.settings.stranger", "STRANGER_DATABASE": database}
        found: dict[str, Any] = json.loads(self.run(self.python, script, cwd=self.site, env=told).splitlines()[-1])
        return found

    def run(self, *words: Any, cwd: Path, env: dict[str, str] | None = None, check: bool = True) -> str:
        return run(*words, cwd=cwd, env=env, check=check)


def run(*words: Any, cwd: Path, env: dict[str, str] | None = None, check: bool = True) -> str:
    """What the command said, on either stream.

    Nothing of this checkout is on its path: what it imports of ours comes out of the wheels.
    """
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env=kept | (env or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert not check or done.returncode == 0, done.stdout
    return done.stdout

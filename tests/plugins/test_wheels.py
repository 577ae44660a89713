"""One wheel for each chapter, whole: code, migrations, templates, static files, translations of its own."""

import re
import zipfile
from email import message_from_bytes
from pathlib import Path

import polib
import pytest
from django.conf import settings

from cms import VERSION
from wheels.__main__ import CHAPTERS, OURS_ALONE, own_catalogue

pytestmark = pytest.mark.xdist_group("stranger")
ROOT = Path(settings.BASE_DIR)


def files(wheels: Path, chapter: str) -> dict[str, bytes]:
    [path] = wheels.glob(f"best_practice_tour_{chapter}-*.whl")
    with zipfile.ZipFile(path) as wheel:
        return {name: wheel.read(name) for name in wheel.namelist()}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_wheel_carries_what_its_chapter_has_and_nothing_of_ours_alone(wheels, chapter):
    there = files(wheels, chapter)

    own = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / chapter).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    kept = {name for name in own if not name.startswith(OURS_ALONE)}
    templates = [path for path in (ROOT / "templates" / chapter).rglob("*") if path.is_file()]
    drawn = {f"{chapter}/{path.relative_to(ROOT)}" for path in templates}
    told = {f"{chapter}/locale/{code}/LC_MESSAGES/django.{kind}" for code in ("nl", "en") for kind in ("po", "mo")}
    overridden = {name for name in there if name.startswith(("cms/templates/wagtail", "cms/templates/wagtailadmin"))}
    assert {name for name in there if ".dist-info/" not in name} - overridden == kept | drawn | told
    assert len(overridden) == (2 if chapter == "cms" else 0)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_wheel_says_what_it_is_and_bounds_nothing_but_wagtail(wheels, chapter):
    [said] = [data for name, data in files(wheels, chapter).items() if name.endswith("METADATA")]
    facts = message_from_bytes(said)

    assert (facts["Name"], facts["Version"]) == (f"best-practice-tour-{chapter}", VERSION)
    assert (facts["License-Expression"], facts["License-File"]) == ("BSD-3-Clause", "LICENSE")
    assert "Framework :: Wagtail :: 8" in facts.get_all("Classifier")
    bounded = [one for one in facts.get_all("Requires-Dist") if "<" in one or "==" in one.partition(";")[0]]
    assert [one.replace(" ", "") for one in bounded] == (["wagtail<9,>=8.0"] if chapter == "cms" else [])


def test_no_text_is_lost_between_the_wheels():
    source = ROOT / "locale" / "nl" / "LC_MESSAGES" / "django.po"
    project = {"404.html", "500.html"}  # a site has its own

    shared = {entry.msgid for chapter in CHAPTERS for entry in own_catalogue(chapter, source)}

    ours_alone = {entry.msgid for entry in polib.pofile(str(source))} - shared
    pages = "".join((ROOT / "templates" / name).read_text() for name in project)
    assert [text for text in sorted(ours_alone) if text not in pages] == []


def test_a_compiled_catalogue_speaks(wheels, tmp_path):
    compiled = files(wheels, "events")["events/locale/nl/LC_MESSAGES/django.mo"]
    (tmp_path / "django.mo").write_bytes(compiled)

    told = {entry.msgid: entry.msgstr for entry in polib.mofile(str(tmp_path / "django.mo"))}
    assert told["Events and registrations"] == "Evenementen en inschrijvingen"


def test_no_template_of_ours_leans_on_one_that_every_site_has_of_its_own():
    own = {"base.html", "404.html", "500.html"}
    leaning = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "templates").glob("*/**/*.html"))
        if own & set(re.findall(r'{% (?:extends|include) "([^"]+)"', path.read_text()))
    ]
    assert leaning == []

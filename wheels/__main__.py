"""Build the wheels: `python -m wheels [--out DIR] [chapter …]`. Asks nobody outside: setuptools is installed here.

In the checkout templates and translations stand together, so that one can be read beside the other. In a wheel each
chapter carries its own, below its package: Django finds them there, and a site overrides them as any app's.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import polib

from wheels.texts import texts_of

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = ("cms", "cases", "events", "payments")
#: Templates of others that a chapter overrides.
OVERRIDES = {"cms": ("wagtail_localize", "wagtailadmin")}
#: What runs our own site and no other: its settings and server, the demonstration, the care of locale/.
OURS_ALONE = (
    "cms/settings",
    "cms/wsgi.py",
    "cms/urls.py",
    "cms/environment.py",
    "cms/embedded_postgres.py",
    "cms/management/commands/demo.py",
    "cms/management/commands/check_locale.py",
    "cms/management/commands/compile_locale.py",
)


def build(chapter: str, out: Path) -> Path:
    """The wheel of this chapter, in `out`. Raises what `wheel` raises."""
    with tempfile.TemporaryDirectory() as directory:
        _lay_out(chapter, Path(directory))
        wheel(Path(directory), out)
    return next(out.glob(f"best_practice_tour_{chapter}-{version()}-*.whl"))


def wheel(source: Path, out: Path) -> None:
    """The wheel of what lies in `source`, which stays as it is. Raises RuntimeError with setuptools' own words."""
    with tempfile.TemporaryDirectory() as directory:
        stage = shutil.copytree(source, Path(directory, source.name))
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(stage)],
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"No wheel was built of {source.name}:\n{done.stdout}{done.stderr}")


def version() -> str:
    """The one in cms/__init__.py, which is read and not imported: no settings are needed to build."""
    told: dict[str, str] = {}
    exec((ROOT / "cms" / "__init__.py").read_text(), told)  # noqa: S102  (our own file of two lines)
    return told["VERSION"]


def _lay_out(chapter: str, stage: Path) -> None:
    package = stage / chapter
    shutil.copytree(ROOT / chapter, package, ignore=_left_out)
    for name in (chapter, *OVERRIDES.get(chapter, ())):
        shutil.copytree(ROOT / "templates" / name, package / "templates" / name)
    for source in sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po")):
        target = package / source.relative_to(ROOT)
        target.parent.mkdir(parents=True)
        catalogue = own_catalogue(chapter, source)
        catalogue.save(str(target))
        catalogue.save_as_mofile(str(target.with_suffix(".mo")))
    shutil.copy(ROOT / "LICENSE", stage)
    shutil.copy(ROOT / "docs" / "plugins.md", stage / "README.md")
    shutil.copy(ROOT / "wheels" / f"{chapter}.toml", stage / "pyproject.toml")
    (stage / "VERSION").write_text(version())


def _left_out(directory: str, names: list[str]) -> set[str]:
    here = Path(directory).relative_to(ROOT)
    return {name for name in names if name == "__pycache__" or (here / name).as_posix() in OURS_ALONE}


def own_catalogue(chapter: str, source: Path) -> polib.POFile:
    """The translations of the texts this chapter's code and templates say."""
    said = texts_of(ROOT / chapter, *(ROOT / "templates" / name for name in (chapter, *OVERRIDES.get(chapter, ()))))
    catalogue = polib.pofile(str(source), wrapwidth=0)
    for entry in [entry for entry in catalogue if entry.msgid not in said]:
        catalogue.remove(entry)
    return catalogue


def name_of(chapter: str) -> str:
    """The distribution's name, as its own file says it."""
    return str(tomllib.loads((ROOT / "wheels" / f"{chapter}.toml").read_text())["project"]["name"])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m wheels", description="Build a wheel for each chapter.")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="Where they go; dist/ by default.")
    parser.add_argument("chapters", nargs="*", default=CHAPTERS, metavar="chapter", help=", ".join(CHAPTERS))
    asked = parser.parse_args()
    if unknown := [name for name in asked.chapters if name not in CHAPTERS]:
        parser.error(f"no chapter {', '.join(unknown)}; there are {', '.join(CHAPTERS)}")
    asked.out.mkdir(parents=True, exist_ok=True)
    for chapter in asked.chapters:
        sys.stdout.write(f"{build(chapter, asked.out)}\n")


if __name__ == "__main__":
    main()

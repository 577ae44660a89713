"""`make bench`: each benchmark prints one JSON object, compared with a reference of the same run."""

import json
import time
from collections.abc import Callable
from datetime import timedelta

import django


def per_second(deed: Callable[[int], None], times: int) -> float:
    """How often a second, in one process, after a tenth of it to warm up."""
    for number in range(times // 10):
        deed(number)
    start = time.perf_counter()
    for number in range(times // 10, times):
        deed(number)
    return (times - times // 10) / (time.perf_counter() - start)


def report(name: str, value: float, unit: str, against: str, reference: float) -> None:
    facts = {"name": name, "value": round(value, 1), "unit": unit, "against": against}
    print(json.dumps(facts | {"ratio": round(value / reference, 3)}), flush=True)  # noqa: T201


def register_over_the_api() -> None:
    """POST /api/v1/registrations/ for a free seat, beside the least a database must do for one seat."""
    # Models exist once Django is set up.
    from django.db import transaction  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from events.models import Event  # noqa: PLC0415
    from tests import factories  # noqa: PLC0415

    event = factories.event(capacity=10_000, starts_at=timezone.now() + timedelta(days=30))
    factories.event_page(event)  # the API registers only for what the public can read about
    client = Client()

    def post(number: int) -> None:
        body = {
            "event": event.pk,
            "contact": {"first_name": "An", "last_name": "Peeters", "email": f"an{number}@example.org"},
            "organisation": {"name": "Gemeente Proef"},
            "attendees": [{"first_name": "An", "last_name": "Peeters", "email": f"an{number}@example.org"}],
            "accept_terms": True,
        }
        answer = client.post("/api/v1/registrations/", json.dumps(body), content_type="application/json")
        assert answer.status_code == 201, answer.content

    def bare(number: int) -> None:
        with transaction.atomic():
            locked = Event.objects.select_for_update().get(pk=event.pk)
            locked.attendees.count()
            factories.organisation(f"Organisatie {number}")

    reference = per_second(bare, 1_000)
    value = per_second(post, 500)
    report(
        "register_over_the_api",
        value,
        "registrations/s",
        "one locked transaction with a count and an insert",
        reference,
    )


def main() -> None:
    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    # As in production: mail and the like are left to the worker.
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    connection.settings_dict["TEST"]["NAME"] = "bench_tour"
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        register_over_the_api()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main()

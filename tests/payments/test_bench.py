"""`make bench` cannot rot: what it measures is run here on a handful of rows, in the test's own database."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import transaction

from events import actions as events
from payments.models import LedgerLine
from tests import factories
from tests.bench.measuring import cost, report
from tests.bench.reports import download, plain_csv
from tests.bench.rows import multiply_to
from tests.bench.season import draw_a_season
from tests.year.making import Clock, moment, standing_in
from tests.year.sources import ALL, Files

pytestmark = pytest.mark.django_db
MARCH = datetime(2027, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def paid() -> None:
    event = factories.event(price="95.00", starts_at=MARCH + timedelta(days=60))
    factories.pay(events.register(event=event, order=factories.order(seats=2), at=MARCH), at=MARCH)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("slug", ALL)
def test_the_file_of_every_report_is_measured(paid, slug: str, kind: str):
    assert multiply_to(20) == 20

    seconds, megabytes, size = cost(partial(download, Files().client, slug, kind))

    assert seconds > 0
    assert megabytes >= 0
    assert size > 50


def test_the_copies_are_rows_of_their_own_and_the_reference_reads_them_all(paid):
    with transaction.atomic():
        assert multiply_to(10) == 10
        assert multiply_to(6) == 10

    assert plain_csv() == 10
    assert LedgerLine.objects.values("attendee").distinct().count() == 10


def test_a_figure_is_one_json_object_with_its_ratio(capsys):
    report("files", 3.0, "s", "plain", 1.5)

    assert json.loads(capsys.readouterr().out) == {
        "name": "files",
        "value": 3.0,
        "unit": "s",
        "against": "plain",
        "ratio": 2.0,
    }


def test_the_stand_in_of_the_year_keeps_the_year_s_clock():
    clock = Clock()
    with standing_in(clock) as stripe:
        clock.at = moment(MARCH.date(), 12)
        assert stripe.now() == clock.at.timestamp()


def test_a_season_is_drawn_as_numpy_draws_it(capsys):
    draw_a_season(400)

    told = json.loads(capsys.readouterr().out)
    assert (told["name"], told["unit"]) == ("season", "s for 400 runs of ten visits")

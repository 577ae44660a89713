"""Who asks too much waits, and is told for how long. Counted once for all workers, and nobody is remembered."""

from datetime import timedelta
from ipaddress import ip_address

import pytest
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from cms.headless import throttle
from cms.headless.throttle import address_of, count_one, forget_uses, network_of, stretch_of
from cms.models import ApiUse
from tests import factories
from tests.cms.headless.asking import Caller, caller, key, problem
from tests.cms.headless.making import page
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db

NOW = timezone.now().replace(second=20, microsecond=0)


@pytest.fixture
def limits(settings, monkeypatch):
    """Three a minute without a token, five with one; and the minute does not end in the middle of a test."""
    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {"API_ANONYMOUS_A_MINUTE": 3, "API_TOKEN_A_MINUTE": 5}
    monkeypatch.setattr(throttle.timezone, "now", lambda: NOW)
    factories.ground()


def statuses(one, times):
    return [one.get("/pages/").status_code for _time in range(times)]


def test_without_a_token_so_many_a_minute_by_address(limits):
    nobody = Caller()

    assert statuses(nobody, 5) == [200, 200, 200, 429, 429]
    answer = nobody.get("/pages/")
    assert problem(answer) == (429, "throttled", [])
    assert answer["Retry-After"] == "40"


def test_another_address_has_a_count_of_its_own(limits):
    statuses(Caller(), 5)

    assert Caller().client.get("/api/v1/pages/", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_with_a_token_more_and_each_its_own(limits):
    one, other = caller("Finance"), caller("Finance")
    statuses(Caller(), 5)

    assert statuses(one, 6) == [200] * 5 + [429]
    assert statuses(other, 1) == [200]


def test_guessing_tokens_is_no_way_round(limits):
    answers = [Caller(f"tour_{number}").get("/pages/").status_code for number in range(5)]

    assert answers == [401, 401, 401, 429, 429]


def test_a_page_as_json_at_its_own_address_counts_with_the_rest(limits):
    shown = page()
    nobody = Caller()
    assert statuses(nobody, 2) == [200, 200]

    as_json = [nobody.client.get(shown.url, headers={"Accept": "application/json"}) for _time in range(2)]
    assert [answer.status_code for answer in as_json] == [200, 429]
    assert problem(as_json[1]) == (429, "throttled", [])
    assert nobody.client.get(shown.url).status_code == 200  # as a page


def test_the_next_minute_begins_anew(limits, monkeypatch):
    assert statuses(Caller(), 4)[-1] == 429
    monkeypatch.setattr(throttle.timezone, "now", lambda: NOW + timedelta(minutes=1))

    assert statuses(Caller(), 1) == [200]


def test_zero_counts_nothing(settings):
    factories.ground()
    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {"API_ANONYMOUS_A_MINUTE": 0, "API_TOKEN_A_MINUTE": 0}
    Caller().get("/pages/")

    assert ApiUse.objects.count() == 0


def test_people_on_the_site_are_not_counted(limits, client):
    client.get("/nl/")

    assert ApiUse.objects.count() == 0


def test_counting_is_one_statement(limits, django_assert_num_queries):
    with django_assert_num_queries(1):
        count_one("address 192.0.2.1", *stretch_of(NOW))


@pytest.mark.django_db(transaction=True)
def test_workers_count_together():
    """Each thread is a worker with its own connection: none of two hundred requests is lost or counted twice."""
    start, end = stretch_of(NOW)

    def worker():
        return [count_one("address 192.0.2.1", start, end) for _time in range(50)]

    counts = at_once([worker] * 4)

    assert sorted(number for seen in counts for number in seen) == list(range(1, 201))


def test_no_address_is_kept(limits):
    Caller().client.get("/api/v1/pages/", REMOTE_ADDR="192.0.2.7")

    row = ApiUse.objects.values().get()
    assert set(row) == {"caller", "count", "ends_at"}
    assert "192" not in row["caller"] and len(row["caller"]) == 64


def test_two_minutes_of_one_address_cannot_be_put_together():
    for minute in (0, 1):
        count_one("address 192.0.2.1", *stretch_of(NOW + timedelta(minutes=minute)))

    assert ApiUse.objects.count() == 2


def test_the_counts_are_thrown_away_minutes_later():
    count_one("address 192.0.2.1", *stretch_of(NOW))

    assert forget_uses(at=NOW + timedelta(minutes=2)) is None
    assert forget_uses(at=NOW + timedelta(minutes=4)) == "1 count(s) of API use forgotten"


def test_counting_waits_for_no_disk():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'cms_apiuse'")

        assert cursor.fetchone() == ("u",)


@pytest.mark.parametrize(
    ("proxies", "told", "address"),
    [
        (0, "", "10.0.0.1"),
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (1, "", "10.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed(settings, proxies, told, address):
    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {"TRUSTED_PROXIES": proxies}

    assert address_of(RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=told)) == address


def test_a_network_of_ipv6_is_one_caller():
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9") != network_of("2001:db8:1:3::1")
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1") == str(ip_address("192.0.2.1"))
    assert network_of("no address") == ""


def test_a_token_is_known_before_it_is_counted(limits):
    """A revoked one counts by address, and is told so."""
    reader = Caller(key(factories.user("Finance")))
    assert statuses(reader, 1) == [200]

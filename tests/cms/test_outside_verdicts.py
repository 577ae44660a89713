"""What an answer makes of an address: dead at once, dead on the second day, unsure, alive again."""

from datetime import timedelta

import pytest

from cms.actions.links import note_answer
from cms.links.knocking import Answer, Sort
from cms.models import OutsideAddress
from tests.cms.outside_addresses import address, dead, state

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


@pytest.mark.parametrize("status", [404, 410])
def test_what_says_itself_that_it_is_gone_is_dead_at_once(at, status):
    row = address()

    note_answer(pk=row.pk, answer=Answer(Sort.GONE, status), at=at)

    assert state(row) == ("dead", status, at)


def test_dead_since_is_when_it_was_first_seen(at):
    row = address()
    for week in range(3):
        note_answer(pk=row.pk, answer=Answer(Sort.GONE, 404), at=at + WEEK * week)

    assert state(row) == ("dead", 404, at)
    assert row.tried_at == at + WEEK * 2


@pytest.mark.parametrize("status", [None, 403, 429, 500, 503])
def test_who_refuses_us_or_is_silent_is_not_dead_however_often(at, status):
    row = address()
    for week in range(5):
        note_answer(pk=row.pk, answer=Answer(Sort.UNSURE, status), at=at + WEEK * week)

    assert state(row) == ("unsure", status, None)


def test_a_dead_link_that_is_only_silent_now_is_unsure_and_keeps_its_day_if_it_is_dead_after_all(at):
    row = dead(at)

    note_answer(pk=row.pk, answer=Answer(Sort.UNSURE, 503), at=at + WEEK)
    assert state(row) == ("unsure", 503, at)

    note_answer(pk=row.pk, answer=Answer(Sort.GONE, 404), at=at + WEEK * 2)
    assert state(row) == ("dead", 404, at)


def test_a_link_that_works_again_is_dead_no_more(at):
    row = dead(at)

    note_answer(pk=row.pk, answer=Answer(Sort.FINE, 200), at=at + WEEK)

    assert state(row) == ("works", 200, None)


def test_a_name_that_is_not_known_is_dead_on_the_second_day(at):
    row = address()
    address("https://works.example/", verdict="works", status=200, tried_at=at + timedelta(days=1))

    note_answer(pk=row.pk, answer=Answer(Sort.NAMELESS), at=at)
    assert state(row) == ("unsure", None, at)

    note_answer(pk=row.pk, answer=Answer(Sort.NAMELESS), at=at + timedelta(hours=6))
    assert state(row) == ("unsure", None, at)

    note_answer(pk=row.pk, answer=Answer(Sort.NAMELESS), at=at + WEEK)
    assert state(row) == ("dead", None, at)


def test_where_no_name_at_all_is_known_it_is_we_who_are_cut_off(at):
    row = address()
    address("https://worked.example/", verdict="works", status=200, tried_at=at - timedelta(days=1))

    for week in range(4):
        note_answer(pk=row.pk, answer=Answer(Sort.NAMELESS), at=at + WEEK * week)

    assert state(row) == ("unsure", None, at)


def test_an_answer_about_an_address_that_was_forgotten_meanwhile_is_nothing(at):
    note_answer(pk=4_000_000, answer=Answer(Sort.FINE, 200), at=at)

    assert not OutsideAddress.objects.exists()

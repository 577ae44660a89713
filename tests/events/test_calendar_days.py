"""Days before a visit are days on the calendar of the place: the clock that changes in between moves no promise.

Summer time begins on 28 March 2027 and ends on 31 October 2027; each visit here starts at noon in Brussels on the day
after.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from django.utils.translation import override

from cms.templatetags.cms_tags import brief, clock, long_date
from events import actions, duties
from events.models import CancellationStep, Ladder, Letter
from tests import factories

pytestmark = pytest.mark.django_db
#: (noon in Brussels on the day after, noon in Brussels seven days before that, the latter in words)
SPRING = (
    datetime(2027, 3, 29, 10, tzinfo=UTC),
    datetime(2027, 3, 22, 11, tzinfo=UTC),
    "maandag 22 maart 2027, 12.00 uur",
)
AUTUMN = (
    datetime(2027, 11, 1, 11, tzinfo=UTC),
    datetime(2027, 10, 25, 10, tzinfo=UTC),
    "maandag 25 oktober 2027, 12.00 uur",
)
SECOND = timedelta(seconds=1)
over_the_change = pytest.mark.parametrize(("starts_at", "week_before", "in_words"), [SPRING, AUTUMN])


@over_the_change
def test_the_ladder_shows_the_hour_of_the_visit_and_changes_at_that_hour(starts_at, week_before, in_words):
    ladder = Ladder([(14, 50), (7, 100)])

    shown = [moment for moment, _percent in ladder.steps(starts_at)]

    assert shown[1] == week_before
    assert f"{long_date(shown[1])}, {clock(shown[1])}" == in_words
    assert [clock(moment) for moment in shown] == ["12.00 uur", "12.00 uur"]
    applied = [ladder.fee_percent(starts_at=starts_at, at=week_before + step) for step in (-SECOND, 0 * SECOND, SECOND)]
    assert applied == [50, 50, 100]


@over_the_change
def test_whoever_reads_from_another_zone_is_told_and_charged_the_same(starts_at, week_before, in_words):
    with timezone.override("America/New_York"):
        assert Ladder([(7, 100)]).steps(starts_at) == [(week_before, 100)]


@pytest.mark.skipif(not factories.has_payments(), reason="a free seat keeps nothing")
@over_the_change
def test_what_is_kept_of_a_paid_seat_follows_the_same_hour(starts_at, week_before, in_words):
    kept = []
    for moment in (week_before, week_before + SECOND):
        event = factories.event(price="95.00", starts_at=starts_at)
        CancellationStep.objects.create(event=event, days_before=7, fee_percent=100)
        registration = actions.register(event=event, order=factories.order(), at=week_before - timedelta(days=9))
        factories.pay(registration, at=week_before - timedelta(days=9))
        actions.cancel(registration=registration, at=moment)
        kept.append(registration.attendees.get().fee_kept)

    assert kept == [Decimal("0.00"), Decimal("114.95")]


@over_the_change
def test_names_invoices_and_the_right_of_withdrawal_end_at_that_hour_too(starts_at, week_before, in_words):
    event = factories.event(starts_at=starts_at, names_due_days=7, invoice_until_days=7, withdrawal_days=7)

    registration = actions.register(event=event, order=factories.order(), at=week_before)

    assert (event.names_due_at, event.invoice_until) == (week_before, week_before)
    assert registration.withdrawal_until == starts_at


@over_the_change
def test_the_reminder_of_the_week_goes_out_at_the_hour_of_the_visit(starts_at, week_before, in_words):
    event = factories.event(starts_at=starts_at)
    actions.register(event=event, order=factories.order(), at=week_before - timedelta(days=9))

    written = []
    for moment in (week_before - SECOND, week_before):
        duties.remind(at=moment)
        written.append(Letter.objects.filter(kind="reminder_week").count())

    assert written == [0, 1]


@pytest.mark.parametrize(
    ("language", "said"), [("nl", ["8 mrt 2027, 13.30 uur", "8 mrt 2027"]), ("en", ["8 Mar 2027, 13:30", "8 Mar 2027"])]
)
def test_lists_write_a_moment_briefly_on_the_clock_of_the_tour_whoever_reads(language, said):
    moment = datetime(2027, 3, 8, 12, 30, tzinfo=UTC)

    with override(language), timezone.override("America/New_York"):
        assert [brief(moment), brief(moment.date()), brief(None)] == [*said, ""]

"""What was planned happens on its day, once; what may not be public is kept back, and said to whoever planned it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.models import Page, PageLogEntry, Revision

from cms import duties
from cms.models import StandardPage
from cms.refusals import CannotGoLive
from tests import factories
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db

TOLD = "This page lacks its text."


@pytest.fixture
def rule(monkeypatch):
    """A page called "Leeg" may not be public, whoever asks."""
    monkeypatch.setattr(StandardPage, "obstacles", lambda page: [TOLD] if page.title.startswith("Leeg") else [])


@pytest.fixture
def now():
    return timezone.now()


def draft(title="Over ons", **facts):
    home = factories.ground()
    facts = {"slug": title.lower().replace(" ", "-"), "live": False, "locale": home.locale} | facts
    page = StandardPage(title=title, **facts)
    return home.add_child(instance=page)


def planned(title, by=None, days=1):
    """A draft on the schedule, whose day is `days` ago by the time of the test."""
    page = draft(title, go_live_at=timezone.now() + timedelta(days=1))
    page.save_revision(user=by).publish(user=by, skip_permission_checks=True)
    Revision.objects.filter(approved_go_live_at__isnull=False, object_id=str(page.pk)).update(
        approved_go_live_at=timezone.now() - timedelta(days=days)
    )
    for revision in Revision.objects.filter(object_id=str(page.pk)):
        revision.content["go_live_at"] = (timezone.now() - timedelta(days=days)).isoformat()
        revision.save(update_fields=["content"])
    return page


def emptied(page):
    """Whoever could write in the newest draft made it one that may not be public."""
    for revision in Revision.objects.filter(object_id=str(page.pk)):
        revision.content["title"] = "Leeg"
        revision.save(update_fields=["content"])
    return page


def is_live(page):
    return Page.objects.get(pk=page.pk).live


# ------------------------------------------------------------------------------------------------ the gate of the house


def test_a_page_that_lacks_something_cannot_be_published_by_its_revision(rule):
    page = draft("Leeg")

    with pytest.raises(CannotGoLive) as refusal:
        page.save_revision().publish()

    assert refusal.value.obstacles == [TOLD]
    assert not is_live(page)


def test_nor_be_planned(rule):
    page = draft("Leeg", go_live_at=timezone.now() + timedelta(days=1))

    with pytest.raises(CannotGoLive):
        page.save_revision().publish()

    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


def test_nor_be_made_live_by_writing_it(rule):
    page = draft("Leeg")
    page.live = True

    with pytest.raises(CannotGoLive):
        page.save()
    with pytest.raises(CannotGoLive):
        draft("Leeg ook", slug="ook", live=True)

    assert not is_live(page)
    assert not Page.objects.filter(slug="ook").exists()


def test_a_live_page_is_not_replaced_by_a_version_that_lacks_something(rule):
    page = draft("Vol")
    page.save_revision().publish()
    newer = StandardPage.objects.get(pk=page.pk)
    newer.title = "Leeg"

    with pytest.raises(CannotGoLive):
        newer.save_revision().publish()

    assert Page.objects.get(pk=page.pk).title == "Vol"
    assert is_live(page)


def test_a_page_that_was_live_before_the_rule_can_be_taken_off_line_and_moved(monkeypatch):
    page = draft("Vol")
    page.save_revision().publish()
    monkeypatch.setattr(StandardPage, "obstacles", lambda page: [TOLD])
    page = StandardPage.objects.get(pk=page.pk)

    page.locked = True
    page.save(update_fields=["locked"])
    page.unpublish()

    assert not is_live(page)


# ------------------------------------------------------------------------------------------------------------ schedule


def test_what_was_planned_goes_live_and_what_had_its_time_goes_off_line(now):
    starts = planned("Nieuw")
    ends = draft("Oud", expire_at=now - timedelta(minutes=1), live=True)
    later = draft("Straks", go_live_at=now + timedelta(days=1))
    later.save_revision().publish()

    assert duties.publish_scheduled(at=now) == "1 taken off line, 1 live"

    assert [is_live(page) for page in (starts, ends, later)] == [True, False, False]
    assert Page.objects.get(pk=ends.pk).expired
    assert PageLogEntry.objects.filter(page=starts.pk, action="wagtail.publish.scheduled").count() == 1
    assert PageLogEntry.objects.filter(page=ends.pk, action="wagtail.unpublish.scheduled").count() == 1


def test_a_round_with_nothing_planned_says_nothing_and_a_second_round_does_nothing_again(now):
    page = planned("Nieuw")

    assert duties.publish_scheduled(at=now) == "1 live"
    assert duties.publish_scheduled(at=now) is None
    assert PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish.scheduled").count() == 1


def test_the_duties_say_what_went_live(capsys):
    planned("Nieuw")

    call_command("run_duties")

    assert "cms.duties.publish_scheduled: 1 live\n" in capsys.readouterr().out


def test_what_may_not_be_public_on_its_day_becomes_a_draft_again_and_its_planner_reads_why(
    rule, now, django_capture_on_commit_callbacks
):
    person = factories.user("Editors")
    page = emptied(planned("Vol", by=person))
    other = planned("Ander")

    with django_capture_on_commit_callbacks(execute=True):
        assert duties.publish_scheduled(at=now) == "1 live, 1 kept back"

    assert [is_live(page), is_live(other)] == [False, True]
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    assert Page.objects.get(pk=page.pk).get_latest_revision_as_object().title == "Leeg"
    told = [message for message in mail.outbox if message.to == [person.email]]
    assert [message.subject for message in told] == [gettext("Not published: %(title)s") % {"title": "Leeg"}]
    assert TOLD in told[0].body
    assert f"/admin/pages/{page.pk}/edit/" in told[0].body
    assert duties.publish_scheduled(at=now) is None


def test_the_history_of_the_page_says_why_it_was_kept_back(rule, now, client):
    page = emptied(planned("Vol"))
    duties.publish_scheduled(at=now)
    client.force_login(factories.user("admin"))

    text = client.get(f"/admin/pages/{page.pk}/history/").content.decode()

    assert gettext("Kept back on the day it was planned for: %(because)s") % {"because": TOLD} in text


def test_one_page_that_fails_keeps_none_of_the_others_and_is_tried_again(now, monkeypatch, caplog):
    broken, whole = planned("Stuk", days=2), planned("Heel")
    save = StandardPage.save

    def fails(page, *args, **kwargs):
        if page.title == "Stuk" and page.live:
            raise ZeroDivisionError
        return save(page, *args, **kwargs)

    monkeypatch.setattr(StandardPage, "save", fails)

    with pytest.raises(RuntimeError, match=r"^1 live, 1 failed$"):
        duties.publish_scheduled(at=now)

    assert [is_live(broken), is_live(whole)] == [False, True]
    monkeypatch.undo()
    assert duties.publish_scheduled(at=now) == "1 live"
    assert is_live(broken)


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_once_publish_each_page_once():
    pages = [planned(f"Pagina {number}") for number in range(3)]
    at = timezone.now()

    said = at_once([lambda: duties.publish_scheduled(at=at)] * 4)

    live = sum(int(answer.split()[0]) for answer in said if answer)
    assert live == 3
    assert all(is_live(page) for page in pages)
    assert PageLogEntry.objects.filter(action="wagtail.publish.scheduled").count() == 3
    connection.close()

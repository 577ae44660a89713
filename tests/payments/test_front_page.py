"""The admin's front page as a whole, with every chapter installed: as many queries for each role, whatever waits."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from wagtail.models import GroupApprovalTask, PageLogEntry, Workflow

from cases.actions.signing import ask_host
from cases.models import SoughtInVain
from cms import review
from cms.actions.publishing import KEPT_BACK
from events import actions as events
from events.models import Offer
from payments.models import Concern
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


def one_of_everything(now, place):
    """What can wait for an editor, a reviewer, an organiser and finance."""
    report, kept, sent, back = (
        factories.visit_report(title=f"{name} {place}") for name in ("Verslag", "Dag", "Lezen", "Terug")
    )
    host = factories.organisation()
    ask_host(case=report, organisation=host, email="h@example.org", language="nl", by=None, at=now)
    PageLogEntry.objects.log_action(kept, KEPT_BACK, data={"obstacles": ["Leeg."]}, revision=None)
    task = GroupApprovalTask.objects.get(groups=Group.objects.get(name="Reviewers"))
    workflow = Workflow.objects.get(workflow_tasks__task=task)
    for page in (sent, back):
        workflow.start(page, None)
    state = back.current_workflow_task_state
    state.task.specific.on_action(state, None, "reject", comment="Hoeveel?")
    factories.case_page(checked_on=now.date() - timedelta(days=500), both=False)
    SoughtInVain.objects.create(language="nl", words=f"fietsen {place}", first_at=now, last_at=now)
    unasked = factories.event(starts_at=now + timedelta(days=20), requires_approval=True)
    events.register(event=unasked, order=factories.order(), at=now)
    made = factories.event(starts_at=now + timedelta(days=20))
    factories.event_page(made)
    registration = events.register(event=made, order=factories.order(), at=now)
    Offer.objects.create(
        registration=registration, seats=1, made_at=now - timedelta(hours=9), expires_at=now + timedelta(hours=9)
    )
    Concern.raise_once(Concern.Kind.PAYOUT_DIFFERS, f"po_{place}", at=now)


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("group", "waits", "queries"), [("Editors", 7, 32), ("Reviewers", 1, 19), ("Organisers", 4, 32), ("Finance", 1, 31)]
)
def test_the_front_page_asks_the_same_whatever_waits(now, group, waits, queries, number, django_assert_num_queries):
    factories.ground()
    review.give_pages()
    for place in range(number):
        one_of_everything(now, place)
    client = Client()
    client.force_login(factories.user(group))
    client.get("/admin/")  # what is asked once: the site, the content types

    with django_assert_num_queries(queries):
        answer = client.get("/admin/")

    (panel, *_others) = answer.context["panels"]
    shown = panel.get_context_data({"request": answer.wsgi_request})["found"]
    assert (panel.name, len(shown)) == ("waiting", waits)

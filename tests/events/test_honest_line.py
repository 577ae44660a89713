"""What is said when a visit is full, or is not and its free places are kept for the line: to each who comes late."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from events import actions, letters
from events.models import Registration
from tests import factories
from tests.events.test_event_pages import hidden, register_url, typed

pytestmark = pytest.mark.django_db
Status = Registration.Status
RULE = "Op deze wachtlijst gaan leden voor, dan wie voor het bezoek stemde, dan de anderen."


@pytest.fixture
def now():
    return timezone.now()


def text(answer):
    found = re.search(r"<main.*?</main>", answer.content.decode(), re.DOTALL)
    assert found
    return " ".join(strip_tags(re.sub(r"</(li|dd|dt|p|h1|h2|button|legend)>", " ", found.group())).split())


def kept_for_a_group(now, **facts):
    """Capacity four, two of them free and kept for a waiting group of three."""
    event = factories.event(capacity=4, waiting_list=True, starts_at=now + timedelta(days=30), **facts)
    page = factories.event_page(event)
    seated = actions.register(event=event, order=factories.order(seats=4), at=now)
    group = actions.register(event=event, order=factories.order(seats=3), at=now)
    gone = [seat.pk for seat in seated.attendees.order_by("pk")[:2]]
    actions.cancel(registration=seated, attendee_ids=gone, at=now)
    return page, group


def colleagues(count):
    rows = {"colleagues-TOTAL_FORMS": str(count)}
    for row in range(count):
        rows |= {f"colleagues-{row}-first_name": "Bo", f"colleagues-{row}-last_name": "Maes"}
        rows |= {f"colleagues-{row}-email": f"bo{row}@example.org"}
    return rows


def overview(client, page, more=0, **changes):
    return client.post(register_url(page), typed(**changes) | colleagues(more))


def test_places_kept_for_the_line_are_told_on_the_page_the_form_and_the_overview(client, now):
    page, _group = kept_for_a_group(now)

    shown = text(client.get(page.get_url()))

    assert re.search(r"Nog 0 van de 4\s*2 plaatsen blijven bewaard voor wie op de wachtlijst staat", shown)
    kept = (
        "2 plaatsen zijn vrij, en blijven bewaard voor wie op de wachtlijst staat. U kunt zich op de wachtlijst zetten"
    )
    assert kept in shown and "Dit bezoek is volzet." not in shown
    assert kept in text(overview(client, page))


def test_the_group_they_are_kept_for_reads_that_they_stay_free_for_it(client, now):
    _page, group = kept_for_a_group(now)

    shown = text(client.get(reverse("events:manage", args=[group.manage_token])))

    assert "2 plaatsen zijn vrij en blijven vrij voor u, tot er genoeg zijn voor uw groep van 3." in shown


@pytest.mark.parametrize(
    ("taken", "said"),
    [(3, "Er is geen plaats meer vrij."), (2, "Er is nog maar 1 plaats vrij, en u bent met 2.")],
)
def test_a_group_reads_whether_nothing_is_left_or_too_little(client, now, taken, said):
    page = factories.event_page(factories.event(capacity=3, waiting_list=True, starts_at=now + timedelta(days=30)))
    actions.register(event=page.event, order=factories.order(seats=taken), at=now)

    shown = text(overview(client, page, more=1))

    assert f"{said} U kunt zich op de wachtlijst zetten: er wordt nu niets aangerekend." in shown
    assert "op deze wachtlijst" not in shown.lower()


def test_who_ordered_places_that_went_meanwhile_reads_why_they_wait(client, now):
    page = factories.event_page(factories.event(capacity=1, waiting_list=True, starts_at=now + timedelta(days=30)))
    seen = overview(client, page)
    actions.register(event=page.event, order=factories.order(), at=now)

    late = client.post(register_url(page), hidden(seen.content.decode()) | {"step": "order"}, follow=True)

    assert "namen anderen de plaatsen die u zag" in text(late)
    assert "U staat op nummer 1 van de wachtlijst." in text(late)


def test_who_chose_to_wait_is_not_told_that_others_were_quicker(client, now):
    page = factories.event_page(factories.event(capacity=1, waiting_list=True, starts_at=now + timedelta(days=30)))
    actions.register(event=page.event, order=factories.order(), at=now)
    seen = overview(client, page)

    waiting = client.post(register_url(page), hidden(seen.content.decode()) | {"step": "order"}, follow=True)

    assert "U staat op nummer 1 van de wachtlijst." in text(waiting)
    assert "namen anderen de plaatsen" not in text(waiting)


def test_a_line_with_classes_says_so_on_the_form_the_overview_the_page_and_in_the_mail(client, now):
    event = factories.event(
        capacity=1, waiting_list=True, waiting_order="members_first", starts_at=now + timedelta(days=30)
    )
    page = factories.event_page(event)
    actions.register(event=event, order=factories.order(), at=now)
    waiting = actions.register(event=event, order=factories.order(), at=now)

    assert RULE in text(client.get(page.get_url()))
    assert RULE in text(overview(client, page))
    assert RULE in text(client.get(reverse("events:manage", args=[waiting.manage_token])))
    assert RULE in letters.message(waiting.letters.get(kind="waiting"), at=now).body


@pytest.fixture
def scheme():
    made = factories.scheme()
    factories.member(made, code="STAD")
    return made


def for_members_first(now, scheme):
    page, group = kept_for_a_group(now, scheme=scheme, price="0.00", waiting_order="members_first")
    assert group.line == "other"
    return page


def test_a_member_who_goes_first_reads_that_a_place_is_free_and_has_the_offer_at_once(client, now, scheme):
    page = for_members_first(now, scheme)

    seen = overview(client, page, organisation_code="STAD")
    client.post(register_url(page), hidden(seen.content.decode()) | {"step": "order"})

    assert f"{RULE} Er is een plaats vrij en u gaat voor: we mailen u meteen een aanbod." in text(seen)
    assert "geen plaats meer" not in text(seen) and "Stuur mij het aanbod" in text(seen)
    assert [state.status for state in seen.context["ahead"]] == [Status.OFFERED, Status.CONFIRMED]
    assert Registration.objects.latest("pk").status == Status.OFFERED


@pytest.mark.parametrize("colleagues_too_many", [True, False])
def test_a_member_who_is_not_offered_at_once_is_not_told_so(client, now, scheme, colleagues_too_many):
    page = for_members_first(now, scheme)
    if not colleagues_too_many:  # a group of members is in front already, and there are too few for it
        actions.register(event=page.event, order=factories.order(seats=3, organisation_code="STAD"), at=now)

    seen = overview(client, page, more=2 if colleagues_too_many else 0, organisation_code="STAD")
    client.post(register_url(page), hidden(seen.content.decode()) | {"step": "order"})

    assert "u gaat voor" not in text(seen)
    assert Registration.objects.latest("pk").status == Status.WAITING

"""An organiser's own columns, and what the address book says about a member's quota."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from events import actions
from events.models import Membership, SavedColumns
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/admin/registrations/"


def logged_in(group):
    client = Client()
    client.force_login(factories.user(group))
    return client


def shown(client):
    return [column.name for column in client.get(LIST).context["table"].columns.values()]


def test_an_organiser_keeps_the_columns_of_the_list_and_others_keep_theirs():
    actions.register(event=factories.event(), order=factories.order(), at=factories.NOON)
    mine, colleagues = logged_in("Organisers"), logged_in("Organisers")
    usual = shown(mine)

    answer = mine.post(f"{LIST}columns/", {"columns": ["phone", "contact_name", "channel"]})

    assert answer.status_code == 302
    assert shown(mine) == ["reference", "contact_name", "phone", "channel"]
    assert shown(colleagues) == usual
    assert usual == [
        "reference",
        "contact_name",
        "organisation_name",
        "event",
        "status",
        "seats",
        "total",
        "created_at",
    ]


@pytest.mark.parametrize("posted", [{}, {"columns": "password"}])
def test_columns_there_are_not_are_refused_and_the_choice_stays(posted):
    client = logged_in("Organisers")
    client.post(f"{LIST}columns/", {"columns": ["phone"]})

    assert client.post(f"{LIST}columns/", posted).status_code == 422
    assert SavedColumns.objects.get().columns == ["phone"]


def test_editors_choose_no_columns_of_a_list_they_may_not_see():
    assert logged_in("Editors").get(f"{LIST}columns/").status_code == 302


def test_the_address_book_shows_what_a_member_used_and_why_its_quota_is_lower():
    scheme = factories.scheme(quota_per_year=6, no_show_limit=1, quota_after_no_shows=1)
    organisation = factories.member(scheme, code="GENT-2027")
    now = timezone.now()
    event = factories.event(scheme=scheme, starts_at=now + timedelta(hours=2))
    registration = actions.register(event=event, order=factories.order(seats=2, organisation_code="GENT-2027"), at=now)
    registration.attendees.filter(pk=registration.attendees.first().pk).update(attended=False)

    page = logged_in("Organisers").get(f"/admin/organisations/edit/{organisation.pk}/").content.decode()

    (membership,) = Membership.objects.all()
    assert f"<td>{membership.scheme} ({membership.get_role_display()})</td><td>2</td><td>6</td><td>1</td>" in page
    assert "quotum verlaagd" in page

"""Each address of a registration takes its own token and says which; the mailed one opens one's own data."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events import actions
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/api/v1/registrations/"
MANAGE = "Send the manage token of this registration as a bearer token."
EITHER = "Send the manage token of this registration, or the mailbox token from a mail, as a bearer token."
MAILED = (
    "Send the token from a mail to the contact of this registration as a bearer token: the mailbox token. The manage "
    "token does not open this."
)


@pytest.fixture
def now():
    return timezone.now()


def registered(now, event=None):
    event = event or factories.event(starts_at=now + timedelta(days=30))
    return actions.register(event=event, order=factories.order(email="an@example.org", language="en"), at=now)


@pytest.mark.parametrize(
    ("method", "path", "token", "text"),
    [
        *(("get", path, "mailbox_token", MANAGE) for path in ("", "cancellation/", "calendar/")),
        *(("post", path, "mailbox_token", MANAGE) for path in ("cancel/", "withdraw/")),
        ("get", "journey/", "", EITHER),
        *(("post", path, "", EITHER) for path in ("pay/", "accept-part/")),
        ("get", "my-data/", "manage_token", MAILED),
        ("post", "confirm/", "manage_token", MAILED),
    ],
)
def test_a_token_that_is_not_the_one_hears_which_is(method, path, token, text, client, now):
    registration = registered(now)
    headers = {"Authorization": f"Bearer {getattr(registration, token) if token else 'x'}", "Accept-Language": "en"}
    facts = {"content_type": "application/json"} if method == "post" else {}
    answer = getattr(client, method)(f"{URL}{registration.reference}/{path}", headers=headers, **facts)

    assert (answer.status_code, answer.json()["detail"]) == (401, text)


def test_ones_own_data_have_belgian_time_and_the_titles_of_the_registrations_language(client, now):
    event = factories.event(starts_at=now + timedelta(days=30), name="Intern: haven")
    page = factories.event_page(event, title="Naar de haven")
    english = event.pages.get(locale__language_code="en").title
    registration = registered(now, event=event)
    other = actions.register(event=event, order=factories.order(email="bo@example.org", language="nl"), at=now)

    def own(registration):
        return client.get(
            f"{URL}{registration.reference}/my-data/",
            headers={"Authorization": f"Bearer {registration.mailbox_token}"},
        ).json()

    told = own(registration)
    titles = [told["as_contact"][0]["visit"], told["as_participant"][0]["visit"], own(other)["as_contact"][0]["visit"]]
    assert titles == [english, english, page.title]
    times = [
        told["as_contact"][0]["registered_at"],
        told["as_contact"][0]["terms_accepted_at"],
        told["letters"][0]["written_at"],
        *(change["at"] for change in told["history"]),
    ]
    assert len(times) >= 4
    offset = timezone.localtime(now).isoformat()[-6:]
    assert {moment[-6:] for moment in times} == {offset} and offset != "+00:00"
    assert told["as_contact"][0]["registered_at"] == timezone.localtime(now).isoformat()

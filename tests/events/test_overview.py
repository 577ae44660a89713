"""The overview before ordering tells the true way to a seat: the same steps, in the same order, that then happen.

The journey. Somebody fills in the form and reads, before pressing the button: first the link in the mailbox, then the
boss and the organiser, then the payment, then a certain seat; and of those only what holds for them. Each claim here
orders what was shown and looks where it stands.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from events import actions, letters
from events.models import Registration, Veto
from tests import factories
from tests.events.test_event_pages import hidden, register_url, typed

pytestmark = pytest.mark.django_db
Status = Registration.Status
needs_payments = pytest.mark.skipif(not factories.has_payments(), reason="a price needs payments")
MAILBOX, APPROVAL, PAY, CERTAIN = Status.UNCONFIRMED_EMAIL, Status.AWAITING_APPROVAL, Status.HELD, Status.CONFIRMED
BOSS = {"approver_name": "Baas", "approver_email": "baas@example.org"}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def scheme():
    return factories.scheme(quota_per_event=1)


@pytest.fixture
def member(scheme):
    return factories.member(scheme, domain="proef.example", code="STAD")


def visit(now, scheme=None, **facts):
    price = "95.00" if factories.has_payments() else None
    return factories.event_page(
        factories.event(scheme=scheme, price=price, starts_at=now + timedelta(days=30), **facts)
    )


def shown(client, page, **changes):
    return client.post(register_url(page), typed(**changes))


def steps(answer):
    return [state.status for state in answer.context["ahead"]]


def button(answer):
    found = re.search(r'value="order">\s*(.*?)\s*</button>', answer.content.decode())
    assert found
    return found.group(1)


def ordered(client, page, answer):
    """Where the order stands once made."""
    client.post(register_url(page), hidden(answer.content.decode()) | {"step": "order"})
    return Registration.objects.latest("pk")


@needs_payments
@pytest.mark.parametrize(
    ("facts", "changes", "expected"),
    [
        ({}, {}, [PAY, CERTAIN]),
        ({}, BOSS, [APPROVAL, PAY, CERTAIN]),
        ({"requires_approval": True}, BOSS, [APPROVAL, PAY, CERTAIN]),
        ({}, {"email": "an@proef.example"}, [MAILBOX, CERTAIN]),
        ({"requires_approval": True}, {"email": "an@proef.example"}, [MAILBOX, APPROVAL, CERTAIN]),
        ({}, {"organisation_code": "STAD"}, [CERTAIN]),
    ],
)
def test_the_steps_told_are_those_that_come(client, now, scheme, member, facts, changes, expected):
    page = visit(now, scheme, **facts)

    answer = shown(client, page, **changes)

    assert steps(answer) == expected
    registration = ordered(client, page, answer)
    came = [registration.status]
    if registration.status == MAILBOX:
        registration = actions.confirm_mailbox(registration=registration, at=now)
        came.append(registration.status)
    for approval in registration.approvals.all():
        actions.approve(approval=approval, at=now)
    registration.refresh_from_db()
    if registration.status != came[-1]:
        came.append(registration.status)
    if registration.status == PAY:
        came.append(actions.confirm(registration=registration, at=now).status)
    assert came == expected


@needs_payments
def test_a_group_partly_beyond_the_quota_confirms_the_mailbox_first_and_pays_then(client, now, scheme, member):
    page = visit(now, scheme)

    answer = shown(
        client,
        page,
        email="an@proef.example",
        colleagues__TOTAL_FORMS="1",
        **{"colleagues-0-first_name": "Bo", "colleagues-0-last_name": "X", "colleagues-0-email": "bo@example.org"},
    )

    text = answer.content.decode()
    assert steps(answer) == [MAILBOX, PAY, CERTAIN]
    assert "meteen na deze stap" not in text
    assert text.index("U bevestigt uw e-mailadres") < text.index("U betaalt €\xa0114,95 online")
    assert ordered(client, page, answer).status == MAILBOX


@needs_payments
def test_who_pays_what_everybody_pays_has_no_mailbox_to_prove(client, now, scheme, member):
    page = visit(now, scheme)
    actions.register(event=page.event, order=factories.order(organisation_code="STAD"), at=now)

    answer = shown(client, page, email="an@proef.example")

    assert steps(answer) == [PAY, CERTAIN]
    registration = ordered(client, page, answer)
    assert (registration.status, registration.entitlement, registration.line) == (PAY, None, "other")


@needs_payments
def test_who_asks_the_organiser_for_more_at_the_members_price_does_prove_the_mailbox(client, now, scheme, member):
    page = visit(now, scheme)
    actions.register(event=page.event, order=factories.order(organisation_code="STAD"), at=now)

    answer = shown(client, page, email="an@proef.example", asks_for_more="on")

    assert steps(answer) == [MAILBOX, APPROVAL, CERTAIN]
    assert ordered(client, page, answer).status == MAILBOX


@needs_payments
def test_in_a_line_that_puts_members_first_the_membership_still_counts(now, scheme, member):
    event = visit(now, scheme, capacity=2, waiting_list=True, waiting_order="members_first").event
    actions.register(event=event, order=factories.order(organisation_code="STAD"), at=now)
    actions.register(event=event, order=factories.order(), at=now)

    waiting = actions.register(event=event, order=factories.order(email="an@proef.example"), at=now)

    assert (waiting.status, waiting.line) == (Status.WAITING, "member")


@pytest.mark.parametrize("why", ["veto", "every registration"])
def test_that_the_organiser_confirms_is_said_beforehand_and_never_why(client, now, why):
    page = visit(now, requires_approval=why != "veto")
    if why == "veto":
        unwelcome = factories.organisation("Gemeente Proef")
        Veto.objects.create(event=page.event, organisation=unwelcome, reason="Concurrent.")

    answer = shown(client, page)

    text = answer.content.decode()
    assert steps(answer)[0] == APPROVAL
    assert "De organisator moet uw inschrijving goedkeuren voor ze zeker is." in text
    assert "We houden uw plaatsen voor u tot er een antwoord is." in text
    assert "Concurrent" not in text and "veto" not in text.lower()
    assert button(answer).startswith("Goedkeuring vragen")
    assert ordered(client, page, answer).status == APPROVAL


def test_a_waiting_place_is_told_with_what_comes_after_an_offer(client, now):
    page = visit(now, capacity=1, waiting_list=True)
    actions.register(event=page.event, order=factories.order(), at=now)

    answer = shown(client, page)

    after = [PAY, CERTAIN] if factories.has_payments() else [CERTAIN]
    assert steps(answer) == [Status.WAITING, Status.OFFERED, *after]


@needs_payments
def test_one_press_asks_the_organiser_instead_of_paying_and_one_press_takes_that_back(client, now, scheme, member):
    page = visit(now, scheme)
    actions.register(event=page.event, order=factories.order(organisation_code="STAD"), at=now)

    paying = shown(client, page, organisation_code="STAD")
    asking = client.post(register_url(page), hidden(paying.content.decode()) | {"step": "ask"})
    again = client.post(register_url(page), hidden(asking.content.decode()) | {"step": "pay"})

    assert [steps(answer) for answer in (paying, asking, again)] == [
        [PAY, CERTAIN],
        [APPROVAL, CERTAIN],
        [PAY, CERTAIN],
    ]
    assert 'name="step" value="ask"' in paying.content.decode()
    assert "We vragen de organisator om meer." in asking.content.decode()
    assert hidden(asking.content.decode())["asks_for_more"] == "on"
    assert ordered(client, page, asking).status == APPROVAL


@needs_payments
def test_where_nobody_pays_there_is_nothing_to_pay_instead_of_asking(client, now, scheme, member):
    page = factories.event_page(factories.event(scheme=scheme, starts_at=now + timedelta(days=30)))
    actions.register(event=page.event, order=factories.order(organisation_code="STAD"), at=now)

    answer = shown(client, page, organisation_code="STAD")

    assert steps(answer) == [APPROVAL, CERTAIN]
    assert 'name="step" value="pay"' not in answer.content.decode()


@needs_payments
def test_the_page_that_confirms_a_mailbox_tells_what_is_still_to_come(client, now, scheme, member):
    page = visit(now, scheme, requires_approval=True)
    registration = ordered(client, page, shown(client, page, email="an@proef.example"))

    answer = client.get(f"/nl/confirm/{registration.mailbox_token}/")

    assert steps(answer) == [APPROVAL, CERTAIN]


CUT = "Bij vorige bezoeken bleven plaatsen van uw organisatie leeg, en daarom heeft ze er voorlopig minder"


@needs_payments
@pytest.mark.parametrize(("quota", "is_cut"), [(3, True), (1, False)])
def test_a_quota_that_no_shows_lowered_is_told_as_what_it_is(client, now, quota, is_cut):
    scheme = factories.scheme(quota_per_event=quota, no_show_limit=1, quota_after_no_shows=1)
    factories.member(scheme, domain="proef.example", code="STAD")
    past = factories.event(scheme=scheme, starts_at=now - timedelta(days=10))
    absent = actions.register(event=past, order=factories.order(organisation_code="STAD"), at=now - timedelta(days=20))
    actions.mark_attendance(attendee=absent.attendees.get(), attended=False, at=now, by=None)
    page = visit(now, scheme)
    actions.register(event=page.event, order=factories.order(organisation_code="STAD"), at=now)

    paying = shown(client, page, email="an@proef.example", organisation_code="").content.decode()
    asking = shown(client, page, email="an@proef.example", asks_for_more="on")
    mail = mailed(ordered(client, page, asking), "confirm_mailbox", now)

    for told in (paying, asking.content.decode(), mail):
        assert (CUT in told, "opgebruikt" in told) == (is_cut, not is_cut)


def mailed(registration, kind, at):
    letter = registration.letters.filter(kind=kind).latest("pk")
    return letters.message(letter, at=at).body.replace("\xa0", " ")


@needs_payments
def test_the_mail_about_the_mailbox_says_how_many_places_wait_for_the_organiser_and_which_are_free(now, member, scheme):
    event = visit(now, scheme).event
    order = factories.order(seats=3, email="an@proef.example", asks_for_more=True)
    registration = actions.register(event=event, order=order, at=now)

    text = mailed(registration, "confirm_mailbox", now)

    assert "2 van uw 3 plaatsen wachten op het ja van de organisator. De andere plaats is gratis." in text
    assert "Daarna moet de organisator nog goedkeuren." in text
    assert "Uw organisatie komt gratis" not in text


@needs_payments
def test_the_mail_about_the_mailbox_names_the_boss_and_the_price_that_come_after_it(now, member, scheme):
    event = visit(now, scheme).event
    order = factories.order(seats=2, email="an@proef.example", approver=actions.Approver("Baas", "baas@example.org"))
    registration = actions.register(event=event, order=order, at=now)

    text = mailed(registration, "confirm_mailbox", now)

    assert text.index("Daarna moet Baas nog goedkeuren.") < text.index("Daarna betaalt u € 114,95")


def test_the_mail_about_the_mailbox_says_that_the_organiser_approves_every_registration(now, member, scheme):
    event = factories.event(scheme=scheme, requires_approval=True, starts_at=now + timedelta(days=30))
    registration = actions.register(event=event, order=factories.order(email="an@proef.example"), at=now)

    text = mailed(registration, "confirm_mailbox", now)

    assert "Uw organisatie komt gratis." in text and "Daarna moet de organisator nog goedkeuren." in text
    assert "Eén ding is nodig" not in text


def test_where_the_mailbox_is_all_the_mail_promises_no_more_than_it_did(now, member, scheme):
    event = factories.event(scheme=scheme, starts_at=now + timedelta(days=30))
    registration = actions.register(event=event, order=factories.order(email="an@proef.example"), at=now)

    text = mailed(registration, "confirm_mailbox", now)

    assert "Uw organisatie komt gratis. Eén ding is nodig" in text and "goedkeuren" not in text


@needs_payments
def test_a_second_click_on_the_last_seat_of_the_quota_is_answered_as_the_first(client, now, scheme, member):
    page = visit(now, scheme)
    answer = shown(client, page, organisation_code="STAD")
    order = hidden(answer.content.decode()) | {"step": "order"}

    first, second = (client.post(register_url(page), order) for _click in range(2))

    made = Registration.objects.get()
    assert (first.status_code, second.status_code, second.url) == (303, 303, first.url)
    assert made.status == CERTAIN

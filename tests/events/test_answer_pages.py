"""The pages that wait for an answer, as their readers meet them.

The journey. A visit is full and Ana is on the waiting list with two colleagues. A place comes free: the mailed link
opens the offer, which says who of them gets it, who waits on, what those seats cost, what comes after the yes and until
when. Her boss has to say yes: the offer names him before she answers, and his page says what became of the question,
however late he opens it. On the last day the same link says how many places are free now, and that none is when none
is. Whoever says no reads what that meant and how to come in again.
"""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from cms.templatetags.cms_tags import moment
from events import actions
from events.actions import Approver
from events.models import Approval, CancellationStep, Event, Registration
from tests import factories

pytestmark = pytest.mark.django_db
Status = Registration.Status
needs_payments = pytest.mark.skipif(not factories.has_payments(), reason="a boss approves what costs money")
BOSS = Approver("Baas Janssens", "baas@example.org")


@pytest.fixture
def now():
    return timezone.now()


def register(event, at, **order):
    return actions.register(event=event, order=factories.order(**order), at=at)


def page(client, name, token):
    """The text a reader sees."""
    return read(client.get(reverse(f"events:{name}", args=[token])))


def read(answer):
    main = re.search(r"<main.*?</main>", answer.content.decode(), re.DOTALL)
    assert main
    return " ".join(strip_tags(re.sub(r"</(li|dd|dt|p|h1|h2|button)>", " ", main.group())).split())


def heading(answer):
    found = re.search(r"<h1>(.*?)</h1>", answer.content.decode())
    assert found
    return found.group(1)


def buttons(answer):
    return re.findall(r'<button[^>]*name="answer" value="(\w+)"', answer.content.decode())


def words(value):
    return strip_tags(moment(value))


def offered(now, *, seats, free, **order):
    """A group in the line of a paid visit in thirty days, offered so many seats."""
    price = "95.00" if factories.has_payments() else None
    event = factories.event(capacity=3, waiting_list=True, price=price, starts_at=now + timedelta(days=30))
    CancellationStep.objects.create(event=event, days_before=14, fee_percent=50)
    factories.event_page(event)
    seated = register(event, now, seats=3)
    group = register(event, now, seats=seats, **order)
    gone = [seat.pk for seat in seated.attendees.order_by("pk")[:free]]
    actions.cancel(registration=seated, attendee_ids=gone, at=now)
    group.refresh_from_db()
    assert group.status == Status.OFFERED
    return group


# --- The offer ------------------------------------------------------------------------------------------------------
@needs_payments
def test_a_partial_offer_says_who_gets_a_seat_who_waits_on_and_what_those_seats_cost(client, now):
    group = offered(now, seats=3, free=2, accepts_part=True)
    first, second, third = [seat.name for seat in group.attendees.order_by("pk")]

    answer = client.get(reverse("events:offer", args=[group.mailbox_token]))

    context = answer.context
    assert [seat.name for seat in context["getting"]] == [first, second]
    assert [seat.name for seat in context["staying"]] == [third]
    text = read(answer)
    assert "2 van de 3 krijgen nu een plaats" in text
    assert f"Blijft op de wachtlijst {third}" in text
    assert "Totaal excl. btw € 190,00" in text
    assert "€ 229,90" in text and "344,85" not in text
    assert f"Antwoord en betaal vóór {words(group.offers.get().expires_at)}." in text


@needs_payments
def test_an_offer_says_the_terms_it_would_be_cancelled_under(client, now):
    group = offered(now, seats=1, free=1)

    answer = client.get(reverse("events:offer", args=[group.mailbox_token]))

    (moment_from, percent) = answer.context["ladder"][0]
    assert f"Vanaf {words(moment_from)}: we houden {percent}% van de prijs in" in read(answer)
    assert answer.context["kept_now"] == 0


@needs_payments
def test_who_needs_a_bosses_yes_reads_before_answering_that_the_boss_comes_first(client, now):
    group = offered(now, seats=1, free=1, approver=BOSS)
    expires_at = group.offers.get().expires_at

    answer = client.get(reverse("events:offer", args=[group.mailbox_token]))

    text = read(answer)
    assert [state.status for state in answer.context["ahead"]] == [
        Status.AWAITING_APPROVAL,
        Status.HELD,
        Status.CONFIRMED,
    ]
    assert "Baas Janssens moet goedkeuren: we schrijven naar baas@example.org." in text
    assert "Goedkeuring vragen: na goedkeuring besteld met betalingsverplichting" in text
    assert "uw antwoord, de goedkeuring en de betaling" in text
    assert f"vóór {words(expires_at)}" in text


@needs_payments
def test_an_offer_about_to_end_says_that_forty_five_minutes_follow_the_yes(client, now):
    group = offered(now, seats=1, free=1)
    group.offers.update(expires_at=now + timedelta(minutes=20))
    Registration.objects.filter(pk=group.pk).update(hold_expires_at=now + timedelta(minutes=20))

    text = page(client, "offer", group.mailbox_token)

    assert f"Antwoord vóór {words(group.offers.get().expires_at)}." in text
    assert "Na uw ja zijn er 45 minuten voor alle andere stappen." in text


def offered_to_a_mailbox(now):
    """An offer to somebody whose price rests on a mailbox that was not confirmed."""
    scheme = factories.scheme()
    factories.member(scheme, code="STAD")
    factories.member(scheme, domain="proef.example")
    event = factories.event(capacity=1, scheme=scheme, waiting_list=True, starts_at=now + timedelta(days=30))
    seated = register(event, now, organisation_code="STAD")
    waiting = register(event, now, email="an@proef.example")
    actions.cancel(registration=seated, at=now)
    return waiting


def test_only_the_mailed_link_spares_the_proof_of_the_mailbox(client, now):
    waiting = offered_to_a_mailbox(now)

    mailed = client.get(reverse("events:offer", args=[waiting.mailbox_token])).context["ahead"]
    own = client.get(reverse("events:answer", args=[waiting.manage_token])).context["ahead"]

    assert [state.status for state in mailed] == [Status.CONFIRMED]
    assert [state.status for state in own] == [Status.UNCONFIRMED_EMAIL, Status.CONFIRMED]


# --- The last call --------------------------------------------------------------------------------------------------
def last_day(now, *, free, seats=1, capacity=3, **order):
    """Somebody in the line of a paid visit in ten hours, with so many seats free."""
    price = "95.00" if factories.has_payments() else None
    event = factories.event(capacity=capacity, waiting_list=True, price=price, starts_at=now + timedelta(hours=10))
    CancellationStep.objects.create(event=event, days_before=14, fee_percent=50)
    CancellationStep.objects.create(event=event, days_before=3, fee_percent=100)
    seated = register(event, now, seats=capacity)
    waiting = register(event, now, seats=seats, **order)
    gone = [seat.pk for seat in seated.attendees.order_by("pk")[:free]]
    if gone:
        actions.cancel(registration=seated, attendee_ids=gone, at=now)
    waiting.refresh_from_db()
    assert waiting.status == Status.WAITING
    return waiting


@needs_payments
def test_the_last_call_says_what_is_free_what_it_costs_the_terms_and_the_time_to_pay(client, now):
    waiting = last_day(now, free=2)

    text = page(client, "offer", waiting.mailbox_token)

    assert "Er zijn nu 2 plaatsen vrij." in text
    assert "Totaal excl. btw € 95,00" in text and "€ 19,95" in text and "€ 114,95" in text
    assert "Wie nu annuleert, betaalt 100% van de prijs." in text
    assert "Na uw ja zijn er 45 minuten voor alle andere stappen." in text


def test_the_last_call_without_a_free_seat_says_so_and_has_nothing_to_take(client, now):
    waiting = last_day(now, free=0)

    answer = client.get(reverse("events:offer", args=[waiting.mailbox_token]))

    assert (heading(answer), buttons(answer)) == ("Er is op dit moment geen plaats vrij", [])
    assert "Er is nu geen plaats vrij." in read(answer)


def test_a_group_glad_with_a_part_reads_who_gets_the_seats_now_and_gets_them(client, now):
    group = last_day(now, free=2, seats=3, accepts_part=True)
    first, second, third = [seat.name for seat in group.attendees.order_by("pk")]
    url = reverse("events:offer", args=[group.mailbox_token])

    answer = client.get(url)
    assert [seat.name for seat in answer.context["getting"]] == [first, second]
    assert "2 van de 3 krijgen nu een plaats" in read(answer)
    client.post(url, {"answer": "take"})

    assert [seat.name for seat in group.attendees.order_by("pk")] == [first, second]
    rest = Registration.objects.get(split_from=group)
    assert (rest.status, rest.attendees.get().name) == (Status.WAITING, third)


def test_a_group_too_large_is_asked_whether_a_part_is_welcome_and_then_shown_its_part(client, now):
    group = last_day(now, free=1, seats=2)
    url = reverse("events:offer", args=[group.mailbox_token])

    before = client.get(url)
    assert (buttons(before), "U hebt er 2 nodig." in read(before)) == (["part"], True)
    after = client.post(url, {"answer": "part"}, follow=True)

    assert (buttons(after), len(after.context["getting"])) == (["take"], 1)


def test_who_comes_second_is_shown_that_nothing_is_free_any_more(client, now):
    waiting = last_day(now, free=1)
    register(waiting.event, now)
    quicker = Registration.objects.get(pk=Registration.objects.order_by("pk").last().pk)
    actions.take_free_seats(registration=quicker, at=now)

    answer = client.post(reverse("events:offer", args=[waiting.mailbox_token]), {"answer": "take"})

    assert (answer.status_code, heading(answer), buttons(answer)) == (
        409,
        "Er is op dit moment geen plaats vrij",
        [],
    )
    assert "Iemand was u voor" in read(answer)


# --- The no to an offer ---------------------------------------------------------------------------------------------
def test_who_declines_reads_that_the_offer_was_declined_and_how_to_come_in_again(client, now):
    waiting = offered(now, seats=1, free=1)

    answer = client.post(reverse("events:offer", args=[waiting.mailbox_token]), {"answer": "decline"}, follow=True)

    text = read(answer)
    assert heading(answer) == "U hebt het aanbod geweigerd"
    assert "u staat niet meer op de wachtlijst" in text
    assert "komt u dan achteraan op de wachtlijst" in text and "Opnieuw inschrijven" in text


def test_a_group_that_declines_a_part_reads_that_it_is_back_in_the_line(client, now):
    group = offered(now, seats=3, free=2, accepts_part=True)

    answer = client.post(reverse("events:offer", args=[group.mailbox_token]), {"answer": "decline"}, follow=True)

    text = read(answer)
    assert heading(answer) == "U staat op de wachtlijst"
    assert "Uw groep staat opnieuw op de wachtlijst, voor al haar plaatsen" in text
    assert "nummer 1 van de wachtlijst" in text


def test_who_never_answered_reads_that_the_offer_passed(client, now):
    waiting = offered(now, seats=1, free=1)
    actions.expire_holds(at=now + timedelta(hours=48))

    answer = client.get(reverse("events:manage", args=[waiting.manage_token]))

    assert heading(answer) == "Het aanbod is verstreken"


# --- The link of an offer, opened again ------------------------------------------------------------------------------
def opened_again(client, registration):
    return client.get(reverse("events:offer", args=[registration.mailbox_token]))


def test_who_took_a_free_place_reads_that_it_was_taken_and_is_certain(client, now):
    event = factories.event(capacity=1, waiting_list=True, starts_at=now + timedelta(days=30))
    seated, waiting = register(event, now), register(event, now)
    actions.cancel(registration=seated, at=now)
    actions.accept_offer(registration=waiting, at=now)

    answer = opened_again(client, waiting)

    assert (heading(answer), buttons(answer)) == ("U nam deze plaats", [])
    assert f"U nam de plaats op {words(now)}." in read(answer)
    assert reverse("events:manage", args=[waiting.manage_token]) in answer.content.decode()


@needs_payments
def test_who_took_places_and_did_not_pay_reads_until_when_and_pays_from_there(client, now):
    group = offered(now, seats=2, free=2)
    actions.accept_offer(registration=group, at=now)
    group.refresh_from_db()

    answer = opened_again(client, group)

    text = read(answer)
    assert heading(answer) == "U nam deze plaatsen"
    assert f"U nam 2 plaatsen op {words(now)}." in text
    assert f"Betaal vóór {words(group.hold_expires_at)}, om uw plaatsen te behouden." in text
    assert f'action="{reverse("events:pay", args=[group.manage_token])}"' in answer.content.decode()


@needs_payments
def test_who_took_a_place_and_waits_for_the_boss_reads_that_and_until_when(client, now):
    waiting = offered(now, seats=1, free=1, approver=BOSS)
    actions.accept_offer(registration=waiting, at=now)
    waiting.refresh_from_db()

    answer = opened_again(client, waiting)

    assert heading(answer) == "U nam deze plaats"
    assert "We vroegen Baas Janssens (baas@example.org) om goedkeuring." in read(answer)
    assert f"tot {words(waiting.hold_expires_at)}" in read(answer)
    assert "Nu betalen" not in read(answer)


def test_who_took_a_place_by_the_other_link_reads_that_the_mailbox_is_still_to_be_confirmed(client, now):
    waiting = offered_to_a_mailbox(now)
    actions.accept_offer(registration=waiting, at=now)
    waiting.refresh_from_db()

    text = read(opened_again(client, waiting))

    assert f"We hebben een link gestuurd naar an@proef.example. Open die vóór {words(waiting.hold_expires_at)}" in text


def test_a_place_taken_and_given_up_since_is_told_as_both(client, now):
    waiting = offered(now, seats=1, free=1)
    actions.accept_offer(registration=waiting, at=now)
    actions.cancel(registration=waiting, at=now + timedelta(minutes=1))

    answer = opened_again(client, waiting)

    assert heading(answer) == "Uw inschrijving is geannuleerd"
    assert f"U nam de plaats op {words(now)}." in read(answer)


def test_a_declined_offer_opened_again_is_told_as_declined_with_the_way_back_in(client, now):
    waiting = offered(now, seats=1, free=1)
    actions.decline_offer(registration=waiting, at=now)

    answer = opened_again(client, waiting)

    assert heading(answer) == "U hebt het aanbod geweigerd"
    assert "u staat niet meer op de wachtlijst" in read(answer) and "Opnieuw inschrijven" in read(answer)


def test_a_group_that_declined_a_part_reads_behind_the_same_link_that_it_waits_on(client, now):
    group = offered(now, seats=3, free=2, accepts_part=True)
    actions.decline_offer(registration=group, at=now)

    answer = opened_again(client, group)

    assert heading(answer) == "U hebt het aanbod geweigerd"
    assert "nummer 1 van de wachtlijst" in read(answer)


@pytest.mark.parametrize("duty_ran", [False, True])
def test_an_offer_that_lapsed_is_told_as_passed_also_before_the_duty_came_by(client, now, duty_ran):
    waiting = offered(now, seats=1, free=1)
    waiting.offers.update(made_at=now - timedelta(days=2), expires_at=now - timedelta(minutes=1))
    Registration.objects.filter(pk=waiting.pk).update(hold_expires_at=now - timedelta(minutes=1))
    if duty_ran:
        actions.expire_holds(at=now)

    answer = opened_again(client, waiting)

    assert (heading(answer), buttons(answer)) == ("Het aanbod is verstreken", [])
    assert ("niet op tijd een antwoord" in read(answer)) == duty_ran


# --- The approver ---------------------------------------------------------------------------------------------------
@pytest.fixture
def asked(now):
    if not factories.has_payments():
        pytest.skip("a boss approves what costs money")
    event = factories.event(price="95.00", starts_at=now + timedelta(days=30))
    factories.event_page(event)
    return register(event, now, seats=2, approver=BOSS)


def approval_page(client, registration):
    return client.get(reverse("events:approval", args=[registration.approvals.get().token]))


def is_as_asked(answer, registration):
    """The visit, the people and the amount, whatever became of the seats since."""
    text = read(answer)
    names = [seat.name for seat in registration.attendees.all()]
    return all(name in text for name in names) and "€ 229,90" in text and registration.contact_name in text


def test_while_it_can_be_answered_it_is_asked(client, asked):
    answer = approval_page(client, asked)

    assert (heading(answer), buttons(answer)) == ("Keurt u dit goed?", ["approve", "reject"])
    assert is_as_asked(answer, asked)


@pytest.mark.parametrize("duty_ran", [False, True])
def test_after_its_time_it_is_told_as_passed_also_before_the_duty_came_by(client, now, asked, duty_ran):
    Registration.objects.update(hold_expires_at=now - timedelta(minutes=1))
    if duty_ran:
        actions.expire_holds(at=now)

    answer = approval_page(client, asked)

    assert (heading(answer), buttons(answer)) == ("De tijd om goed te keuren is voorbij", [])
    assert is_as_asked(answer, asked)


def test_an_answer_after_its_time_is_refused_and_shown_as_passed(client, now, asked):
    Registration.objects.update(hold_expires_at=now - timedelta(minutes=1))

    url = reverse("events:approval", args=[asked.approvals.get().token])
    answer = client.post(url, {"answer": "approve"})

    assert (answer.status_code, heading(answer)) == (409, "De tijd om goed te keuren is voorbij")


@pytest.mark.parametrize(("deed", "title"), [("approve", "Goedgekeurd"), ("reject", "Niet goedgekeurd")])
def test_what_was_answered_is_told_with_by_whom_and_when_and_what_was_asked(client, now, asked, deed, title):
    getattr(actions, deed)(approval=asked.approvals.get(), at=now, remark="Gezien.")

    answer = approval_page(client, asked)

    text = read(answer)
    assert (heading(answer), buttons(answer)) == (title, [])
    assert f"Beantwoord door Baas Janssens op {words(now)}." in text and "“Gezien.”" in text
    assert is_as_asked(answer, asked)


def test_an_organiser_who_answered_for_the_boss_is_not_taken_for_the_boss(client, now, asked):
    actions.approve(approval=asked.approvals.get(), at=now, by=factories.user("Organisers"))

    assert f"Beantwoord door de organisator op {words(now)}." in read(approval_page(client, asked))


def test_a_request_cancelled_meanwhile_says_so_and_leaves_out_who_had_left_before(client, now, asked):
    left, _stayed = asked.attendees.order_by("pk")
    actions.cancel(registration=asked, attendee_ids=[left.pk], at=now - timedelta(minutes=5))
    actions.cancel(registration=asked, at=now)

    answer = approval_page(client, asked)

    assert (heading(answer), buttons(answer)) == ("De inschrijving is intussen geannuleerd", [])
    assert [seat.pk for seat in answer.context["seats"]] == [_stayed.pk]
    assert "€ 114,95" in read(answer)


@pytest.mark.parametrize(("is_open", "again"), [(True, True), (False, False)])
def test_after_the_bosses_no_the_requester_reads_their_words_and_registers_again_only_where_one_can(
    client, now, asked, is_open, again
):
    actions.reject(approval=asked.approvals.get(), at=now, remark="Te druk in maart.", why="Geheim.")
    if not is_open:
        Event.objects.update(registration_closes_at=now - timedelta(hours=1))

    answer = client.get(reverse("events:manage", args=[asked.manage_token]))

    text = read(answer)
    assert heading(answer) == "Uw inschrijving is niet goedgekeurd"
    assert "Baas Janssens heeft uw inschrijving niet goedgekeurd." in text
    assert ("“Te druk in maart.”" in text, "Geheim." in text) == (True, False)
    assert ("Opnieuw inschrijven" in text) == again


def test_the_organisers_no_gives_neither_a_veto_nor_its_reason_away(client, now):
    event = factories.event(requires_approval=True, starts_at=now + timedelta(days=30))
    registration = register(event, now)
    Approval.objects.update(private_note="veto")
    actions.reject(approval=registration.approvals.get(), at=now, by=factories.user("Organisers"), why="Concurrent.")

    text = page(client, "manage", registration.manage_token)

    assert "De organisator heeft uw inschrijving niet bevestigd." in text
    assert ("veto" in text, "Concurrent" in text) == (False, False)

"""Many at once: what the question says before, whom the deed is for, and what became of each."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.translation import override

from events import actions, letters
from events.models import Approval, CancellationStep, Letter, Registration
from tests import factories
from tests.events.desk import bulk, cockpit, event, register

pytestmark = pytest.mark.django_db
Status = Registration.Status


def test_many_are_approved_at_once_after_asking(organiser: Client, now) -> None:
    made = event(now, requires_approval=True)
    both = [register(made, now), register(made, now)]

    asked = bulk(organiser, made, "ask", *both, deed="approve")
    assert (asked.status_code, Approval.objects.open().count()) == (200, 2)
    bulk(organiser, made, "do", *both, deed="approve")

    assert {r.status for r in Registration.objects.all()} == {Status.CONFIRMED}


def test_a_message_goes_to_the_ticked_and_not_twice(organiser: Client, now) -> None:
    made = event(now)
    one, _other = register(made, now), register(made, now)

    for _click in range(2):
        bulk(organiser, made, "do", one, deed="message", subject="Parking", text="Aan de kaai.")

    assert list(Letter.objects.filter(kind="message").values_list("recipient", flat=True)) == [one.email]


def test_cancelling_many_needs_a_reason_and_says_which_failed_when_moving(organiser: Client, now) -> None:
    made, full = event(now), event(now, capacity=1)
    register(full, now)
    one = register(made, now)

    refused = bulk(organiser, made, "do", one, deed="cancel")
    assert "text" in refused.context["form"].errors
    moved = organiser.post(
        cockpit(made),
        {"step": "do", "chosen": [str(one.pk)], "deed": "move", "to": str(full.pk), "text": "Op vraag"},
        follow=True,
    )
    assert f"{one.reference}: This visit is fully booked." in moved.content.decode()
    bulk(organiser, made, "do", one, deed="cancel", text="Zaal te klein.")

    one.refresh_from_db()
    assert one.status == Status.CANCELLED


def test_before_many_are_moved_the_organiser_reads_what_where_to_and_who_is_not_meant(organiser: Client, now) -> None:
    made, other = event(now), event(now, capacity=1, name="De andere")
    two, gone = register(made, now, seats=2), register(made, now)
    actions.cancel(registration=gone, at=now)

    asked = bulk(organiser, made, "ask", two, gone, deed="move", to=other.pk, text="Op vraag")

    with override("en"):
        assert asked.context["asked"].what == f"Move 1 registration, 2 seats, to {other}."
    assert asked.context["asked"].follows[1:] == [
        "There: 1 seat free, 2 seats needed.",
        "Not all of them fit: those that do not are named afterwards, and stay where they are.",
    ]
    assert [row.pk for row in asked.context["asked"].left_alone] == [gone.pk]


@pytest.mark.skipif(not factories.has_payments(), reason="free seats have no VAT")
@pytest.mark.parametrize("count", [1, 3])
def test_before_they_are_moved_those_another_vat_keeps_back_are_named_with_what_can_be_done(
    organiser: Client, now, count
) -> None:
    made, dutch = factories.event(price="95.00", capacity=9), event(now, vat_country="NL", capacity=9)
    stay = [register(made, now) for _number in range(count)]
    for one in stay:
        factories.pay(one, at=now)

    follows = bulk(organiser, made, "ask", *stay, deed="move", to=dutch.pk, text="x").context["asked"].follows

    assert follows[1] == "There: 9 seats free, 0 seats needed."
    for one in stay:
        assert one.reference in follows[2]
    assert "Netherlands" in follows[2] and "cancel" in follows[2]
    bulk(organiser, made, "do", *stay, deed="move", to=dutch.pk, text="x")
    assert {row.event_id for row in Registration.objects.filter(pk__in=[one.pk for one in stay])} == {made.pk}


@pytest.mark.skipif(not factories.has_payments(), reason="free seats have no VAT")
def test_the_same_vat_keeps_nobody_back(organiser: Client, now) -> None:
    made, other = factories.event(price="95.00"), event(now, capacity=9)
    one = register(made, now)
    factories.pay(one, at=now)

    assert len(bulk(organiser, made, "ask", one, deed="move", to=other.pk, text="x").context["asked"].follows) == 2


@pytest.mark.skipif(not factories.has_payments(), reason="free seats keep nothing")
def test_before_many_are_cancelled_the_organiser_reads_what_is_kept(organiser: Client, now) -> None:
    made = factories.event(price="100.00", vat_rate=0, starts_at=now + timedelta(days=5))
    CancellationStep.objects.create(event=made, days_before=10, fee_percent=50)
    one = register(made, now)
    factories.pay(one, at=now)

    kept = bulk(organiser, made, "ask", one, deed="cancel", text="Nee").context["asked"].follows[0]
    nothing = bulk(organiser, made, "ask", one, deed="cancel", text="Nee", free_of_charge="on")

    assert kept == "Of €100.00 for these seats €50.00 is kept; what was paid beyond that is given back."
    assert "€0.00 is kept" in nothing.context["asked"].follows[0]


def test_what_a_deed_was_not_for_is_named_and_never_counted_as_done(organiser: Client, now) -> None:
    made = event(now)
    one, gone = register(made, now), register(made, now)
    actions.cancel(registration=gone, at=now)
    chosen = [str(one.pk), str(gone.pk)]

    page = organiser.post(
        cockpit(made), {"step": "do", "chosen": chosen, "deed": "cancel", "text": "Nee"}, follow=True
    ).content.decode()
    nobody = organiser.post(
        cockpit(made), {"step": "do", "chosen": chosen, "deed": "approve"}, follow=True
    ).content.decode()

    assert "Done for 1 registration." in page
    assert f"There was nothing to do for 1 registration: {gone.reference}." in page
    assert "Done for" not in nobody
    assert "There was nothing to do for 2 registrations" in nobody


def test_a_message_to_everyone_is_for_who_still_comes_and_never_for_who_was_forgotten(organiser: Client, now) -> None:
    made = event(now)
    one, gone, forgotten = register(made, now), register(made, now), register(made, now)
    for ended in (gone, forgotten):
        actions.cancel(registration=ended, at=now)
    actions.erase_person(email=forgotten.email, at=now)
    facts = {"deed": "message", "subject": "Parking", "text": "Kaai."}

    organiser.post(cockpit(made), facts | {"step": "do", "everyone": "on", "batch": "a"})
    to_everyone = set(Letter.objects.filter(kind="message").values_list("recipient", flat=True))
    bulk(organiser, made, "do", gone, forgotten, **(facts | {"batch": "b"}))

    assert to_everyone == {one.email}
    assert set(Letter.objects.filter(kind="message").values_list("recipient", flat=True)) == {one.email, gone.email}


def test_a_list_that_changed_after_the_question_is_asked_about_again(organiser: Client, now) -> None:
    made = event(now)
    register(made, now)

    organiser.post(cockpit(made), {"step": "do", "everyone": "on", "deed": "cancel", "text": "Nee", "rows": "0"})

    assert Registration.objects.get().status == Status.CONFIRMED


def test_going_back_from_the_question_keeps_what_was_filled_in(organiser: Client, now) -> None:
    made = event(now)
    one = register(made, now)

    page = bulk(organiser, made, "back", one, deed="cancel", text="Zaal te klein.").content.decode()

    assert "Zaal te klein." in page
    assert f'value="{one.pk}" aria-label="{one.reference}" checked' in page


def test_registrations_of_another_visit_cannot_be_ticked(organiser: Client, now) -> None:
    made, other = event(now), event(now)
    elsewhere = register(other, now)

    bulk(organiser, made, "do", elsewhere, deed="cancel", text="Nee")

    elsewhere.refresh_from_db()
    assert elsewhere.status == Status.CONFIRMED


def test_many_are_refused_at_once_with_a_word_for_each(organiser: Client, now) -> None:
    made = event(now, requires_approval=True)
    both = [register(made, now), register(made, now)]

    bulk(organiser, made, "do", *both, deed="reject", text="De gastheer heeft geen plaats.")

    assert {r.status for r in Registration.objects.all()} == {Status.CANCELLED}
    assert {letter.facts["remark"] for letter in Letter.objects.filter(kind="rejected")} == {
        "De gastheer heeft geen plaats."
    }


def test_a_deed_on_everyone_reaches_every_page_of_the_list_as_it_is_filtered(organiser: Client, now) -> None:
    made = event(now, capacity=200, waiting_list=True)
    Registration.objects.bulk_create(
        [
            Registration(
                event=made, status="confirmed", language="nl", first_name="An", last_name=str(number),
                accepted_terms_at=now, email=f"an{number}@example.org", organisation_name="Stad", confirmed_at=now,
            )
            for number in range(101)
        ]
    )  # fmt: skip
    gone = register(made, now)
    actions.cancel(registration=gone, at=now)
    page = organiser.get(cockpit(made))
    assert (len(page.context["registrations"]), page.context["page"].paginator.count) == (100, 102)
    assert len(organiser.get(f"{cockpit(made)}?p=2").context["registrations"]) == 2

    facts = {"step": "do", "deed": "message", "everyone": "on", "subject": "Parking", "text": "Kaai.", "batch": "b"}
    organiser.post(f"{cockpit(made)}?status=confirmed", facts)

    assert Letter.objects.filter(kind="message").count() == 101


@pytest.mark.skipif(not factories.has_payments(), reason="a boss approves what costs money")
def test_before_many_are_approved_each_group_is_told_what_happens_and_who_hears_of_it(organiser: Client, now) -> None:
    scheme = factories.scheme()
    factories.member(scheme, code="PROEF-2027")
    made = event(now, capacity=3, price="95.00", scheme=scheme, requires_approval=True, waiting_list=True)
    boss = actions.Approver("Berta Baas", "berta@example.org")
    free = register(made, now, organisation_code="PROEF-2027")
    paid, asks_boss, waits = (register(made, now, **more) for more in ({}, {"approver": boss}, {}))

    asked = bulk(organiser, made, "ask", free, paid, asks_boss, waits, deed="approve").context["asked"]
    before = set(Letter.objects.values_list("pk", flat=True))
    bulk(organiser, made, "do", free, paid, asks_boss, waits, deed="approve")

    assert asked.follows == [
        "1 registration is confirmed: its contact and participants get a letter.",
        "1 registration is kept until it is paid: its contact gets a letter that asks to pay.",
        "1 registration still waits for the yes of its own approver: no letter goes out now.",
        "1 registration stays where it is, in the line or until its mail is confirmed: no letter goes out.",
    ]
    written = Letter.objects.exclude(pk__in=before)
    assert sorted(written.values_list("recipient", "kind")) == sorted(
        [(free.email, "confirmed"), (paid.email, "approved")]
    )


def test_with_nothing_to_do_nothing_is_promised_and_there_is_only_a_way_back(organiser: Client, now) -> None:
    made = event(now)
    confirmed = register(made, now)

    page = bulk(organiser, made, "ask", confirmed, deed="approve", text="Tot dan!")

    asked = page.context["asked"]
    assert (asked.what, asked.follows, asked.left_alone) == ("There is nothing to do.", [], [confirmed])
    html = page.content.decode()
    assert (html.count('name="step" value="do"'), html.count('name="step" value="back"')) == (0, 1)
    assert "Tot dan!" not in html.partition("<textarea")[0]


def test_a_message_is_shown_before_as_one_of_its_readers_gets_it(organiser: Client, now) -> None:
    made = event(now)
    one, two = register(made, now), register(made, now)
    facts = {"deed": "message", "subject": "Parking", "text": "Aan de kaai."}

    preview = bulk(organiser, made, "ask", one, two, **facts).context["asked"].preview
    assert Letter.objects.filter(kind="message").count() == 0
    bulk(organiser, made, "do", one, two, **facts)

    sent = letters.message(Letter.objects.get(kind="message", recipient=two.email), at=now)
    assert (preview.recipient, preview.language) == (f"An Peeters <{two.email}>", "Dutch")
    assert (preview.subject, preview.text, preview.html) == (sent.subject, sent.body, sent.alternatives[0][0])
    assert "Dag An" in preview.text


def test_before_many_are_cancelled_it_is_told_who_hears_of_it(organiser: Client, now) -> None:
    made = event(now, capacity=2, waiting_list=True)
    one, two, waits = (register(made, now) for _number in range(3))

    asked = bulk(organiser, made, "ask", one, two, waits, deed="cancel", text="Nee").context["asked"]

    assert asked.follows == [
        "2 registrations are confirmed: their contacts and participants are told, with your reason.",
        "1 registration is not confirmed: its contact alone is told, with your reason.",
        "Seats that become free are offered to the line.",
    ]


def test_refusing_the_ticked_of_a_filtered_list_refuses_those_alone(organiser: Client, now) -> None:
    made = event(now, requires_approval=True)
    one, two, three = (register(made, now) for _number in range(3))
    actions.approve(approval=three.approvals.get(), at=now)

    bulk(organiser, made, "do", one, deed="reject", text="Nee.", status=Status.AWAITING_APPROVAL)

    assert states(one, two, three) == [Status.CANCELLED, Status.AWAITING_APPROVAL, Status.CONFIRMED]
    assert list(Letter.objects.filter(kind="rejected").values_list("recipient", flat=True)) == [one.email]


@pytest.mark.parametrize(
    ("deed", "shown", "expected"),
    [
        ("reject", "awaiting_approval", ["cancelled", "cancelled", "confirmed"]),
        ("reject", "confirmed", ["awaiting_approval", "awaiting_approval", "confirmed"]),
        ("cancel", "confirmed", ["awaiting_approval", "awaiting_approval", "cancelled"]),
        ("cancel", "awaiting_approval", ["cancelled", "cancelled", "confirmed"]),
    ],
)
def test_all_of_the_list_is_what_its_filter_shows_whatever_was_ticked(
    organiser: Client, now, deed: str, shown: str, expected: list[str]
) -> None:
    made = event(now, requires_approval=True)
    one, two, three = (register(made, now) for _number in range(3))
    actions.approve(approval=three.approvals.get(), at=now)
    facts = {"deed": deed, "text": "Nee.", "everyone": "on", "status": shown}

    asked = bulk(organiser, made, "ask", one, three, **facts)
    assert f'action="?status={shown}"' in asked.content.decode()
    bulk(organiser, made, "do", one, three, **facts)

    assert states(one, two, three) == expected


def states(*registrations: Registration) -> list[str]:
    return [Registration.objects.get(pk=registration.pk).status for registration in registrations]

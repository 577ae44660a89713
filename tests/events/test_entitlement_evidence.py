"""Who goes free, proven how, and up to how many: quotas, no-shows, the organiser's decision, the way back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from events import actions, letters
from events.endings import ending_of
from events.entitlement import quota_of
from events.models import Approval, Attendee, EmailDomain, Membership, Registration, Veto
from events.refusals import CodeWithoutBenefit, NotEntitled, SeatGone
from events.settlement import installed
from tests import factories

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not factories.has_payments(), reason="a price beside the free seat needs payments"),
]
Status = Registration.Status
FREE, PRICE = Decimal("0.00"), Decimal("114.95")


def prices(registration):
    return [seat.price_incl_vat for seat in registration.attendees.order_by("pk")]


@pytest.fixture
def scheme():
    return factories.scheme(quota_per_event=2)


@pytest.fixture
def member(scheme):
    return factories.member(scheme, code="GENT-2027")


def visit(scheme, **facts):
    return factories.event(scheme=scheme, price="95.00", **facts)


def register(event, at, **order):
    return actions.register(event=event, order=factories.order(organisation_code="GENT-2027", **order), at=at)


def test_seats_beyond_the_quota_cost_what_they_cost_everyone(scheme, member, at):
    event = visit(scheme)

    registration = register(event, at, seats=3)

    assert (registration.status, prices(registration)) == (Status.HELD, [FREE, FREE, PRICE])


def test_who_proves_a_mailbox_and_pays_for_a_seat_beyond_the_quota_reads_what_follows(scheme, at):
    factories.member(scheme, domain="gent.example")

    some = actions.register(event=visit(scheme), order=factories.order(seats=3, email="an@gent.example"), at=at)
    none = actions.register(event=visit(scheme), order=factories.order(seats=2, email="bo@gent.example"), at=at)

    said = [letters.message(row.letters.get(kind="confirm_mailbox"), at=at).body for row in (some, none)]
    assert "Daarna betaalt u €\xa0114,95, btw inbegrepen" in said[0]
    assert ["komt gratis" in text for text in said] == [False, True]


def test_the_third_person_of_a_quota_of_two_may_ask_and_is_never_refused(scheme, member, at):
    event = visit(scheme)
    register(event, at, seats=2)

    asking = register(event, at, asks_for_more=True)

    assert (asking.status, prices(asking)) == (Status.AWAITING_APPROVAL, [FREE])
    actions.approve(approval=asking.approvals.get(), at=at, by=factories.user("Organisers"))
    asking.refresh_from_db()
    assert (asking.status, prices(asking)) == (Status.CONFIRMED, [FREE])


def asking_for_more(scheme, at, *, used=1, seats=4, **facts):
    """A group that asks for more than the two places of its organisation, of which some are used."""
    event = visit(scheme, **facts)
    if used:
        register(event, at, seats=used)
    return register(event, at, seats=seats, asks_for_more=True)


def refused(registration, at, **said):
    approval = registration.approvals.get()
    actions.reject(approval=approval, at=at, by=factories.user("Organisers"), **said)
    return Registration.objects.get(pk=registration.pk)


def test_a_no_to_more_than_the_quota_keeps_the_seats_within_it_and_says_how_the_others_can_come(scheme, member, at):
    asking = asking_for_more(scheme, at)
    first, *others = asking.attendees.order_by("pk")

    after = refused(asking, at, remark="De groep is al groot.", why="Beleid.")

    assert (after.status, list(after.attendees.live())) == (Status.CONFIRMED, [first])
    assert Attendee.objects.filter(event=asking.event, released_at=None).count() == 2
    (letter,) = after.letters.filter(kind="quota_refused")
    said = letters.message(letter, at=at).body
    for text in (
        f"Deze plaatsen gaan door: {first.name}.",
        f"Deze plaatsen zijn opgegeven: {', '.join(seat.name for seat in others)}.",
        "Tegen de normale prijs, €\xa0114,95 per plaats, btw inbegrepen",
        "De groep is al groot.",
    ):
        assert text in said
    assert "Beleid." not in said
    assert after.letters.filter(kind="confirmed").count() == 1
    assert after.letters.filter(kind="rejected").count() == 0


def test_a_no_when_the_quota_is_used_up_ends_it_and_still_tells_the_normal_price(scheme, member, at):
    after = refused(asking_for_more(scheme, at, used=2, seats=2), at)

    assert (after.status, after.attendees.live().count()) == (Status.CANCELLED, 0)
    assert ending_of(after).how == "rejected"
    said = letters.message(after.letters.get(kind="quota_refused"), at=at)
    assert said.subject.startswith("Niet goedgekeurd")
    assert "€\xa0114,95 per plaats" in said.body
    assert "gaan door" not in said.body


def test_who_cancels_after_a_no_to_the_seats_beyond_the_quota_was_not_refused(scheme, member, at):
    after = refused(asking_for_more(scheme, at), at)

    actions.cancel(registration=after, at=at + timedelta(hours=1))

    assert ending_of(Registration.objects.get(pk=after.pk)).how == "cancelled"


@pytest.mark.parametrize("other", ["requires_approval", "veto"])
def test_a_no_that_may_have_another_reason_than_the_quota_ends_the_whole_registration(scheme, member, at, other):
    event = visit(scheme, requires_approval=other == "requires_approval")
    if other == "veto":
        Veto.objects.create(event=event, organisation=member)

    after = refused(register(event, at, seats=3, asks_for_more=True), at)

    assert after.status == Status.CANCELLED
    assert [letter.kind for letter in after.letters.filter(kind__in=["rejected", "quota_refused"])] == ["rejected"]


def test_a_group_in_line_that_is_refused_more_waits_on_for_the_seats_within_its_quota(scheme, member, at):
    event = visit(scheme, capacity=4, waiting_list=True)
    actions.confirm(registration=actions.register(event=event, order=factories.order(seats=4), at=at), at=at)
    asking = register(event, at, seats=3, asks_for_more=True)
    assert asking.status == Status.WAITING

    after = refused(asking, at)

    assert (after.status, after.attendees.live().count()) == (Status.WAITING, 2)


def test_the_organiser_reads_why_they_are_asked_in_the_mail_and_on_the_screens(client, scheme, member):
    client.force_login(factories.user("Organisers"))
    asking = asking_for_more(scheme, timezone.now(), starts_at=timezone.now() + timedelta(days=20))
    because = [
        f"3 van de 4 gevraagde plaatsen gaan boven het quotum van {member}.",
        f"Van het quotum van {member} voor dit bezoek zijn 1 van 2 plaatsen opgebruikt; hier komen er 4 bij.",
    ]
    urls = {name: reverse(f"tour_registrations:{name}", args=[asking.pk]) for name in ("approve", "reject", "inspect")}

    pages = {name: client.get(url).content.decode() for name, url in urls.items()}
    mail = letters.message(asking.letters.get(kind="approval_waits"), at=timezone.now()).body

    for text in (pages["approve"], pages["reject"], mail):
        assert [sentence for sentence in because if sentence not in text] == []
    assert "De plaatsen binnen het quotum gaan door" in pages["reject"]
    (line,) = [line for line in pages["inspect"].splitlines() if "nog geen antwoord" in line]
    assert "boven het quotum" in line
    assert "privé" not in line


def test_where_only_members_come_a_used_quota_asks_the_organiser_by_itself(scheme, member, at):
    event = factories.event(scheme=scheme)

    registration = register(event, at, seats=3)

    assert (registration.status, registration.approvals.get().private_note) == (Status.AWAITING_APPROVAL, "quota")


def test_a_seat_given_up_is_free_in_the_quota_again(scheme, member, at):
    event = visit(scheme)
    first = register(event, at, seats=2)
    actions.cancel(registration=first, attendee_ids=[first.attendees.first().pk], at=at)

    assert prices(register(event, at)) == [FREE]


def test_the_year_of_the_visit_counts_over_all_visits(scheme, member, at):
    scheme.quota_per_event, scheme.quota_per_year = None, 3
    scheme.save()
    register(visit(scheme), at, seats=2)
    next_year = visit(scheme, starts_at=at.replace(year=at.year + 1))

    assert prices(register(visit(scheme), at, seats=2)) == [FREE, PRICE]
    assert prices(register(next_year, at, seats=2)) == [FREE, FREE]


def test_a_membership_may_have_a_quota_of_its_own(scheme, member, at):
    Membership.objects.filter(organisation=member).update(quota_per_event=3)

    assert prices(register(visit(scheme), at, seats=3)) == [FREE, FREE, FREE]


def no_shows(scheme, at, count):
    past = visit(scheme, starts_at=at - timedelta(days=30))
    registration = register(past, at - timedelta(days=40), seats=2)
    for seat in registration.attendees.all()[:count]:
        actions.mark_attendance(attendee=seat, attended=False, at=at, by=None)


@pytest.mark.parametrize(("absent", "left"), [(1, 2), (2, 1)])
def test_two_no_shows_in_twelve_months_lower_the_quota(scheme, member, at, absent, left):
    no_shows(scheme, at, absent)

    quota = quota_of(Membership.objects.get(organisation=member), event=visit(scheme), at=at)

    assert (quota.no_shows, quota.is_reduced, quota.left) == (absent, absent == 2, left)


def test_no_shows_are_forgotten_after_twelve_months_or_when_forgiven(scheme, member, at):
    no_shows(scheme, at, 2)
    membership = Membership.objects.get(organisation=member)
    event = visit(scheme, starts_at=at + timedelta(days=500))

    assert quota_of(membership, event=event, at=at + timedelta(days=340)).left == 2
    membership.no_shows_forgiven_on = date(2027, 1, 1)
    assert quota_of(membership, event=event, at=at).left == 2


def test_an_absence_that_was_announced_is_no_no_show(scheme, member, at):
    event = visit(scheme)
    registration = register(event, at)
    seat = registration.attendees.get()
    actions.cancel(registration=registration, at=at)
    Attendee.objects.filter(pk=seat.pk).update(attended=False)

    assert quota_of(Membership.objects.get(organisation=member), event=event, at=at).no_shows == 0


@pytest.mark.parametrize(("included", "price"), [(True, FREE), (False, PRICE)])
def test_whether_facilitators_go_free_is_the_schemes_setting(at, included, price):
    scheme = factories.scheme(facilitators_included=included)
    factories.member(scheme, domain="steun.example", role="facilitator")

    registration = actions.register(event=visit(scheme), order=factories.order(email="an@steun.example"), at=at)

    assert prices(registration) == [price]


def test_an_organiser_grants_the_price_and_the_reason_is_kept(scheme, member, at):
    event = visit(scheme)
    registration = actions.register(event=event, order=factories.order(), at=at)
    organiser = factories.user("Organisers")

    actions.grant(
        registration=registration,
        membership=Membership.objects.get(organisation=member),
        at=at,
        by=organiser,
        why="Lid sinds 2018.",
    )

    registration = Registration.objects.get(pk=registration.pk)
    proof = registration.entitlement
    assert (registration.status, prices(registration)) == (Status.CONFIRMED, [FREE])
    assert proof is not None
    assert (proof.proof, proof.evidence, proof.decided_by) == ("decision", "Lid sinds 2018.", organiser)


def test_withdrawing_the_price_keeps_the_seat_and_asks_the_difference(scheme, member, at):
    registration = register(visit(scheme), at)

    actions.withdraw_entitlement(registration=registration, at=at, by=None, why="Geen lid meer.")

    registration = Registration.objects.get(pk=registration.pk)
    assert (registration.status, prices(registration), registration.entitlement) == (Status.CONFIRMED, [PRICE], None)
    assert registration.entitlements.get().withdrawn_why == "Geen lid meer."
    with pytest.raises(NotEntitled):
        actions.withdraw_entitlement(registration=registration, at=at, by=None, why="Nog eens.")


def test_a_price_the_visit_does_not_have_cannot_be_granted(member, at):
    event = factories.event(price="95.00")
    registration = actions.register(event=event, order=factories.order(), at=at)

    with pytest.raises(CodeWithoutBenefit):
        actions.grant(registration=registration, membership=Membership.objects.get(), at=at, by=None, why="Proef.")


def test_the_hosts_veto_makes_the_organiser_decide_and_stays_private(scheme, member, at, client):
    event = visit(scheme)
    Veto.objects.create(event=event, organisation=member, reason="Concurrent")

    registration = register(event, at)

    approval = registration.approvals.get()
    assert (registration.status, approval.asked) == (Status.AWAITING_APPROVAL, Approval.Asked.ORGANISER)
    page = client.get(f"/nl/r/{registration.manage_token}/").content.decode()
    assert "veto" not in page.lower() and "Concurrent" not in page
    actions.reject(approval=approval, at=at, by=None, why="Concurrent van de gastheer")
    letter = registration.letters.get(kind="rejected")
    assert "Concurrent" not in str(letter.facts)


@pytest.fixture
def closed_pages(monkeypatch):
    """References of the registrations whose payment page was closed."""
    closed = []
    monkeypatch.setattr(type(installed()), "withdraw", lambda self, registration, at: closed.append(registration.pk))
    return closed


def test_a_price_granted_before_paying_closes_the_open_page_and_promises_no_money_back(
    scheme, member, at, closed_pages, django_capture_on_commit_callbacks
):
    event = visit(scheme)
    registration = actions.register(event=event, order=factories.order(), at=at)
    with django_capture_on_commit_callbacks(execute=True):
        registration = grant(registration, at)

    assert (registration.status, closed_pages) == (Status.CONFIRMED, [registration.pk])
    said = letters.message(registration.letters.get(kind="granted"), at=at).body
    assert "terugbetaald" not in said


def test_a_price_withdrawn_before_paying_asks_for_the_new_total_and_says_the_places_are_only_held(
    scheme, member, at, closed_pages, django_capture_on_commit_callbacks
):
    event = visit(scheme)
    registration = register(event, at, seats=3)
    with django_capture_on_commit_callbacks(execute=True):
        registration = actions.withdraw_entitlement(registration=registration, at=at, by=None, why="Geen lid.")

    assert (registration.status, closed_pages) == (Status.HELD, [registration.pk])
    said = letters.message(registration.letters.get(kind="price_changed"), at=at).body
    assert "344,85" in said
    assert ("Your places stay yours" in said, "Uw plaatsen blijven van u" in said) == (False, False)
    assert registration.hold_expires_at == at + timedelta(hours=72)


def test_an_organisers_decision_needs_no_mailbox(scheme, at):
    factories.member(scheme, domain="proef.example")
    registration = actions.register(event=visit(scheme), order=factories.order(email="an@proef.example"), at=at)
    assert registration.status == Status.UNCONFIRMED_EMAIL

    assert grant(registration, at).status == Status.CONFIRMED


def grant(registration, at):
    membership = Membership.objects.order_by("pk").first()
    return actions.grant(registration=registration, membership=membership, at=at, by=None, why="Toch lid.")


def test_who_pays_too_late_has_no_seat_beyond_the_quota(scheme, at):
    scheme.quota_per_event = 1
    scheme.save()
    factories.member(scheme, code="GENT-2027")
    event = visit(scheme)
    late = register(event, at, seats=2)
    after = at + timedelta(hours=5)
    actions.expire_holds(at=after)
    assert register(event, after).status == Status.CONFIRMED

    with pytest.raises(SeatGone):
        actions.confirm(registration=late, at=after)

    assert event.attendees.live().filter(ticket_type__scheme=scheme).count() == 1


def test_who_pays_too_late_and_is_within_the_quota_comes_after_all(scheme, member, at):
    event = visit(scheme)
    late = register(event, at, seats=3)
    after = at + timedelta(hours=5)
    actions.expire_holds(at=after)

    assert actions.confirm(registration=late, at=after).status == Status.CONFIRMED


@pytest.mark.parametrize("domain", ["hotmail.fr", "outlook.es", "live.nl", "yahoo.co.uk", "voo.be", "belgacom.be"])
def test_a_domain_where_anybody_can_have_an_address_proves_nothing(scheme, member, at, domain):
    row = EmailDomain(organisation=member, domain=domain, verified_on=at.date())
    with pytest.raises(ValidationError):
        row.full_clean()


def test_a_domain_of_everybody_that_is_in_the_table_all_the_same_gives_no_price(scheme, member, at):
    EmailDomain.objects.create(organisation=member, domain="hotmail.fr", verified_on=at.date())

    registration = actions.register(event=visit(scheme), order=factories.order(email="an@hotmail.fr"), at=at)

    assert prices(registration) == [PRICE]

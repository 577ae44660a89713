"""The pages people see: one visit told in two languages, the form, and the page behind the mailed link."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from icalendar import Calendar

from events import actions, letters
from events.letter_catalogue import CATALOGUE
from events.models import Letter, Registration
from tests import factories

pytestmark = pytest.mark.django_db
Status = Registration.Status


@pytest.fixture
def now():
    return timezone.now()


def typed(**changes):
    """What a browser sends for one person."""
    fields = {
        "colleagues-TOTAL_FORMS": "0",
        "colleagues-INITIAL_FORMS": "0",
        "first_name": "An",
        "last_name": "Peeters",
        "email": "an@example.org",
        "attends": "on",
        "organisation_name": "Gemeente Proef",
        "organisation_country": "BE",
        "accept_terms": "on",
    }
    return fields | {name.replace("__", "-"): value for name, value in changes.items()}


def soon(now, **facts):
    return factories.event(starts_at=now + timedelta(days=30), **facts)


def register_url(page):
    return f"/{page.locale.language_code}/register/{page.pk}/"


def hidden(html):
    """The fields the review page sends on."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def test_a_group_that_has_to_wait_is_asked_on_the_overview_whether_fewer_places_are_welcome(client, now):
    page = factories.event_page(soon(now, capacity=3, waiting_list=True))
    actions.register(event=page.event, order=factories.order(seats=1), at=now)
    colleague = {"first_name": "Bo", "last_name": "Maes", "email": "bo@example.org"}
    rows = {f"colleagues-{row}-{name}": f"{row}{value}" for row in range(2) for name, value in colleague.items()}
    answers = typed(email="cis@example.org") | rows | {"colleagues-TOTAL_FORMS": "2"}

    overview = client.post(register_url(page), answers | {"step": "review"}).content.decode()
    assert 'name="accepts_part"' in overview and "accepts_part" not in hidden(overview)
    client.post(register_url(page), hidden(overview) | {"step": "order", "accepts_part": "on"})

    # The two that are free are offered at once.
    group = Registration.objects.get(email="cis@example.org")
    assert (group.status, group.accepts_part, group.attendees.filter(offer__isnull=False).count()) == (
        Status.OFFERED,
        True,
        2,
    )


def test_both_languages_always_show_the_same_seats(client, now):
    page = factories.event_page(soon(now, capacity=7))
    twin = page.get_translations().get()
    actions.register(event=page.event, order=factories.order(seats=3), at=now)

    assert "Nog 4 van de 7" in client.get(page.get_url()).content.decode()
    assert "4 of 7 left" in client.get(twin.get_url()).content.decode()


def test_the_free_form_goes_over_the_review_to_a_confirmed_registration(
    client, now, django_capture_on_commit_callbacks
):
    page = factories.event_page(soon(now))

    review = client.post(register_url(page), typed())
    text = review.content.decode()
    assert (review.status_code, Registration.objects.count()) == (200, 0)
    assert re.search(r'value="order">\s*Gratis inschrijven\s*</button>', text)

    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(register_url(page), hidden(text) | {"step": "order"})

    registration = Registration.objects.get()
    assert (done.status_code, registration.status) == (303, Status.CONFIRMED)
    assert done["Location"] == f"/nl/r/{registration.manage_token}/?from=registered"
    assert [(message.to, len(message.attachments)) for message in mail.outbox] == [(["an@example.org"], 1)]


def test_sending_the_order_twice_is_one_registration(client, now):
    page = factories.event_page(soon(now))
    data = hidden(client.post(register_url(page), typed()).content.decode()) | {"step": "order"}

    first, second = client.post(register_url(page), data), client.post(register_url(page), data)

    assert first["Location"] == second["Location"]
    assert Registration.objects.count() == 1


def test_an_order_that_never_saw_its_price_is_shown_it_first(client, now):
    page = factories.event_page(soon(now))

    answer = client.post(register_url(page), typed(step="order"))

    assert (answer.status_code, Registration.objects.count()) == (200, 0)


def test_errors_are_summed_up_in_the_readers_language_and_nothing_typed_is_lost(client, now):
    page = factories.event_page(soon(now))

    answer = client.post(
        register_url(page),
        typed(email="geen adres", accept_terms="", organisation_name="Stad “Élan” & Co", colleagues__TOTAL_FORMS="1")
        | {"colleagues-0-first_name": "Bo", "colleagues-0-last_name": "", "colleagues-0-email": "bo@example.org"},
    )

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Fout: " in text
    assert 'id="error-summary"' in text and "Er is een probleem" in text
    for anchor in ("#id_email", "#id_accept_terms", "#id_colleagues-0-last_name"):
        assert f'<a href="{anchor}">' in text
    for value in ("geen adres", "Stad “Élan” &amp; Co", "Bo", "bo@example.org"):
        assert f'value="{value}"' in text
    assert re.search(r'aria-invalid="true"[^>]*id="id_email"|id="id_email"[^>]*aria-invalid="true"', text)


def test_a_colleague_is_added_without_javascript_and_without_complaints(client, now):
    page = factories.event_page(soon(now))

    answer = client.post(register_url(page), typed(step="more", email="nog niet klaar"))

    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="colleagues-0-first_name"' in text and "autofocus" in text
    assert 'id="error-summary"' not in text
    assert 'value="nog niet klaar"' in text


@pytest.mark.parametrize("rows", [10, 11, 40])
def test_more_than_ten_people_are_refused_with_their_names_kept(client, now, rows):
    page = factories.event_page(soon(now, capacity=60))
    data = typed(colleagues__TOTAL_FORMS=str(rows))
    for row in range(rows):
        data |= {
            f"colleagues-{row}-first_name": f"Naam{row}",
            f"colleagues-{row}-last_name": "X",
            f"colleagues-{row}-email": f"x{row}@example.org",
        }

    answer = client.post(register_url(page), data)

    assert (answer.status_code, Registration.objects.count()) == (422, 0)
    assert "hoogstens 10" in answer.content.decode()
    assert 'value="Naam9"' in answer.content.decode()


def test_the_same_address_twice_in_one_form_is_refused(client, now):
    page = factories.event_page(soon(now))

    answer = client.post(
        register_url(page),
        typed(colleagues__TOTAL_FORMS="1")
        | {"colleagues-0-first_name": "Bo", "colleagues-0-last_name": "X", "colleagues-0-email": "AN@example.org"},
    )

    assert answer.status_code == 422
    assert '<a href="#id_colleagues-0-email">' in answer.content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"first_name": "A\x00n"},
        {"first_name": "A" * 1_000_000},
        {"colleagues__TOTAL_FORMS": "x"},
        {"colleagues__TOTAL_FORMS": "-1"},
        {"colleagues__TOTAL_FORMS": "999999999999"},
        {"organisation_country": "\x00"},
        {"organisation_code": "\x00"},
        {"key": "\x00"},
    ],
)
def test_nothing_typed_makes_the_form_fall_over(client, now, changes):
    page = factories.event_page(soon(now, scheme=factories.scheme()))

    for step in ("review", "more", "change", "order", "nonsense"):
        assert client.post(register_url(page), typed(step=step, **changes)).status_code < 500
    assert Registration.objects.count() == 0


def test_an_unknown_code_is_said_at_the_code(client, now):
    page = factories.event_page(soon(now, scheme=factories.scheme()))

    answer = client.post(register_url(page), typed(organisation_code="ONBEKEND"))

    assert answer.status_code == 422
    assert '<a href="#id_organisation_code">' in answer.content.decode()


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"status": "cancelled"}, "Dit bezoek is geannuleerd."),
        ({"registration_closes_at": "past"}, "De inschrijvingen voor dit bezoek zijn afgesloten."),
        ({"capacity": 1}, "Dit bezoek is volzet."),
    ],
)
def test_a_visit_that_takes_nobody_says_so_and_shows_no_form(client, now, facts, said):
    event = soon(now, **{k: now - timedelta(days=1) if v == "past" else v for k, v in facts.items()})
    if "capacity" in facts:
        actions.register(event=event, order=factories.order(), at=now)
    page = factories.event_page(event)

    text = client.get(page.get_url()).content.decode()
    assert said in text and '<form class="stacked"' not in text
    posted = client.post(register_url(page), typed())
    assert (posted.status_code, said in posted.content.decode()) == (422, True)


def test_a_full_visit_with_a_waiting_list_puts_people_in_line(client, now):
    page = factories.event_page(soon(now, capacity=1, waiting_list=True))
    actions.register(event=page.event, order=factories.order(), at=now)

    review = client.post(register_url(page), typed()).content.decode()
    done = client.post(register_url(page), hidden(review) | {"step": "order"})

    registration = Registration.objects.get(email="an@example.org")
    assert registration.status == Status.WAITING
    assert "wachtlijst" in client.get(done["Location"]).content.decode()


def test_a_mail_scanner_that_opens_every_link_changes_nothing(client, now):
    scheme = factories.scheme()
    factories.member(scheme, domain="proef.example")
    page = factories.event_page(soon(now, scheme=scheme))
    registration = actions.register(event=page.event, order=factories.order(email="an@proef.example"), at=now)
    body = letters.message(Letter.objects.get(), at=now).body

    for link in re.findall(r"http://testserver(\S+)", body):
        assert client.get(link).status_code == 200
    client.get(f"/nl/r/{registration.manage_token}/cancel/")

    registration.refresh_from_db()
    assert registration.status == Status.UNCONFIRMED_EMAIL


def test_the_manage_link_alone_does_not_prove_a_mailbox(client, now):
    scheme = factories.scheme()
    factories.member(scheme, domain="proef.example")
    page = factories.event_page(soon(now, scheme=scheme))
    registration = actions.register(event=page.event, order=factories.order(email="an@proef.example"), at=now)

    assert client.post(f"/nl/confirm/{registration.manage_token}/").status_code == 404
    assert client.post(f"/nl/confirm/{registration.mailbox_token}/").status_code == 303
    registration.refresh_from_db()
    assert registration.status == Status.CONFIRMED


@pytest.mark.parametrize("token", ["BPT-AAAAAAAA.x", "x", "BPT-22222222", "%F0%9F%98%80", "a" * 500])
def test_a_tampered_link_gets_a_page_that_says_so(client, now, token):
    factories.ground()
    for path in ("", "cancel/", "calendar.ics"):
        answer = client.get(f"/nl/r/{token}/{path}")
        assert (answer.status_code, "Deze link werkt niet" in answer.content.decode()) == (404, True)


def test_the_manage_page_is_private_and_never_cached(client, now):
    page = factories.event_page(soon(now))
    registration = actions.register(event=page.event, order=factories.order(), at=now)

    answer = client.get(f"/nl/r/{registration.manage_token}/")

    assert answer["X-Robots-Tag"] == "noindex" and "no-store" in answer["Cache-Control"]


def test_one_of_two_is_cancelled_on_the_site_in_two_steps(client, now):
    page = factories.event_page(soon(now))
    registration = actions.register(event=page.event, order=factories.order(seats=2), at=now)
    first, _second = registration.attendees.all()
    url = f"/nl/r/{registration.manage_token}/cancel/"

    question = client.get(url, {"attendees": first.pk}).context["leaving"]
    assert question == [first]
    assert client.post(url, {"attendees": first.pk}).status_code == 303
    assert client.post(url, {"attendees": first.pk}).status_code == 303  # a second click

    assert [a.status for a in registration.attendees.all()] == [Status.CANCELLED, Status.CONFIRMED]


def test_the_letter_carries_a_calendar_file_another_program_can_read(now):
    page = factories.event_page(
        soon(now, name="Bezoek"), title="Werkkledij; met, komma's — en een heel lange titel " * 2
    )
    registration = actions.register(event=page.event, order=factories.order(), at=now)

    message = letters.message(Letter.objects.get(), at=now)

    name, content, kind = message.attachments[0]
    raw = content if isinstance(content, bytes) else content.encode()
    calendar = Calendar.from_ical(raw)
    entry = calendar.walk("VEVENT")[0]
    assert (name, kind, calendar["METHOD"]) == ("best-practice-tour.ics", "text/calendar; method=PUBLISH", "PUBLISH")
    assert entry["UID"] == f"seat-{registration.attendees.get().calendar_uid}@testserver"
    assert (entry.decoded("DTSTART"), entry.decoded("DTEND")) == (
        page.event.starts_at.replace(microsecond=0),
        page.event.ends_at.replace(microsecond=0),
    )
    assert str(entry["SUMMARY"]) == page.title
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert registration.reference in str(entry["DESCRIPTION"])


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", sorted(CATALOGUE))
def test_every_letter_reads_in_both_languages_as_text_and_html(now, kind, language):
    page = factories.event_page(soon(now), title="Bezoek aan O'Neill & Zn")
    registration = actions.register(event=page.event, order=factories.order(language=language), at=now)
    registration.hold_expires_at = now + timedelta(hours=1)
    registration.save()
    letter = Letter(
        registration=registration,
        kind=kind,
        recipient="an@example.org",
        facts={"names": ["An <b> Peeters"], "amount": "12.10", "kept": "2.00", "subject": "Hallo", "text": "Dag <b>"},
    )

    message = letters.message(letter, at=now)

    html = message.alternatives[0][0]
    assert registration.reference in message.body and registration.reference in html
    assert "&amp;" not in message.body and "&#x27;" not in message.body and "{" not in message.body
    assert "An <b> Peeters" not in html
    assert f'lang="{language}"' in html
    assert message.subject and "\n" not in message.subject


def test_a_dead_mail_server_loses_no_letter(now, settings, monkeypatch):
    registration = actions.register(event=soon(now), order=factories.order(), at=now)
    letter = Letter.objects.get()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    assert letters.send(letter.pk, at=now) is False
    letter.refresh_from_db()
    assert (letter.attempts, letter.sent_at, letter.next_attempt_at) == (1, None, now + timedelta(minutes=1))
    assert "ConnectionRefusedError" in letter.last_error

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert [letters.send_due(at=now), letters.send_due(at=now + timedelta(minutes=1))] == [0, 1]
    assert letters.send_due(at=now + timedelta(days=9)) == 0
    assert [message.to for message in mail.outbox] == [[registration.email]]


@pytest.mark.parametrize("count", [1, 20])
def test_the_programme_takes_a_constant_number_of_queries(client, now, count, django_assert_num_queries):
    scheme = factories.scheme()
    for _event in range(count):
        factories.event_page(soon(now, scheme=scheme), both=False)
    client.get("/nl/programma/")

    with django_assert_num_queries(25):
        text = client.get("/nl/programma/").content.decode()

    assert text.count('<li class="stop ') == count

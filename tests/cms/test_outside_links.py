"""Where pages lead: which links are found and where, and who is asked when. Nobody is asked here."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import Page

from cms import duties, tasks
from cms.actions.links import claim_due, read_links
from cms.conf import configured
from cms.links.found import Link, address_of, links_in
from cms.links.knocking import Answer, Sort
from cms.models import HomePage, OutsideAddress, OutsideLink, PageReading
from cms.models.links import pages_to_read
from tests import factories
from tests.cms.outside_addresses import address
from tests.cms.translated import standard_page
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def nobody_is_asked(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("A test asked the network.")

    monkeypatch.setattr(tasks, "knock", refuse)


def linking(*urls, title="Over", slug="over"):
    """A live page with a paragraph for each of these links."""
    paragraphs = "".join(f'<p><a href="{url}">hier</a></p>' for url in urls)
    return standard_page(title=title, slug=slug, text=paragraphs)


def urls_of(page):
    return [link.address.url for link in OutsideLink.objects.filter(page=page).select_related("address")]


# ------------------------------------------------------------------------------------------------------------ addresses


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("https://example.org", "https://example.org/"),
        (" HTTPS://Example.ORG/Pad?a=1#deel ", "https://example.org/Pad?a=1"),
        ("http://example.org:80/x", "http://example.org/x"),
        ("https://münchen.example/straße?q=é", "https://xn--mnchen-3ya.example/stra%C3%9Fe?q=%C3%A9"),
        ("https://example.org/a%20b", "https://example.org/a%20b"),
        ("http://[2606:2800:220:1::1]/", "http://[2606:2800:220:1::1]/"),
    ],
)
def test_an_address_is_followed_in_one_way_of_writing(href, url):
    assert address_of(href) == url


@pytest.mark.parametrize(
    "href",
    [
        "",
        "/nl/over/",
        "#deel",
        "mailto:tour@example.org",
        "tel:+3290000000",
        "ftp://example.org/",
        "javascript:alert(1)",
        "https://",
        "https:///pad",
        "https://an:geheim@example.org/",
        "https://example.org:8443/",
        "https://example.org:geen/",
        "https://[::1",
        "https://" + "a" * 64 + ".org/",
        "https://example.org/" + "a" * 1000,
    ],
)
def test_what_is_no_public_web_page_is_not_followed(href):
    assert address_of(href) == ""


# ---------------------------------------------------------------------------------------------------------------- found


def test_a_link_is_told_with_its_place_in_the_order_of_the_page():
    page = linking("https://example.org/een", "https://example.org/twee")
    page.body = [
        *((block.block_type, block.value) for block in page.body),
        ("text", '<a href="http://x.example">x</a>'),
    ]

    with override("en"):
        assert links_in(page) == [
            Link("https://example.org/een", "Text, Text 1"),
            Link("https://example.org/twee", "Text, Text 1"),
            Link("http://x.example/", "Text, Text 2"),
        ]


def test_links_to_the_site_itself_to_pages_and_to_documents_do_not_lead_outside(settings):
    settings.WAGTAILADMIN_BASE_URL = "https://tour.example.org"
    page = linking("http://testserver/nl/", "https://tour.example.org/nl/", "https://tour.example.org.example/")
    page.body = [
        *((block.block_type, block.value) for block in page.body),
        ("text", f'<p><a linktype="page" id="{page.pk}">over</a> <a linktype="document" id="1">pdf</a></p>'),
    ]

    assert [link.url for link in links_in(page)] == ["https://tour.example.org.example/"]


def test_rich_text_of_the_home_page_is_looked_at_too():
    home = factories.ground()
    home.about = '<p>Zie <a href="https://example.org/over">daar</a>.</p>'

    with override("en"):
        assert links_in(home) == [Link("https://example.org/over", "What the Tour is")]


# ----------------------------------------------------------------------------------------------------------------- read


def test_publishing_notes_where_a_page_leads_at_the_next_round(at):
    page = linking("https://example.org/een", "https://example.org/een", "https://example.org/twee")
    others = pages_to_read().count() - 1
    at = page.last_published_at

    assert duties.read_links(at=at) == f"links of {others + 1} page(s) read"

    assert urls_of(page) == ["https://example.org/een", "https://example.org/twee"]
    assert duties.read_links(at=at) is None


def test_a_page_published_again_is_read_again_and_forgets_what_it_no_longer_says(at):
    page, other = linking("https://example.org/een"), linking("https://example.org/een", title="Ook", slug="ook")
    duties.read_links(at=page.last_published_at + timedelta(minutes=1))
    page = type(page).objects.get(pk=page.pk)
    page.body = [("text", '<a href="https://example.org/twee">x</a>')]
    page.save_revision().publish()
    page = type(page).objects.get(pk=page.pk)
    # The clock of the duties, which is behind when a page is published in the middle of a round.
    PageReading.objects.update(read_at=page.last_published_at - timedelta(seconds=1))

    duties.read_links(at=page.last_published_at)

    assert urls_of(page) == ["https://example.org/twee"]
    assert urls_of(other) == ["https://example.org/een"]


def test_a_draft_and_an_alias_lead_nowhere(at):
    page = linking("https://example.org/een")
    alias = page.create_alias(update_slug="alias")
    page.unpublish()

    duties.read_links(at=at)

    assert not PageReading.objects.filter(page__in=[page.pk, alias.pk]).exists()


def test_a_page_that_cannot_be_read_keeps_none_of_the_others(at, monkeypatch, caplog):
    broken, whole = linking("https://example.org/een"), linking("https://example.org/twee", title="Ook", slug="ook")
    real = duties.links.read_links

    def fails(*, page, at):
        if page.pk == broken.pk:
            raise ZeroDivisionError
        real(page=page, at=at)

    monkeypatch.setattr(duties.links, "read_links", fails)

    duties.read_links(at=at)

    assert (urls_of(broken), urls_of(whole)) == ([], ["https://example.org/twee"])


def test_a_link_is_known_once_a_page_and_goes_with_it(at):
    page = linking("https://example.org/weg")
    read_links(page=page, at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        OutsideLink.objects.create(page=page, address=OutsideAddress.objects.get())

    page.delete()

    assert not OutsideLink.objects.exists()


def test_a_dead_address_says_since_when_and_one_that_works_does_not(at):
    for wrong in (
        {"verdict": "dead"},
        {"verdict": "dead", "tried_at": at},
        {"verdict": "works", "tried_at": at, "failing_since": at},
        {"verdict": "gone"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            address(**wrong)


# ---------------------------------------------------------------------------------------------------------- asked when


def test_an_address_is_asked_once_a_week_however_many_pages_lead_there(at):
    pages = [linking("https://example.org/een", title=f"P{n}", slug=f"p{n}") for n in range(3)]
    for page in pages:
        read_links(page=page, at=at)

    asked = [claim_due(at=at + timedelta(days=day), most=5) for day in range(15)]

    one = OutsideAddress.objects.get().pk
    assert asked == [[one], *[[]] * 6, [one], *[[]] * 6, [one]]


def test_a_round_asks_no_more_than_a_few_and_one_of_a_host(at):
    page = linking(*(f"https://{host}.example/{n}" for n in range(3) for host in "abcd"))
    read_links(page=page, at=at)

    rounds = [claim_due(at=at + timedelta(minutes=minute), most=3) for minute in range(7)]

    names = dict(OutsideAddress.objects.values_list("pk", "url"))
    hosts = [[names[pk].split("/")[2] for pk in claimed] for claimed in rounds]
    assert [len(set(claimed)) for claimed in hosts] == [3, 3, 3, 1, 1, 1, 0]
    assert sorted(pk for claimed in rounds for pk in claimed) == sorted(names)


def test_what_was_never_asked_goes_first(at):
    page = linking("https://a.example/", "https://b.example/")
    read_links(page=page, at=at)
    OutsideAddress.objects.filter(url="https://a.example/").update(tried_at=at - WEEK * 2)

    assert claim_due(at=at, most=1) == [OutsideAddress.objects.get(url="https://b.example/").pk]


def test_nobody_asks_for_a_page_that_is_not_live_any_more(at):
    page = linking("https://example.org/een")
    read_links(page=page, at=at)
    page.unpublish()

    assert claim_due(at=at, most=5) == []


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_once_ask_each_address_once(at):
    page = linking(*(f"https://{host}.example/" for host in "abcdef"))
    read_links(page=page, at=at)

    claimed = at_once([lambda: claim_due(at=at, most=6)] * 4)

    assert sorted(pk for some in claimed for pk in some) == sorted(OutsideAddress.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_page_read_twice_at_once_has_each_link_once(at):
    page = linking("https://a.example/", "https://b.example/")

    assert at_once([lambda: read_links(page=page, at=at)] * 4) == [None] * 4

    assert urls_of(page) == ["https://a.example/", "https://b.example/"]


def test_the_duty_asks_nobody_where_it_is_off_as_in_the_tests_and_the_demonstration(at, settings):
    page = linking("https://example.org/een")
    read_links(page=page, at=at)

    assert configured.FOLLOW_LINKS is False
    assert duties.try_addresses(at=at) is None
    call_command("run_duties")
    tasks.try_address.call(OutsideAddress.objects.get().pk)  # one that was left in the queue

    assert OutsideAddress.objects.get().tried_at is None


def test_the_worker_asks_what_the_duty_claimed_and_keeps_the_answer(at, settings, monkeypatch, at_once):
    settings.BEST_PRACTICE_TOUR = {"FOLLOW_LINKS": True}
    page = linking("https://example.org/een", "https://example.org/twee", "https://other.example/")
    read_links(page=page, at=at)
    asked = []
    monkeypatch.setattr(tasks, "knock", lambda url: asked.append(url) or Answer(Sort.GONE, 404))

    with at_once():
        assert duties.try_addresses(at=at) == "2 address(es) to try"

    assert asked == ["https://example.org/een", "https://other.example/"]
    assert list(OutsideAddress.objects.order_by("pk").values_list("verdict", flat=True)) == ["dead", "untried", "dead"]


def test_an_address_no_page_leads_to_is_forgotten_once_its_week_is_over(at, settings):
    settings.BEST_PRACTICE_TOUR = {"FOLLOW_LINKS": True}
    address("https://a.example/", tried_at=at - WEEK)
    address("https://b.example/", tried_at=at - timedelta(days=6))
    address("https://c.example/")

    duties.try_addresses(at=at)

    assert list(OutsideAddress.objects.values_list("url", flat=True)) == ["https://b.example/"]


def test_publishing_asks_nobody_and_cannot_fail_for_a_link(settings, at_once):
    settings.BEST_PRACTICE_TOUR = {"FOLLOW_LINKS": True}

    with at_once():
        page = linking("https://nowhere.invalid/", "http://10.0.0.8/")

    assert Page.objects.get(pk=page.pk).live


@pytest.mark.parametrize("count", [1, 3])
def test_a_round_with_nothing_to_read_is_one_question(at, count):
    for number in range(count):
        linking("https://example.org/een", title=f"P{number}", slug=f"p{number}")
    duties.read_links(at=timezone.now())

    with CaptureQueriesContext(connection) as queries:
        assert duties.read_links(at=at) is None

    assert len(queries) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_a_pages_links_are_found_with_one_question(count):
    linking(*(f"https://{number}.example/" for number in range(count)))
    home = HomePage.objects.get(locale__language_code="nl")

    with CaptureQueriesContext(connection) as queries:
        links_in(home)

    assert len(queries) == 1

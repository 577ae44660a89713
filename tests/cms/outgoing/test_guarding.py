"""Where a webhook may go: the public internet over https, and nowhere it is led."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from cms.links.knocking import Edge
from cms.outgoing import posting
from cms.outgoing.posting import MOST_READ, Reply, check_address, post
from tests.cms.outside_server import HERE, named, watched


def ended(url, where=None):
    reply = post(url, b"{}", {}, where)
    return reply.status, reply.problem


@pytest.fixture
def strict(settings):
    """As in production."""
    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {"WEBHOOKS_TO_THIS_MACHINE": False}


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://localhost/",
        "https://10.0.0.8/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::ffff:127.0.0.1]/",
        "https://100.64.0.9/",
        "https://2130706433/",
        "https://0x7f.1/",
        "http://93.184.216.34/",
        "https://93.184.216.34:5432/",
        "https://who:secret@93.184.216.34/",
        "ftp://93.184.216.34/",
    ],
)
def test_no_connection_is_opened_to_any_of_these(url, strict, monkeypatch):
    dialled = watched(monkeypatch)

    assert ended(url) in [(None, "not_allowed"), (None, "nameless"), (None, "unreachable")]
    assert dialled == []


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.8", "::1", "169.254.169.254"])
def test_nor_to_a_name_that_leads_there_too(address, strict, monkeypatch):
    dialled = watched(monkeypatch)
    resolve, asked = named(["93.184.216.34", address])

    where = Edge(ports=posting.PORTS, resolve=resolve)
    assert ended("https://rebound.example.org/", where) == (None, "not_allowed")
    assert (asked, dialled) == (["rebound.example.org"], [])


def test_the_connection_goes_to_the_address_that_was_looked_at(receiver, monkeypatch):
    dialled = watched(monkeypatch)
    resolve, asked = named(["127.0.0.1"], ["10.0.0.8"])
    where = Edge(may_reach=lambda address: address == HERE, ports=(receiver.server_port,), resolve=resolve)

    assert ended(f"http://rebound.example.org:{receiver.server_port}/", where) == (204, "")
    assert (asked, dialled) == (["rebound.example.org"], [("127.0.0.1", receiver.server_port)])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status, receiver):
    receiver.status, receiver.headers = status, {"Location": f"{receiver.url}/elsewhere"}

    assert (ended(receiver.url), len(receiver.heard)) == ((status, "redirect"), 1)


def test_a_receiver_that_says_nothing_is_left_when_the_time_is_up(receiver):
    receiver.go_on.clear()
    where = Edge(may_reach=lambda address: address == HERE, ports=posting.AnyPort(), patience=0.3)

    reply = post(receiver.url, b"{}", {}, where)
    receiver.go_on.set()
    assert (reply.status, reply.problem) == (None, "silent")
    assert 300 <= reply.milliseconds < 3000


def test_of_an_endless_answer_no_more_is_read_than_stated(endless):
    assert ended(f"http://127.0.0.1:{endless.server_port}/") == (200, "")
    assert endless.sent < MOST_READ + 4_000_000  # what the network itself takes in before it says stop


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://example.org/", "Give an address that begins with https://."),
        ("javascript:alert(1)", "Give an address that begins with https://."),
        ("https://", "This is not an address on the web."),
        ("https://exa mple.org/", "This is not an address on the web."),
        ("https://example.org:99999/", "This is not an address on the web."),
        ("https://example.org/\x00", "This is not an address on the web."),
        ("https://a:b@example.org/", "Leave out the name, the password and what stands after #."),
        ("https://example.org/#x", "Leave out the name, the password and what stands after #."),
        ("https://example.org:8080/", "Port 8080 cannot be used: 443 and 8443 can."),
        ("https://10.0.0.8/", "This address is not on the public internet."),
        ("https://[::1]/", "This address is not on the public internet."),
        ("https://localhost/", "This address is not on the public internet."),
        ("https://crm.LOCALHOST./", "This address is not on the public internet."),
        ("https://intranet/", "This address is not on the public internet."),
        ("https://127.1/", "This address is not on the public internet."),
        ("https://0x7f.1/", "This address is not on the public internet."),
        ("https://2130706433/", "This address is not on the public internet."),
    ],
)
def test_an_address_that_cannot_be_is_refused_as_it_is_typed(url, said, strict):
    with override("en"), pytest.raises(ValidationError) as refused:
        check_address(url)
    assert refused.value.messages == [said]


@pytest.mark.parametrize("url", ["https://example.org/", "https://example.org:8443/a?b=c", "https://voorbeeld.België/"])
def test_an_address_that_can_be_is_taken(url, strict):
    check_address(url)


def test_what_the_other_side_says_is_kept_nowhere():
    assert list(Reply.__dataclass_fields__) == ["status", "problem", "milliseconds", "wait"]

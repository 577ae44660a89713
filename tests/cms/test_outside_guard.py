"""Where nobody leads us: the addresses that are not of the public internet, and the ways in which one is led there.

To reach a real server on this machine at all, the rule on public addresses is loosened for its own.
"""

import ipaddress

import pytest

from cms.links.knocking import Answer, Edge, Sort, is_public, knock
from tests.cms.outside_server import HERE, named, watched

NOT_PUBLIC = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.8.8.8",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "224.0.1.88",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:93.184.216.34",
    "2001:db8::1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "fc00::1",
    "fd12::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_of_the_public_internet_is_none(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_an_address_of_the_public_internet_is_one(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://10.0.0.8/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]/",
        "http://100.64.0.9/",
        "https://192.168.1.1/",
        "http://localhost/",
        "http://0/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://127.1/",
        "http://[fe80::1%25lo]/",
        "http://[fe80::1%lo]/",
    ],
)
def test_the_real_edge_opens_no_connection_to_any_of_these(url, monkeypatch):
    dialled = watched(monkeypatch)

    assert knock(url).sort in (Sort.UNSURE, Sort.NAMELESS)
    assert dialled == []


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.8", "::1", "169.254.169.254", "::ffff:127.0.0.1", "100.64.0.9"]
)
def test_nor_to_a_name_that_has_one_of_these_addresses_beside_a_public_one(address, monkeypatch):
    dialled = watched(monkeypatch)
    resolve, asked = named(["93.184.216.34", address])

    assert knock("http://rebound.example.org/", Edge(resolve=resolve)) == Answer(Sort.UNSURE)
    assert (asked, dialled) == (["rebound.example.org"], [])


def test_the_connection_goes_to_the_address_that_was_looked_at_and_the_name_is_not_asked_again(server, monkeypatch):
    """A name that changes its mind between the look and the connection leads nowhere else."""
    dialled = watched(monkeypatch)
    looked_at = []
    resolve, asked = named(["127.0.0.1"], ["10.0.0.8"])
    edge = Edge(
        may_reach=lambda address: looked_at.append(address) or address == HERE,
        ports=(server.server_port,),
        resolve=resolve,
    )

    assert knock(f"http://rebound.example.org:{server.server_port}/", edge) == Answer(Sort.FINE, 200)
    assert looked_at == [HERE]
    assert asked == ["rebound.example.org"]
    assert dialled == [("127.0.0.1", server.server_port)]
    assert server.headers[0]["Host"] == f"rebound.example.org:{server.server_port}"


@pytest.mark.parametrize("port", [21, 22, 25, 5432, 6379, 8000, 8080, 8443])
def test_only_the_webs_own_ports_are_knocked_at(port, monkeypatch):
    dialled = watched(monkeypatch)
    resolve, asked = named(["93.184.216.34"])

    assert knock(f"http://example.org:{port}/", Edge(resolve=resolve)) == Answer(Sort.UNSURE)
    assert (asked, dialled) == ([], [])

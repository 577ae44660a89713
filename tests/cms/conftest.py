"""Shared by the tests of the house."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from cms.links.knocking import Edge, is_public
from tests import factories
from tests.cms.outside_server import HERE, Server
from tests.cms.translated import english_speaking


@pytest.fixture
def in_english_words() -> Iterator[None]:
    """What is said is asserted in English."""
    with override("en"):
        yield


@pytest.fixture
def editor() -> Any:
    """An administrator who reads English."""
    return english_speaking(factories.user("admin"))


@pytest.fixture
def desk(client: Client, editor: Any) -> Client:
    """Where the editor is logged in."""
    client.force_login(editor)
    return client


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def edge(server: Server) -> Edge:
    """The real edge, except that this one server may be reached."""
    return Edge(may_reach=lambda address: address == HERE or is_public(address), ports=(80, 443, server.server_port))

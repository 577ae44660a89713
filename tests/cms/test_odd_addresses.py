"""An address no database can store is answered by a page of the site, in the reader's language, with a way on."""

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    ["/en/cases/?q=%00", "/en/cases/?cpv=%00", "/en/cases/?goal=%00", "/en/search/?q=%00", "/en/%00/", "/en/?page=%00"],
)
def test_a_reader_is_told_on_a_page_of_the_site(client, address):
    factories.ground()

    answer = client.get(address)

    said = answer.content.decode()
    assert (answer.status_code, answer["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert "This address cannot be read" in said
    assert ('<html lang="en">' in said, 'href="/en/search/"' in said, 'content="noindex"' in said) == (True, True, True)
    assert answer.has_header("Content-Security-Policy")


def test_the_same_in_dutch(client):
    factories.ground()

    answer = client.get("/nl/zoeken/?q=%00")

    assert (answer.status_code, '<html lang="nl">' in answer.content.decode()) == (400, True)


@pytest.mark.parametrize("address", ["/static/%00", "/media/?a=%00", "/documents/%00/", "/admin/?q=%00"])
def test_a_machine_has_one_line(client, address):
    answer = client.get(address)

    assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")

"""What the site says of itself to search engines, read by libraries that are not ours."""

import pytest

from tests import factories
from tests.linked import things

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "search"), [("nl", "/nl/zoeken/"), ("en", "/en/search/")])
def test_the_home_page_says_who_runs_the_site_and_how_it_is_searched(client, language, search):
    factories.ground()
    text = client.get(f"/{language}/").content.decode()

    (site,) = things(text, "WebSite")
    assert site["potentialAction"]["target"]["urlTemplate"] == f"http://testserver{search}?q={{search_term_string}}"
    assert client.get(search, {"q": "hout"}).status_code == 200
    assert things(text, "Organization")[0]["name"] == "Best Practice Tour"
    assert (things(text, "BreadcrumbList"), 'class="crumb"' in text) == ([], False)
    assert [page["inLanguage"] for page in things(text, "WebPage")] == [language]

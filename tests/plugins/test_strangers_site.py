"""A stranger's Wagtail site takes our plugins out of their wheels, as docs/plugins.md says, and stays itself."""

import pytest

from tests.plugins.stranger import Stranger

pytestmark = pytest.mark.xdist_group("stranger")

GROUPS = {"Editors": 200, "Finance": 200, "Organisers": 200, "Reviewers": 200}
#: What each chapter adds to what the site answered before it.
CMS = {
    "without English": 1,
    "from": True,
    "not of ours": [],
    "language names": ["Nederlands", "Engels"],
    "llms": ["# Mijn site", True, []],
    "addresses": ["localhost"],
    "check": "System check identified no issues (0 silenced).\n",
    "migrations": "No changes detected\n",
    "static": True,
    "translated": "Naar de inhoud",
    "their home": ["home.HomePage", "nl"],
    "root leads to": "/nl/",
    "home": ["/nl/", 200, True],
    "their search": ["search/search.html"],
    "not found": 404,
    "admin opens for": GROUPS,
    "offered below home": ["cms.ResultsPage", "cms.StandardPage"],
    "pages": {"over": 200, "project": 200},
    "made from ours": {"project": True},
    "overridden": True,
    "api": {"openapi.json": 200, "cases/?locale=nl": 404, "events/?locale=nl": 404, "nowhere/": 404},
    "panel": 200,
}
CASES = CMS | {
    "offered below home": ["cases.CaseIndexPage", "cms.ResultsPage", "cms.StandardPage"],
    "pages": CMS["pages"] | {"cases": 200, "gevel": 200},
    "made from ours": CMS["made from ours"] | {"gevel": True},
    "api": CMS["api"] | {"cases/?locale=nl": 200},
    "cases told": ["Gevel"],
}
EVENTS = CASES | {
    "offered below home": [*CASES["offered below home"], "events.EventIndexPage"],
    "pages": CASES["pages"] | {"programma": 200, "wandeling": 200},
    "made from ours": CASES["made from ours"] | {"wandeling": True},
    "api": CASES["api"] | {"events/?locale=nl": 200},
    "registered": [201, "confirmed", "0.00", 4],
}
PAYMENTS = EVENTS | {"admin opens for": GROUPS | {"Programme managers": 200}}
PARTNER = {"name": "Circulair vzw", "address": "https://example.org/", "page": "http://localhost/nl/partners/"}
PARTNERS = PAYMENTS | {"partners": [{"items": [PARTNER], "total": 1}, True]}


@pytest.mark.parametrize(
    ("chapter", "answers"),
    [("cms", CMS), ("cases", CASES), ("events", EVENTS), ("payments", PAYMENTS), ("partners", PARTNERS)],
)
def test_a_strangers_site_takes_one_chapter_after_another_and_stays_itself(grown, chapter, answers):
    assert grown(chapter) == answers


def test_a_bare_site_is_told_in_words_what_it_lacks(environment, tmp_path):
    site = Stranger(tmp_path, environment, {})
    site.install("cms")
    dev = "from mysite.settings.dev import *\n\nINSTALLED_APPS = "
    site.write("mysite/settings/bare.py", f"{dev}['cms', *INSTALLED_APPS]\n")
    site.write(
        "mysite/settings/wrong.py",
        f"{dev}[*INSTALLED_APPS, 'cms', 'wagtail_localize', 'wagtail_localize.locales', 'wagtail.contrib.settings', "
        "'ninja', 'django.contrib.postgres', 'django.contrib.sitemaps']\nROOT_URLCONF = 'mysite.bare_urls'\n",
    )
    site.write("mysite/bare_urls.py", "urlpatterns = []\n")

    bare = site.manage("check", database="", settings_module="bare", check=False)
    assert "cms needs these in INSTALLED_APPS: wagtail_localize, wagtail_localize.locales" in bare
    wrong = site.manage("check", database="", settings_module="wrong", check=False)
    assert [line for line in wrong.splitlines() if "cms.E" in line and "MIDDLEWARE" not in line] == [
        "?: (cms.E010) Best Practice Tour runs on PostgreSQL only; DATABASES['default'] is sqlite.",
        "?: (cms.E012) cms stands after wagtail in INSTALLED_APPS.",
        "?: (cms.E012) cms stands after wagtail.admin in INSTALLED_APPS.",
        "?: (cms.E014) Wagtail's internationalisation is off.",
        "?: (cms.E015) LANGUAGE_CODE is 'en-us', in which no page is written.",
        "?: (cms.E016) cms.context.house is no context processor of TEMPLATES.",
        "?: (cms.E017) The root URLconf does not name the addresses of the plugins.",
    ]
    assert "(cms.W016) WAGTAILADMIN_BASE_URL is of example.com, which is nobody's." in wrong

"""Feature 24: an editor of a learning platform takes a signed-off case along; no other is given."""

import io
import re
import zipfile
from collections.abc import Callable

import jsonschema
from playwright.sync_api import Page

from cases.learning import schemas
from tests.cases.learning.conftest import scorm_schemas  # noqa: F401  (a fixture)
from tests.cases.learning.test_feeds import RULES
from tests.stories.conftest import Site


def test_feature_24_a_case_goes_to_a_learning_platform_in_four_ways(
    site: Site,
    open_page: Callable[..., Page],
    shoot: Callable[[Page, str], None],
    scorm_schemas: object,  # noqa: F811
) -> None:
    for language, path in (("nl", "/nl/cases/stadskantoor-venlo/"), ("en", "/en/cases/venlo-city-hall/")):
        page = open_page(java_script_enabled=False)
        page.goto(path)
        shoot(page, f"feature-24-case-{language}")
        packages = page.locator("section[aria-labelledby=learning] a")
        assert packages.count() == 2
        contents = []
        for link in packages.all():
            with page.expect_download() as download:
                link.click()
            contents.append(download.value.path().read_bytes())
        assert schemas.faults(contents[0], "imsmanifest.xml", schemas.SCORM, scorm_schemas) == []
        for content in contents:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                assert archive.testzip() is None
                manifest = archive.read("imsmanifest.xml").decode()
            assert "creativecommons.org/licenses/by/4.0/" in manifest and "c2cexpolab.eu" in manifest

        feed = site.call("GET", f"/{language}/cases/lessons/feed.json")[1]
        jsonschema.validate(feed, RULES)
        assert any(item["url"].startswith(f"{site.url}{path}#lesson-") for item in feed["items"])

        discovered = page.locator("link[type='application/json+oembed']").get_attribute("href")
        card = site.call("GET", discovered)[1]
        stranger = open_page()
        stranger.goto(f"{site.stripe_url}/_sandbox/health")  # any other origin
        stranger.set_content(f"<h1>Elsewhere</h1>{card['html']}")
        stranger.frame_locator("iframe").get_by_role("heading", name=card["title"]).wait_for()
        shoot(stranger, f"feature-24-card-{language}")


def test_feature_24_a_case_without_a_quiz_is_not_given_and_the_editor_reads_why(
    site: Site, open_page: Callable[..., Page], shoot: Callable[[Page, str], None]
) -> None:
    page = open_page()
    page.goto("/en/cases/spinning-yarn-backwards/")
    assert page.locator("section[aria-labelledby=learning]").count() == 0

    page.goto("/admin/login/")
    page.fill("input[name=username]", "editor")
    page.fill("input[name=password]", "tour-demo")
    page.click("button[type=submit]")
    cases = site.call("GET", "/api/v1/cases/?locale=nl")[1]["items"]
    case = next(case for case in cases if case["title"] == "Garen terugspinnen")
    page.goto(f"/admin/pages/{case['id']}/edit/")
    told = page.get_by_text(re.compile(r"(drie tot vijf|three to five).* 0\.$"))
    told.wait_for()
    shoot(page, "feature-24-edit")
    assert told.count() == 1

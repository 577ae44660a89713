"""The list of cases as data, beside Wagtail's own API v2 telling the same of the same pages.

v2 is mounted here and nowhere else. It is told to show the fields and rows ours shows; what it has no word for
(translations, references the reader may not see) only ours tells.
"""

from itertools import islice
from typing import Any

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from wagtail.api import APIField
from wagtail.images import get_image_model
from wagtail.images.api.fields import ImageRenditionField
from wagtail.images.tests.utils import get_test_image_file

from cases.models import CaseIndexPage, CasePage
from cases.models.parts import CaseImage
from cms.headless.content import contents
from tests import factories
from tests.bench.cases import _cases, _index
from tests.bench.measuring import per_second, report

CASES = 20
#: What a page of cards with lessons, tags and translations needs; and everything there is, as v2 is asked.
CARDS = "title,intro,municipality,strategies,product_groups,goals,lessons,translations,parent,images(fill-300x200)"
OURS = f"/api/v1/cases/?locale=nl&limit={CASES}&fields={CARDS}"
ALL_OURS = f"/api/v1/cases/?locale=nl&limit={CASES}&fields=*,images(fill-300x200)"
WAGTAILS = f"/bench/api/v2/pages/?type=cases.CasePage&locale=nl&limit={CASES}&fields=*"
AGAINST = "Wagtail API v2, fields=*, the same pages"
TIMES = 30
MOST = 10


def lists_as_data() -> None:
    """Queries and answers a second of both, one process, warm. Raises AssertionError above ten queries for ours."""
    _make()
    _tell_wagtail()
    with override_settings(ROOT_URLCONF="tests.bench.api_urls", WAGTAILAPI_LIMIT_MAX=100):
        client = Client()
        cards, whole, theirs = (_queries(client, path) for path in (OURS, ALL_OURS, WAGTAILS))
        assert cards <= MOST, f"{cards} queries"
        speed, whole_speed, reference = (
            per_second(lambda _time, path=path: _got(client, path), TIMES) for path in (OURS, ALL_OURS, WAGTAILS)
        )
    report(
        "api_list_queries", cards, f"queries, {CASES} cases with lessons, tags, images, translations", AGAINST, theirs
    )
    report("api_list", speed, f"answers/s, {CASES} cases with lessons, tags, images, translations", AGAINST, reference)
    report("api_list_whole_queries", whole, f"queries, {CASES} cases with every field and row", AGAINST, theirs)
    report("api_list_whole", whole_speed, f"answers/s, {CASES} cases with every field and row", AGAINST, reference)


def _make() -> None:
    """Twenty Dutch cases, each with five lessons, a picture with its rendition, and an English twin."""
    index: CaseIndexPage = _index()
    factories.english(index, slug="cases-en")
    for number, case in enumerate(islice(_cases(index), CASES)):
        content = get_test_image_file(filename=f"bench-{number}.png", size=(640, 480))
        picture = get_image_model().objects.create(title=f"Beeld {number}", file=content)
        case.images.add(CaseImage(image=picture, alternative="Een hal", credit="Wij", locale=case.locale))
        index.refresh_from_db()
        index.add_child(instance=case)
        factories.english(case, title=f"{case.title} EN")


def _tell_wagtail() -> None:
    """The fields v2 shows: those ours tells that are columns, and the rows of lessons, figures, parties, pictures."""
    columns = {field.name for field in CasePage._meta.concrete_fields}
    for name in ("lessons", "figures", "images", "parties"):
        child: Any = CasePage._meta.get_field(name).related_model
        told = [field.name for field in child._meta.concrete_fields if field.name not in {"id", "page", "sort_order"}]
        child.api_fields = [APIField(one) for one in told if one not in {"translation_key", "locale"}]
        if name == "images":
            child.api_fields.append(APIField("card", ImageRenditionField("fill-300x200", source="image")))
    own = [name for name in contents()["cases.CasePage"] if name in columns and name not in {"id", "title", "slug"}]
    fields = [*own, "lessons", "figures", "images", "parties"]
    CasePage.api_fields = [APIField(name) for name in fields if name not in {"locale", "seo_title"}]


def _got(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.content[:500])
    assert len(answer.json()["items"]) == CASES


def _queries(client: Client, path: str) -> int:
    _got(client, path)  # the renditions are made once
    with CaptureQueriesContext(connection) as asked:
        _got(client, path)
    return len(asked)

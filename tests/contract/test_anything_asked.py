"""Capabilities 9 and 11: whatever is asked, allowed by the contract or not, is answered as it says, never 5xx.

schemathesis makes the questions from the OpenAPI document itself, so a new endpoint is asked as soon as it is there:
what the document allows, what it does not, and every boundary it names. In-process over WSGI, the same each time.
"""

import json
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as drawing
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from cms.headless.contract import document
from cms.urls import api
from tests import factories
from tests.cms.headless import making
from tests.cms.headless.asking import Caller, key
from tests.contract.ground import Ground, made

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]
#: So many of each: within the contract, and outside it. For each operation, by each caller.
CASES = 25
CALLERS = ("anonymous", "token of every scope")
AT_LEAST = 5_000

#: Of schemathesis's own expectations, those that are not ours, each with its reason.
EXPECTED = {
    "checks": {
        # 501 is how oEmbed itself says: not in this format.
        "not_a_server_error": {"expected-statuses": ["2xx", "3xx", "4xx", "501"]},
        # What a schema cannot say (a mailbox, a day, the names in `fields`) is a 422 with its place; a write without
        # the version it is based on a 428, with an old one a 412, on a locked page a 423.
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", "304", "400", "401", "403", "404", "409", "412", "422", "423", "428", "501"]
        },
        "negative_data_rejection": {
            "expected-statuses": ["400", "401", "403", "404", "405", "406", "409", "412", "415", "422", "423", "428"]
        },
        # Without a token schemathesis takes nothing but a 401; a body that cannot be is a 422 before anybody asks who
        # sent it. test_who_may_what asks every endpoint without a token, and with bodies that can be.
        "missing_required_header": {"enabled": False},
    }
}
CONTRACT: Any = json.loads(json.dumps(document(api), default=str))
SCHEMA = schemathesis.openapi.from_dict(CONTRACT, config=SchemathesisConfig.from_dict(EXPECTED))
SCHEMA.app = get_wsgi_application()
OPERATIONS = {operation.ok().label: operation.ok() for operation in SCHEMA.get_all_operations()}


@pytest.fixture
def there() -> Ground:
    return made()


@pytest.fixture(autouse=True)
def one_connection(there: Ground, settings: Any) -> Iterator[None]:
    """A request over WSGI gives its connection back; here it is the test's, as Django's own test client knows.

    And an exception nobody caught is told as what it is, not as a page that says 500.
    """
    settings.DEBUG_PROPAGATE_EXCEPTIONS = True
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture(params=CALLERS)
def headers(request: pytest.FixtureRequest) -> dict[str, str]:
    if request.param == "anonymous":
        return {}
    return {"Authorization": f"Bearer {key(factories.user('admin'))}"}


def pointed(case: Any, there: Ground, number: int) -> None:
    """Most numbers name nothing: where a case names any page, event or registration, let it mostly be one there is."""
    path = case.path_parameters or {}
    if number % 5 == 0:
        return
    found = {
        "page_id": list(there.pages.values()),
        "event_id": [there.event],
        "reference": [there.reference],
        "name": ["country", "phase"],
        "token": [there.preview],
    }
    for name, value in path.items():
        is_whole = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        if name in found and (is_whole or (isinstance(value, str) and value and name != "page_id")):
            path[name] = found[name][number % len(found[name])]


def ask(case: Any, number: int, there: Ground, headers: dict[str, str], faults: Counter[str]) -> None:
    """One case, of which nothing stays; what is wrong with its answer is counted."""
    pointed(case, there, number)
    with transaction.atomic():
        try:
            case.call_and_validate(headers=headers)
        except AssertionError as error:
            faults[str(error)] += 1
        except BaseExceptionGroup as group:
            for error in group.exceptions:
                faults[str(error)] += 1
        except Exception as error:  # noqa: BLE001  (whatever it is, it would have been a 500)
            last = traceback.extract_tb(error.__traceback__)[-1]
            faults[f"{error!r} at {last.filename}:{last.lineno}\n{case.as_curl_command()}"] += 1
        transaction.set_rollback(True)


def drawn(operation: Any, mode: GenerationMode, deed: Callable[[Any], None]) -> None:
    """So many cases of this operation, the same each time; no fault is made smaller, it is told as it is."""

    @seed(7)
    @drawing(
        max_examples=CASES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def each(case: Any) -> None:
        deed(case)

    each()


def boundaries(operation: Any) -> Iterator[Any]:
    """Each limit the contract names, just inside and just outside it; methods and media types it does not name."""
    config = SCHEMA.config.generation_for(operation=operation, phase="coverage")
    yield from SCHEMA.iter_coverage_cases(operation, generation_modes=list(GenerationMode), generation_config=config)


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_what_the_contract_says(label: str, there: Ground, headers: dict[str, str]) -> None:
    faults: Counter[str] = Counter()
    numbers = iter(range(1, 1_000_000))
    operation = OPERATIONS[label]

    def deed(case: Any) -> None:
        ask(case, next(numbers), there, headers, faults)

    drawn(operation, GenerationMode.POSITIVE, deed)
    try:
        drawn(operation, GenerationMode.NEGATIVE, deed)
    except Unsatisfiable:  # it takes nothing that could be wrong
        drawn(operation, GenerationMode.POSITIVE, deed)
    for case in boundaries(operation):
        deed(case)
    assert next(numbers) - 1 >= 2 * CASES

    assert "\n\n".join(f"{count} x {text}" for text, count in faults.most_common(5)) == ""


def test_that_is_thousands_of_questions() -> None:
    limits = sum(1 for operation in OPERATIONS.values() for _case in boundaries(operation))

    assert len(CALLERS) * (len(OPERATIONS) * 2 * CASES + limits) >= AT_LEAST


#: What makes Wagtail's own API v3 fall over when it stands in a stream.
BLOCKS: list[Any] = [
    [{"value": "x"}],
    ["x"],
    [{"type": "image", "value": "x"}],
    [{"type": "text", "value": {"a": 1}}],
    [{"type": None, "value": "x"}],
    [None],
    [[]],
    "x",
    {"type": "text"},
    [{"type": "text", "value": "x", "id": {"a": 1}}],
    [{"type": "image", "value": {"image": 99999999999999999999}}],
    [{"type": "quote", "value": "\x00"}],
]


@pytest.mark.parametrize("blocks", BLOCKS, ids=str)
def test_blocks_that_are_none_are_refused_with_their_place(blocks: Any) -> None:
    page = making.page()
    content = {"title": "Blad", "body": blocks}
    above = page.get_parent().pk
    admin = Caller(key(factories.user("admin")))

    for refused in (
        admin.patch(f"/pages/{page.pk}/", {"content": content}, **{"If-Match": "*"}),
        admin.post("/pages/", {"type": "cms.StandardPage", "parent": above, "content": content}),
        admin.post(f"/pages/{page.pk}/preview/", {"content": content}),
    ):
        assert refused.status_code == 422
        assert refused["Content-Type"] == "application/problem+json"
        assert [one["loc"][:3] for one in refused.json()["errors"]] == [["body", "content", "body"]]


@pytest.mark.parametrize("path", ["/pages/", "/cases/", "/events/", "/redirects/", "/resolve/"])
def test_a_nul_and_a_number_no_database_has_are_refused(path: str) -> None:
    factories.ground()
    anybody = Caller()

    assert [anybody.get(f"{path}?q=%00").status_code, anybody.get(f"{path}?bogus%00=1").status_code] == [400, 400]
    assert anybody.get(f"{path}?offset=99999999999999999999").status_code == 422
    assert anybody.get(f"{path}?limit=99999999999999999999").status_code == 422
    assert anybody.get(f"{path}?title=%ED%A0%80&city=%ED%A0%80&q=%ED%A0%80").status_code in {200, 422}

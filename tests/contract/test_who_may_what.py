"""Who may what over HTTP: every endpoint of the contract by everybody who could ask; nothing personal without right.

A new endpoint without a row here fails the test.
"""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from cms.actions.api_tokens import create_token
from cms.headless.contract import document
from cms.review import REVIEWERS
from cms.urls import api
from tests import factories
from tests.cms.headless.asking import ALL, key
from tests.contract.ground import PERSONAL, UNSEEN, Ground, made

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]

#: In the order of the columns below.
CALLERS = (
    *("anybody", "cookie", "expired", "wrong", "reader", "editor", "organiser", "finance", "reviewer"),
    *("registrant", "another"),
)
#: Who never sees anything but what is public.
OUTSIDE = {"anybody", "cookie", "expired", "wrong", "registrant", "another"}

PERSON = {"first_name": "Bo", "last_name": "Nieuw", "email": "bo.nieuw@example.org"}
CHANGE = {"content": {"title": "Anders"}}

#: Expected status for each caller, in their order.        any cook exp wrg | rdr edi org fin rev | reg another
#: Public: a token that is wrong is refused all the same, and a registrant's opens nothing here.
PUBLIC = "200 200 401 401   200 200 200 200 200   401 401"
#: The same for everybody, whatever they carry: no token is looked at.
SAME = "200 200 200 200   200 200 200 200 200   200 200"
MADE = "201 201 201 201   201 201 201 201 201   201 201"
#: A page behind a login: for a token that may read.
CLOSED = "404 404 401 401   200 200 200 200 200   401 401"
#: The desk: the reader's token lacks the scope; organisers and finance have no pages.
DESK = "401 401 401 401   403 200 403 403 200   401 401"
#: What forms take is said to any token that may write.
WRITES = "401 401 401 401   403 200 200 200 200   401 401"
#: A draft: who does not work on it does not hear that it is there. The scope is asked first.
HIDDEN = "401 401 401 401   403 200 404 404 200   401 401"
#: Where it stands says nothing at all to who does not see it.
STATE = "404 404 401 401   404 200 404 404 200   401 401"
#: Reviewers change what there is; they add nothing.
ADDED = "401 401 401 401   403 201 403 403 403   401 401"
#: A case that was not signed off is on nobody's other site.
UNSIGNED = "404 404 401 401   404 404 404 404 404   401 401"
#: A registration is its registrant's alone, whoever works here.
OWN = "401 401 401 401   401 401 401 401 401   200 401"


def rows(there: Ground) -> dict[str, tuple[str, Any, str]]:
    """Method and address in the contract (and which of its things) -> the address asked, its body, who gets what."""
    page, draft, closed, twin = (f"/pages/{there.pages[name]}/" for name in ("live", "draft", "closed", "twin"))
    mine, order = (
        f"/registrations/{there.reference}/",
        {
            "event": there.event,
            "contact": PERSON,
            "organisation": {"name": "Gemeente Proef"},
            "attendees": [PERSON],
            "accept_terms": True,
        },
    )
    new = {"type": "cms.StandardPage", "parent": there.pages["live"], "content": {"title": "Nieuw"}}
    found: dict[str, tuple[str, Any, str]] = {
        "GET /pages/": ("/pages/?fields=*&limit=100", None, PUBLIC),
        "POST /pages/": ("/pages/", new, ADDED),
        "GET /pages/{page_id}/": (f"{page}?expand=breadcrumbs,navigation,translations,children", None, PUBLIC),
        "GET /pages/{page_id}/ draft of it": (f"{page}?version=draft", None, DESK),
        "GET /pages/{page_id}/ a draft": (draft, None, CLOSED.replace("200", "404")),
        "GET /pages/{page_id}/ draft of a draft": (f"{draft}?version=draft", None, HIDDEN),
        "GET /pages/{page_id}/ behind a login": (closed, None, CLOSED),
        "GET /pages/{page_id}/ below one": (f"/pages/{there.pages['below']}/", None, CLOSED),
        "PATCH /pages/{page_id}/": (page, CHANGE, DESK),
        "PATCH /pages/{page_id}/ a draft": (draft, CHANGE, HIDDEN),
        "GET /types/": ("/types/", None, WRITES),
        "GET /types/{label}/": ("/types/cms.StandardPage/", None, WRITES),
        "GET /pages/{page_id}/draft/": (f"{page}draft/", None, DESK),
        "GET /pages/{page_id}/draft/ of a draft": (f"{draft}draft/", None, HIDDEN),
        "POST /pages/{page_id}/preview/": (f"{page}preview/", CHANGE, DESK),
        "GET /pages/{page_id}/texts/": (f"{twin}texts/", None, HIDDEN),
        "PATCH /pages/{page_id}/texts/": (
            f"/pages/{there.pages['twin']}/texts/",
            {"texts": {there.text: "A text"}},
            HIDDEN,
        ),
        "POST /pages/{page_id}/translations/": (
            f"/pages/{there.pages['single']}/translations/",
            {"locale": "en"},
            ADDED,
        ),
        "GET /pages/{page_id}/workflow/": (f"{page}workflow/", None, PUBLIC),
        "GET /pages/{page_id}/workflow/ of a draft": (f"{draft}workflow/", None, STATE),
        "POST /pages/{page_id}/workflow/{step}/": (f"{page}workflow/submit/", {}, DESK),
        "GET /preview/{token}/": (f"/preview/{there.preview}/", None, SAME),
        "GET /resolve/": ("/resolve/?path=/nl/", None, PUBLIC),
        "GET /resolve/ behind a login": (f"/resolve/?path={there.closed_path}", None, CLOSED),
        "GET /vocabularies/": ("/vocabularies/", None, PUBLIC),
        "GET /vocabularies/{name}/": ("/vocabularies/country/?locale=nl", None, PUBLIC),
        "GET /navigation/": ("/navigation/", None, PUBLIC),
        "GET /settings/": ("/settings/", None, PUBLIC),
        "GET /redirects/": ("/redirects/", None, PUBLIC),
        "GET /cases/": ("/cases/?fields=*", None, PUBLIC),
        "GET /events/": ("/events/?fields=*", None, PUBLIC),
        "GET /events/{event_id}/": (f"/events/{there.event}/", None, PUBLIC),
        "GET /oembed/": (f"/oembed/?url=http://testserver{there.case_path}", None, UNSIGNED),
        "POST /registrations/": ("/registrations/", order, MADE),
        "GET /registrations/{reference}/": (mine, None, OWN),
        "POST /registrations/{reference}/cancel/": (f"{mine}cancel/", {}, OWN),
        "POST /registrations/{reference}/substitute/": (
            f"{mine}substitute/",
            {"attendee": there.attendee} | PERSON,
            OWN,
        ),
        # Nothing was offered: that is what the registrant hears.
        "POST /registrations/{reference}/offer/": (f"{mine}offer/", {"answer": "accept"}, OWN.replace("200", "409")),
    }
    # Of the token in a mail to a participant or an approver; the registrant's is another.
    nobody = OWN.replace("200", "401")
    found |= {
        "GET /registrations/approval/": ("/registrations/approval/", None, nobody),
        "POST /registrations/approval/": ("/registrations/approval/", {"answer": "approve"}, nobody),
        "GET /registrations/seat/": ("/registrations/seat/", None, nobody),
        "POST /registrations/seat/cancel/": ("/registrations/seat/cancel/", {}, nobody),
        "GET /registrations/members/": ("/registrations/members/?q=gemeente", None, SAME),
        "POST /registrations/quote/": ("/registrations/quote/", order, SAME),
    }
    # A free seat: nothing to pay, no part of a group, no invoice. What is told to a mailbox only takes its own token.
    for name, body, own in (
        ("accept-part/", {}, 409),
        ("calendar/", None, 200),
        ("cancellation/", None, 200),
        ("confirm/", {}, 401),
        ("documents/", None, 200),
        ("documents/{number}/pay/", {}, 404),
        ("documents/{number}/pdf/", None, 404),
        ("documents/{number}/xml/", None, 404),
        ("journey/", None, 200),
        ("my-data/", None, 401),
        ("pay/", {}, 409),
        ("purchase-order/", {"purchase_order": "BB-1"}, 409),  # the places are free: nothing is invoiced
        ("withdraw/", {}, 409),
    ):
        method, path = "GET" if body is None else "POST", f"{mine}{name}".replace("{number}", "2027-0001")
        found[f"{method} /registrations/{{reference}}/{name}"] = (path, body, OWN.replace("200", str(own)))
    for name in ("actions", "breadcrumbs", "children", "link-integrity", "navigation", "translations"):
        found[f"GET /pages/{{page_id}}/{name}/"] = (f"{page}{name}/", None, PUBLIC)
        found[f"GET /pages/{{page_id}}/{name}/ behind a login"] = (f"{closed}{name}/", None, CLOSED)
    return found


def headers_of(there: Ground) -> dict[str, dict[str, str]]:
    """What each of them sends. Everybody of the house but the reader has every scope."""
    at = timezone.now() - timedelta(days=2)
    facts = {"scopes": ALL, "expires_at": at + timedelta(days=1), "by": None, "at": at}
    _token, expired = create_token(user=factories.user("admin"), name="Voorbij", **facts)
    secrets = {
        "expired": expired,
        "wrong": expired[:-1] + ("a" if expired[-1] != "a" else "b"),
        "reader": key(factories.user("Editors"), "read"),
        "editor": key(factories.user("Editors")),
        "organiser": key(factories.user("Organisers")),
        "finance": key(factories.user("Finance")),
        "reviewer": key(factories.user(REVIEWERS)),
        "registrant": there.manage_token,
        "another": there.other_token,
    }
    return {"anybody": {}, "cookie": {}} | {who: {"Authorization": f"Bearer {one}"} for who, one in secrets.items()}


def leaks(who: str, row: str, text: str, there: Ground) -> list[str]:
    """What this answer tells of people and pages that are not this caller's to know."""
    is_own = who == "registrant" and row.partition("/registrations/")[2].startswith("{reference}")
    found = [] if is_own else [one for one in (*PERSONAL, there.manage_token) if one in text]
    found += ["another's token"] if there.other_token in text else []
    found += ["an API token"] if re.search(r"tour_[\w-]{40}", text) else []
    if who in OUTSIDE and "/preview/" not in row:
        found += [one for one in UNSEEN if one in text]
    if who in {"reader", "organiser", "finance"} and "/preview/" not in row:
        found += [one for one in UNSEEN[1:] if one in text]
    return found


def test_everybody_gets_what_is_theirs_and_nothing_else() -> None:
    there = made()
    headers, told, leaked = headers_of(there), {}, []
    clients = {who: Client() for who in CALLERS}
    clients["cookie"].force_login(factories.user("admin"))
    asked = rows(there)
    expected = {row: dict(zip(CALLERS, map(int, wanted.split()), strict=True)) for row, (_, _, wanted) in asked.items()}
    for row, (path, body, _wanted) in asked.items():
        told[row] = {}
        for who in CALLERS:
            send = headers[who] | {"If-Match": "*", "Idempotency-Key": f"{row} {who}"}
            content = "" if body is None else json.dumps(body)
            with transaction.atomic():
                answer = clients[who].generic(
                    row.partition(" ")[0], f"/api/v1{path}", content, content_type="application/json", headers=send
                )
                transaction.set_rollback(True)
            told[row][who] = answer.status_code
            text = answer.content.decode()
            leaked += [(row, who, one) for one in leaks(who, row, text, there)]

    assert "\n".join(differences(told, expected)) == ""
    assert "\n".join(map(str, leaked)) == ""


def differences(told: dict[str, dict[str, int]], expected: dict[str, dict[str, int]]) -> list[str]:
    return [
        f"{row}, {who}: {told[row][who]}, not {status}"
        for row, statuses in expected.items()
        for who, status in statuses.items()
        if told[row][who] != status
    ]


def test_every_endpoint_has_a_row() -> None:
    asked = {" ".join(row.split()[:2]) for row in rows(Ground.empty())}
    there = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, methods in document(api)["paths"].items()
        for method in methods
    }

    assert there - asked == set()

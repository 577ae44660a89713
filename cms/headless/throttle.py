"""How much one caller may ask of the API in a minute: so much without a token, by address, and so much with one.

Counted in PostgreSQL, which every worker shares; Django's cache is each process's own unless a server is set up for it.
One statement outside any transaction, in a table without write-ahead log (ApiUse): nobody waits for a disk, and only
requests of the same caller meet on a row, for as long as that statement takes.
"""

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from cms.api import problem_response
from cms.conf import configured
from cms.headless.tokens import credentials_of
from cms.models.api_tokens import ApiUse

STRETCH = timedelta(minutes=1)
#: Rows outlive their stretch by this much: the duty that throws them away comes every minute.
KEPT_AFTER = timedelta(minutes=2)
COUNT = """
    INSERT INTO cms_apiuse AS used (caller, count, ends_at) VALUES (%s, 1, %s)
    ON CONFLICT (caller) DO UPDATE SET count = used.count + 1 RETURNING count
"""


class Throttle:
    """Middleware round the API: 429 with Retry-After for whoever asks more than the settings allow.

    A page that answers in JSON at its own address asks `too_many` itself (negotiation.py). A wrong token is counted by
    address, so that guessing is as slow as reading without one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refused = too_many(request, at=timezone.now()) if request.path.startswith("/api/") else None
        return refused or self.get_response(request)


def too_many(request: HttpRequest, *, at: datetime) -> HttpResponse | None:
    """Counts this request with its caller's others; the refusal once they are more than the settings allow."""
    token = credentials_of(request, at).token if configured.API_TOKEN_A_MINUTE else None
    most = configured.API_TOKEN_A_MINUTE if token else configured.API_ANONYMOUS_A_MINUTE
    if most <= 0:
        return None
    start, end = stretch_of(at)
    who = f"token {token.pk}" if token else f"address {network_of(address_of(request))}"
    if count_one(who, start, end) <= most:
        return None
    wait = max(1, math.ceil((end - at).total_seconds()))
    text = _("Too many requests. Ask again in %(seconds)s seconds.") % {"seconds": wait}
    return problem_response(429, text, [], "throttled", headers={"Retry-After": str(wait)})


def stretch_of(at: datetime) -> tuple[datetime, datetime]:
    """The minute this moment is in."""
    seconds = STRETCH.total_seconds()
    start = datetime.fromtimestamp(math.floor(at.timestamp() / seconds) * seconds, tz=UTC)
    return start, start + STRETCH


def count_one(who: str, start: datetime, end: datetime) -> int:
    """How often they asked in this stretch, this time included. One statement."""
    # The stretch is part of what is digested: two minutes of one address cannot be put together.
    caller = salted_hmac("cms.headless.throttle", f"{start.isoformat()} {who}", algorithm="sha256").hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [caller, end])
        return int(cursor.fetchone()[0])


def address_of(request: HttpRequest) -> str:
    """Where the request came from, seen past our own proxies (TRUSTED_PROXIES); what others wrote never counts."""
    told = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    past = configured.TRUSTED_PROXIES
    if past and len(told) >= past:
        return told[-past]
    return str(request.META.get("REMOTE_ADDR", ""))


def network_of(address: str) -> str:
    """Whoever has one IPv6 address has a network of them: they count as one."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or int(parsed) >> 64)


def forget_uses(*, at: datetime) -> str | None:
    """A duty: throw away the counts of the minutes that are over."""
    gone, _by_model = ApiUse.objects.filter(ends_at__lt=at - KEPT_AFTER).delete()
    return f"{gone} count(s) of API use forgotten" if gone else None

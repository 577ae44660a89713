"""Making, using and revoking the keys of machines, and writing down in the log which one did something."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.log_actions import LogContext, log
from wagtail.log_actions import registry as log_registry
from wagtail.models import PageLogEntry

from cms.models.api_tokens import LONGEST, ApiToken, Scope

#: By which a leaked one is found in a text, and known from the links of registrations.
BEGINS = "tour_"
SHOWN = len(BEGINS) + 6
#: `last_used_at` says whether somebody still needs it, not what they did: it is not written at every request.
USE_NOTED_EVERY = timedelta(minutes=10)

#: How they stand in the log; said in words in cms.admin.api_tokens.
MADE = "cms.api_token.made"
REVOKED = "cms.api_token.revoked"
BY_TOKEN = "cms.api_token.used"  # noqa: S105  (a word of the log)


class TokenRefused(Exception):
    """The token cannot be made like this. The text says why, in the active language."""


def digest_of(secret: str) -> str:
    """What is kept of a token: 256 random bits need no slow hash, and no key that a rotation would take away."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def create_token(
    *, user: Any, name: str, scopes: Iterable[str], expires_at: datetime, by: Any, at: datetime
) -> tuple[ApiToken, str]:
    """A new token, and its text: the only time anybody sees it. Raises TokenRefused."""
    wanted = [scope for scope in Scope.values if scope in set(scopes)]
    if not wanted:
        raise TokenRefused(_("Tick at least one thing the token may do."))
    if not at < expires_at <= at + LONGEST:
        raise TokenRefused(_("A token ends, at most a year from now."))
    secret = BEGINS + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        prefix=secret[:SHOWN],
        digest=digest_of(secret),
        scopes=wanted,
        created_at=at,
        expires_at=expires_at,
    )
    log(token, MADE, user=by, data={"scopes": wanted, "expires_at": expires_at.isoformat()})
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Any, at: datetime) -> bool:
    """End it now, and for good. False when that was done before. The row stays, so that the log can name it."""
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        return False
    token.revoked_at = at
    log(token, REVOKED, user=by)
    return True


def note_use(*, token: ApiToken, at: datetime) -> None:
    """That it is still in use. One write in ten minutes, whatever is asked with it."""
    if token.last_used_at is not None and at - token.last_used_at < USE_NOTED_EVERY:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lte=at - USE_NOTED_EVERY)
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=at)


@contextmanager
def logged_as(*, token: ApiToken) -> Iterator[None]:
    """What is logged inside is logged of the token's person, and names the token.

    Round the transaction, not in it: a translation is published when that commits.
    """
    with LogContext(user=token.user) as context:
        try:
            yield
        finally:
            _name(token, context)


@transaction.atomic
def _name(token: ApiToken, context: LogContext) -> None:
    for model in log_registry.get_log_entry_models():
        pages = []
        for entry in model.objects.filter(uuid=context.uuid):
            model.objects.filter(pk=entry.pk).update(data={**entry.data, "token": token.told()})
            if isinstance(entry, PageLogEntry) and entry.page not in pages:
                pages.append(entry.page)
        # The history of a page shows no data of Wagtail's own entries: there it stands as a line of its own.
        for page in pages:
            log(page, BY_TOKEN, user=token.user, uuid=context.uuid, data={"token": token.told()})

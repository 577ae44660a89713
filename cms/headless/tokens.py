"""Which API token a request carries. A wrong one is refused; it never makes somebody anonymous."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from cms.actions.api_tokens import BEGINS, digest_of, note_use
from cms.api import Problem
from cms.models.api_tokens import ApiToken

#: Longer than any we make: what is longer is not worth a digest.
LONGEST_SECRET = 200
CHALLENGE = 'Bearer realm="api"'


@dataclass(frozen=True)
class Credentials:
    """What the Authorization header says: nothing, a token that opens, or one that does not (and why)."""

    token: ApiToken | None = None
    refusal: str = ""


def credentials_of(request: HttpRequest, at: datetime) -> Credentials:
    """Looked up once a request. One query where a header of ours is given, none otherwise."""
    found: Credentials | None = getattr(request, "_api_credentials", None)
    if found is None:
        found = _look_up(request.headers.get("Authorization"), at)
        request._api_credentials = found  # type: ignore[attr-defined]
        if found.token is not None:
            note_use(token=found.token, at=at)
    return found


def _look_up(header: str | None, at: datetime) -> Credentials:
    if header is None:
        return Credentials()
    kind, _space, secret = header.strip().partition(" ")
    secret = secret.strip()
    if kind.lower() != "bearer" or not secret.startswith(BEGINS) or len(secret) > LONGEST_SECRET:
        return Credentials(refusal=_("Give an API token: Authorization: Bearer tour_…"))
    token = ApiToken.objects.select_related("user").filter(digest=digest_of(secret)).first()
    # Which of these it is only tells whoever has the token itself.
    if token is None:
        return Credentials(refusal=_("There is no such API token."))
    if token.revoked_at is not None:
        return Credentials(refusal=_("This API token was revoked."))
    if token.expires_at <= at:
        return Credentials(refusal=_("This API token has ended."))
    if not token.user.is_active:
        return Credentials(refusal=_("The person of this API token cannot log in any more."))
    return Credentials(token=token)


def unauthorised(text: str, *, was_given: bool) -> Problem:
    """401, with the challenge of RFC 6750."""
    challenge = f'{CHALLENGE}, error="invalid_token"' if was_given else CHALLENGE
    return Problem(
        401, text, kind="invalid_token" if was_given else "token_needed", headers={"WWW-Authenticate": challenge}
    )

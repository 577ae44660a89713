"""Demo mail: every message the demonstration sends is kept as a file and can be read in the browser."""

import base64
import threading
import time
from collections.abc import Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMessage
from pathlib import Path
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from cms.conf import configured

KEEP = 500
_lock = threading.Lock()


def _directory() -> Path:
    path = Path(configured.DEMO_MAIL_DIR)
    path.mkdir(parents=True, exist_ok=True)
    return path


class KeepMail(BaseEmailBackend):
    """Writes each message to DEMO_MAIL_DIR, oldest of more than 500 removed."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            with _lock:
                name = f"{time.time_ns():020d}"
                partial = _directory() / f"{name}.part"
                partial.write_bytes(message.message().as_bytes())
                partial.rename(_directory() / f"{name}.eml")
        for old in sorted(_directory().glob("*.eml"))[:-KEEP]:
            old.unlink(missing_ok=True)
        return len(email_messages)


def kept_messages() -> list[dict[str, Any]]:
    """[{"id", "sent_at", "to", "from", "subject", "text", "html", "attachments"}], newest first."""
    return [_read(path) for path in sorted(_directory().glob("*.eml"), reverse=True)]


def _read(path: Path) -> dict[str, Any]:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    if not isinstance(message, ParsedMessage):
        raise Http404
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return {
        "id": path.stem,
        "sent_at": str(message["Date"]),
        "to": [address.strip() for address in str(message["To"]).split(",")],
        "from": str(message["From"]),
        "subject": str(message["Subject"]).strip(),
        "text": text.get_content() if text else "",
        "html": html.get_content() if html else "",
        "attachments": [
            {
                "filename": part.get_filename(),
                "content_type": part.get_content_type(),
                **_content(part),
            }
            for part in message.iter_attachments()
        ],
    }


def _content(part: Any) -> dict[str, str]:
    """Text as it is; anything else in base64, and then "encoding" says so."""
    content = part.get_content()
    if isinstance(content, bytes):
        return {"content": base64.b64encode(content).decode(), "encoding": "base64"}
    return {"content": str(content)}


@never_cache
def mailbox(request: HttpRequest) -> HttpResponse:
    return render(request, "cms/demo_mailbox.html", {"messages_kept": kept_messages()})


@never_cache
def mailbox_json(request: HttpRequest) -> HttpResponse:
    return JsonResponse(kept_messages(), safe=False)


def _one(message_id: str) -> dict[str, Any]:
    path = _directory() / f"{message_id}.eml"
    if not message_id.isdigit() or not path.exists():
        raise Http404
    return _read(path)


@never_cache
def message_html(request: HttpRequest, message_id: str) -> HttpResponse:
    """The HTML part as it was sent, shown on its own."""
    response = HttpResponse(_one(message_id)["html"])
    # A mail carries its style inline, as mail programs want it; nothing else may run or load.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    response._csp_exempt = True  # type: ignore[attr-defined]
    return response


@never_cache
def attachment(request: HttpRequest, message_id: str, number: int) -> HttpResponse:
    attachments = _one(message_id)["attachments"]
    if number >= len(attachments):
        raise Http404
    found = attachments[number]
    is_binary = found.get("encoding") == "base64"
    content = base64.b64decode(found["content"]) if is_binary else found["content"]
    kind = found["content_type"] if is_binary else f"{found['content_type']}; charset=utf-8"
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{found["filename"]}"'
    return response

"""What docs/webhooks.md says: both ways to verify are run as they stand there, against messages of ours."""

import json
import re
import shutil
import subprocess
from datetime import timedelta

import pytest
from django.conf import settings

from cms.actions.announcing import Message, announce
from cms.models.outgoing import RETRIES
from cms.outgoing.signing import signed_headers
from cms.plugins import announced_kinds
from tests.cms.outgoing.receiver import endpoint

pytestmark = pytest.mark.django_db
DOCUMENT = (settings.BASE_DIR / "docs" / "webhooks.md").read_text()


def snippet(language):
    return re.search(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL).group(1)


def in_python(secret, headers, body):
    names = {}
    exec(snippet("python"), names)
    return names["verified"](secret, headers, body)


def in_javascript(secret, headers, body):
    if shutil.which("node") is None:
        pytest.skip("NOT RUN: no node on this machine")
    given = json.dumps([secret, headers, body.decode()])
    code = f"{snippet('javascript')}\nprocess.stdout.write(JSON.stringify(verified(...{given})))"
    ran = subprocess.run(["node", "-e", code], capture_output=True, text=True, check=False)
    if ran.returncode:
        raise ValueError(ran.stderr)
    return json.loads(ran.stdout)


@pytest.mark.parametrize("verified", [in_python, in_javascript])
def test_what_is_documented_verifies_our_message_and_no_other(verified, receiver, now, at_once):
    hook = endpoint(receiver.url)
    with at_once():
        announce(Message("page.published", "1", {"title": "é"}), at=now)
    headers, body = receiver.heard[0]

    assert verified(hook.secret, headers, body)["data"] == {"title": "é"}
    both = headers | {"webhook-signature": f"v1,AAAA {headers['webhook-signature']}"}
    assert verified(hook.secret, both, body)["type"] == "page.published"
    with pytest.raises(ValueError, match="not ours"):
        verified(hook.secret, headers, body.replace(b"page", b"cage"))
    with pytest.raises(ValueError, match="not ours"):
        verified(endpoint("http://127.0.0.1:9/").secret, headers, body)
    old = signed_headers("msg_1", body, hook.secrets_at(now), at=now - timedelta(minutes=6))
    with pytest.raises(ValueError, match="old"):
        verified(hook.secret, old, body)


def test_every_kind_and_every_pause_is_documented():
    for kind in announced_kinds():
        assert f"`{kind}`" in DOCUMENT or f"`.{kind.partition('.')[2]}`" in DOCUMENT, kind
    minutes = [int(pause.total_seconds() / 60) for pause in RETRIES]
    assert minutes == [1, 5, 30, 120, 300, 600, 840, 1200, 1440]
    assert "after 1, 5 and 30 minutes, 2, 5, 10, 14, 20 and 24 hours" in DOCUMENT

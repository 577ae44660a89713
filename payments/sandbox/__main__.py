"""`python -m payments.sandbox --port 8431`: the stand-in as its own process, for the demo."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading

from . import Sandbox


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m payments.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8431)
    parser.add_argument("--webhook-url")
    parser.add_argument("--api-key", default="sk_test_sandbox")
    parser.add_argument("--webhook-secret", default="whsec_sandbox")
    parser.add_argument("--public-url", help="where the buyer's browser reaches the hosted page")
    parser.add_argument("--state-path", help="a JSON file that keeps everything over a restart")
    parser.add_argument("--late-seconds", type=float, default=20)
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="stripe stand-in: %(message)s")
    # Before anything listens: a signal in the first second must count too.
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        sandbox = Sandbox(
            port=options.port,
            api_key=options.api_key,
            webhook_url=options.webhook_url,
            webhook_secret=options.webhook_secret,
            public_url=options.public_url,
            state_path=options.state_path,
            late_seconds=options.late_seconds,
        )
    except (OSError, ValueError) as problem:
        print(f"the Stripe stand-in cannot start: {problem}", file=sys.stderr)  # noqa: T201 -- a command speaks
        return 1
    print(f"Stripe stand-in (DEMO, no real payments) on {sandbox.url}", flush=True)  # noqa: T201 -- idem
    stop.wait()
    sandbox.close()
    # A webhook receiver that hangs would otherwise hold the interpreter's exit.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())

"""What has to be done for the cases whether or not anybody visits."""

from datetime import datetime

from cases.search import texts


def refresh_search(*, at: datetime) -> str | None:
    """Make findable what went live without its task, and forget what is no longer live."""
    number = texts.refresh_forgotten()
    return f"{number} case(s) made findable" if number else None

"""Everything that is written through the API, on one router: each module puts its own addresses there."""

from cms.headless import drafts, preview, translating, workflow  # noqa: F401
from cms.headless.drafts import router

__all__ = ["router"]

"""Everything at /pages/ on one router: what is written stands at the addresses of what is read."""

from cms.headless import drafts, preview, translating, workflow  # noqa: F401
from cms.headless.pages import pages

router = pages

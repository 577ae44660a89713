"""Demo content of the revenue-model lab: costs, a rule and models, each marked as a demo. Safe to load twice."""

from cms.demo import login


def load() -> None:
    """Load what is not there yet."""
    login("manager", "Programme managers")

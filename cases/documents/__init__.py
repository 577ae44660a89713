"""Documents people take along: one case on paper, or several that they chose."""

from cases.documents.paper import MOST, PARTS, collection, factsheet

__all__ = ["MOST", "PARTS", "collection", "factsheet"]

"""Documents people take along: the programme on paper."""

from events.documents.programme import programme

__all__ = ["programme"]

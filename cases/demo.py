"""Placeholder, replaced below."""


def load() -> None: ...

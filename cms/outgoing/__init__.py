"""Telling other people's systems: how a message is signed, and how it is brought to an address."""

"""Deeds of the cases chapter."""

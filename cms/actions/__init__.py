"""The deeds of the house: what becomes of pages, and of their translations."""

"""Addresses outside the site that pages lead to: which they are, where they stand, and whether they still answer."""

"""The payments chapter in Wagtail's admin: lists to look things up in, and finance's report."""

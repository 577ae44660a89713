"""The cases chapter in Wagtail's admin. Registered by cases.wagtail_hooks."""

"""The events chapter in Wagtail's admin. Registered by events.wagtail_hooks; the payments chapter borrows its parts."""

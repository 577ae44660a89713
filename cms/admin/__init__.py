"""Parts of Wagtail's admin every chapter uses."""

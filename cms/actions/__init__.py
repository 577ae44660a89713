"""What is done with translations, each deed by its name."""

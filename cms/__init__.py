"""The house every plugin of the Tour stands in."""

#: The one place the version stands: the wheels and the control panel read it.
VERSION = "0.2.0"

"""The content API: what the site shows, as data. Reading stands in access, representation and the endpoints."""

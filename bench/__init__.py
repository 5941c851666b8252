"""Measurements of the server as it is deployed: `make bench`."""

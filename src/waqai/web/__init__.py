"""The web interface and the REST API. See docs/web.md."""

"""Waqai (وقائع): reads Arabic news and keeps the record."""

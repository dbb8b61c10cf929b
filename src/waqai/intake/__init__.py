"""Bytes to documents: pages, plain text, JSON lines, feeds, folders; and what in them is not the article."""

from waqai.intake.clean import mark
from waqai.intake.sources import KINDS, documents

__all__ = ["KINDS", "documents", "mark"]

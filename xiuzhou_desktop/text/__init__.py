"""Sentences by key.

The one place from which CLI, SMS, documents and panels take what people read.
"""

from .catalogue import LANGUAGES, Catalogue, MissingSentenceError, feature_files

__all__ = ["LANGUAGES", "Catalogue", "MissingSentenceError", "feature_files"]

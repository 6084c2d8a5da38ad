"""Mistakes that many cells share, found by trial."""

"""Versions of one bank's filing side by side."""

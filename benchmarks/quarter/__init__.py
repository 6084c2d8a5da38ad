"""A whole quarter of invented submissions, and what must come of each."""

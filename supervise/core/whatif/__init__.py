"""If some figures were otherwise: what a correction is worth, what next period needs."""

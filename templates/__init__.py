"""Templates of the documents; an office may override single ones."""

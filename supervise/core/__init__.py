"""THINK: nouns and arithmetic of the evaluation; pure, standard library only."""

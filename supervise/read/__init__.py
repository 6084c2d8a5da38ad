"""World → values: YAML, rulebook, forms, workbooks, history, judgements."""

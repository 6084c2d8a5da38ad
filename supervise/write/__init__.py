"""Values → bytes: report, JSON, workbooks, tables."""

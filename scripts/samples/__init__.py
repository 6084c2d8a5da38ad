"""The invented institutions of ``sample_submissions`` and how their workbooks are made."""

"""Zip parts of a workbook: guard against hostile files, package, parts; standard library only."""

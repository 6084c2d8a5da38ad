"""A bank's workbook changed in places, all the rest byte for byte as it was."""

"""Imports 导入: rows of a workbook become rows of a feature, all of them or none.

A feature declares an `Import`. The machinery makes its template, takes a filled one in, lists every error by sheet, row
and column, has a second person confirm it where its route says so, and lets the feature store the rows.
"""

"""Tests of what readers see: labels, tables, findings, figures, files."""

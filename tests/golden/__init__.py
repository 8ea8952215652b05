"""Stored reference numbers."""

"""Tests of scenario files: the loader, and what the shipped files say."""

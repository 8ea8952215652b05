"""Tests through the installed command, as a new user would try it."""

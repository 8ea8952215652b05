"""Behaviour of version 0.1.0, stored."""

"""A brief on a base and its change, and the report behind it: HTML, Word and Excel."""

from tverretatlig_sim.show.report.page import Page, brief

__all__ = ["Page", "brief"]

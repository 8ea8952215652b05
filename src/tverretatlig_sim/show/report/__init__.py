"""The report for policy analysts: one HTML file that needs nothing else."""

from tverretatlig_sim.show.report.page import report_html

__all__ = ["report_html"]

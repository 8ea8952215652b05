"""Worlds of any size that are made up, for testing, teaching and measuring."""

from tverretatlig_sim.scenario.generate.tables import LARGEST, SMALLEST, generate, generated_tables

__all__ = ["LARGEST", "SMALLEST", "generate", "generated_tables"]

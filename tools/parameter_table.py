"""The model's parameters as a Markdown table: section 9 of the ODD document.

Run ``python tools/parameter_table.py`` to see it, with ``--write`` to put it into the document.
"""

from __future__ import annotations

from generated import command, markdown_table

from tverretatlig_sim.scenario import ParameterSpec, parameter_specs

DOCUMENT, NAME = "docs/odd.md", "parameters"
HEADING = ("name", "default", "range", "bounds", "unit", "grade", "meaning", "phases")


def table() -> str:
    """One row a parameter, in the order of the parameter file."""
    return markdown_table(HEADING, [_row(spec) for spec in parameter_specs().values()])


def _row(spec: ParameterSpec) -> list[str]:
    return [
        f"`{spec.name}`",
        f"{spec.value:g}",
        f"{spec.low:g} … {spec.high:g}",
        f"{spec.minimum:g} … {spec.maximum:g}" + (", whole" if spec.whole else ""),
        spec.unit,
        spec.grade,
        spec.meaning.en,
        ", ".join(spec.phases),
    ]


if __name__ == "__main__":
    command(DOCUMENT, NAME, table())

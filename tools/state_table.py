"""The state variables as a Markdown table: end of section 2 of the ODD document.

Run ``python tools/state_table.py`` to see it, with ``--write`` to put it into the document.
"""

from __future__ import annotations

from generated import command, markdown_table

from tverretatlig_sim.kernel.state import variables

DOCUMENT, NAME = "docs/odd.md", "state"
HEADING = ("name", "kind", "dims", "unit", "range", "meaning")


def table() -> str:
    """One row a variable, in the order of the declaration."""
    rows = [
        [
            f"`{name}`",
            "flow" if variable.flow else "stock",
            " × ".join(variable.dims) or "–",
            variable.unit,
            variable.range.replace("..", " … ").replace(">=", "≥").strip(),
            variable.meaning,
        ]
        for name, variable in variables().items()
    ]
    return markdown_table(HEADING, rows)


if __name__ == "__main__":
    command(DOCUMENT, NAME, table())

"""The renderers: the parts of a sheet on a terminal and as HTML, and documents as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from itertools import zip_longest
from textwrap import wrap

from tverretatlig_sim.show.rows import (
    Bar,
    Cell,
    Cells,
    Document,
    Heading,
    Part,
    Several,
    Span,
    Table,
    Value,
    Word,
    text,
)

GAP = "  "
"""Between columns, and before rows under a heading."""
GLUE = "\0"
"""Stands for a space at which no line is broken."""
TALL = 2
"""Lines of a row above which rows are set off from each other."""
PLAIN = {
    "─": "-",
    "█": "#",
    "░": ".",
    "−": "-",
    "→": "->",
    "←": "<-",
    "≠": "!=",
    "≤": "<=",
    "≥": ">=",
    "…": "...",
}
"""What stands for a sign that a terminal cannot show."""


def as_json(document: Document | list[Document], *, ascii_only: bool = False) -> str:
    """The document as strict JSON on indented lines.

    Raises:
        ValueError: if it holds a number that JSON has no way to write.
    """
    return json.dumps(document, indent=2, ensure_ascii=ascii_only, allow_nan=False)


def texts(table: Table) -> list[list[list[str]]]:
    """The cells as readers see them: by group, row and column."""
    return [[[text(row.get(key)) for key in table.columns] for row in group.rows] for group in table.groups]


def html(*parts: Part) -> str:
    """Parts of a sheet as HTML; all text is escaped."""
    return "\n".join(map(_html, parts))


def _html(part: Part) -> str:
    if isinstance(part, Table):
        return _html_table(part)
    tag = "h2" if isinstance(part, Heading) else "p"
    return f"<{tag}>{'<br>'.join(escape(line) for line in part.splitlines())}</{tag}>"


def _html_table(table: Table) -> str:
    head = "".join(
        f'<th scope="col">{escape(_one_line(heading))}</th>' if heading.strip() else "<td></td>"
        for heading in table.columns.values()
    )
    bodies = []
    for group in table.groups:
        rows = [
            "".join(_html_cell(row.get(key), place) for place, key in enumerate(table.columns))
            for row in group.rows
        ]
        if group.heading:
            span = len(table.columns)
            rows.insert(0, f'<th colspan="{span}" scope="rowgroup">{escape(group.heading)}</th>')
        bodies.append("<tbody>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</tbody>")
    caption = f"<caption>{escape(table.title)}</caption>" if table.title else ""
    note = f"<p>{escape(table.note)}</p>" if table.note else ""
    return f"<table>{caption}<thead><tr>{head}</tr></thead>{''.join(bodies)}</table>{note}"


def _one_line(heading: str) -> str:
    """A heading whose lines are set apart for narrow columns, with a hyphen inside words."""
    return " ".join(heading.replace("-\n", "").split())


def _html_cell(cell: Cell, place: int) -> str:
    tag, more = ("td", "") if place else ("th", ' scope="row"')
    if isinstance(cell, Value | Span | int):
        more += ' class="number"'
    elif isinstance(cell, Bar):
        more += ' aria-hidden="true"'
    elif isinstance(cell, Word) and cell.better:
        more += f' data-better="{cell.better}"'
    return f"<{tag}{more}>{escape(text(cell))}</{tag}>"


def terminal(*parts: Part, width: int, bold: bool = False, encoding: str = "utf-8") -> str:
    """Parts of a sheet as lines of a terminal; no word is broken, and no line longer unless a word is.

    Args:
        parts: from top to bottom.
        width: characters in a line.
        bold: whether headings are set in bold.
        encoding: of the terminal; signs it does not have are replaced.
    """
    lines: list[str] = []
    for part in parts:
        if isinstance(part, Table):
            made = ["", *_table(part, width, bold), ""]
        else:
            kept = part.replace(" %", f"{GLUE}%")  # the sign stays with its number
            made = _wrapped(kept, width, bold and isinstance(part, Heading)) or [""]
        for line in map(str.rstrip, made):
            if line or (lines and lines[-1]):  # no empty line after another
                lines.append(line)
    shown = "\n".join(lines).replace(GLUE, " ")
    for sign, instead in PLAIN.items():
        if sign in shown and sign != sign.encode(encoding, "replace").decode(encoding):
            shown = shown.replace(sign, instead)
    return shown


def _wrapped(said: str, width: int, bold: bool = False) -> list[str]:
    """Text in lines, broken at spaces only; indented lines keep their indent."""
    lines: list[str] = []
    for line in said.splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        lines += wrap(
            line, max(width, 1), subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        ) or [""]
    return [_bold(line, bold) for line in lines]


def _table(table: Table, width: int, bold: bool) -> list[str]:
    heads, title = list(table.columns.values()), _wrapped(table.title, width, bold)
    note, room = _wrapped(table.note, width), width - len(GAP) * (len(table.columns) - 1)
    for space in (GLUE, " "):  # where room is scarce, numbers are broken at their spaces
        groups = [_cells(table, group.rows, GAP if group.heading else "", space) for group in table.groups]
        widths = _widths([heads, *(row for rows in groups for row in rows)], room)
        if widths:
            break
    else:
        return [*title, *_records(table, groups, width, bold), *note]
    right = [_is_numeric([row.get(key) for row in table.rows]) for key in table.columns]
    rule = "─" * (sum(widths) + width - room)
    head = _row(heads, widths, right) if any(map(str.strip, heads)) else []
    lines = [*title, *(_bold(line, bold) for line in head), rule]
    for place, (group, rows) in enumerate(zip(table.groups, groups, strict=True)):
        lines += _wrapped(group.heading, width, bold) if group.heading else [rule] * bool(place)
        drawn = [_row(row, widths, right) for row in rows]
        apart = [""] * any(len(row) > TALL for row in drawn)
        lines += [line for row in drawn for line in (*row, *apart)]
    return [*lines, *note]


def _bold(line: str, bold: bool) -> str:
    return f"\033[1m{line}\033[0m" if bold and line else line


def _cells(table: Table, rows: Sequence[Cells], indent: str, space: str) -> list[list[str]]:
    """Rows as text, their first cells indented, with what stands for a space inside numbers."""
    found = [[_glued(row.get(key), space) for key in table.columns] for row in rows]
    return [[indent + first, *others] for first, *others in found]


def _glued(cell: Cell, space: str) -> str:
    if isinstance(cell, Several):
        return cell.between.join(_glued(part, space) for part in cell.cells)
    return text(cell).replace(" ", space) if isinstance(cell, Value | Span) else text(cell)


def _is_numeric(cells: Sequence[Cell]) -> bool:
    words = any(isinstance(cell, str | Word) and text(cell) for cell in cells)
    return not words and any(isinstance(cell, Value | Span | int) for cell in cells)


def _widths(rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """Widths of columns, those that need least satisfied first; none if not every word has room."""
    columns = list(zip(*rows, strict=True))
    most = [max(max(map(len, cell.splitlines()), default=0) for cell in cells) for cells in columns]
    fewest = [  # a word, and the indent of its cell
        max(len(cell) - len(cell.lstrip()) + max(map(len, cell.split()), default=0) for cell in cells)
        for cells in columns
    ]
    spare, widths = room - sum(fewest), list(fewest)
    if spare < 0:
        return []
    needs = sorted((most[place] - fewest[place], place) for place in range(len(fewest)))
    for done, (need, place) in enumerate(needs):
        given = min(need, spare // (len(needs) - done))
        widths[place] += given
        spare -= given
    return widths


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> list[str]:
    """The lines of a row."""
    columns = [
        [line.rjust(width) if number else line.ljust(width) for line in _wrapped(cell, width) or [""]]
        for cell, width, number in zip(cells, widths, right, strict=True)
    ]
    blank = [" " * width for width in widths]
    return [
        GAP.join(line or empty for line, empty in zip(lines, blank, strict=True))
        for lines in zip_longest(*columns, fillvalue="")
    ]


def _records(table: Table, groups: Sequence[Sequence[Sequence[str]]], width: int, bold: bool) -> list[str]:
    """A table too wide for the terminal: each row as lines with the headings before the cells."""
    lines = []
    for group, rows in zip(table.groups, groups, strict=True):
        if group.heading:
            lines += ["", *_wrapped(group.heading, width, bold)]
        for row in rows:
            first, *others = [
                f"{_one_line(head)}: {cell}" if head.strip() else cell
                for head, cell in zip(table.columns.values(), row, strict=True)
                if cell
            ]
            lines += ["", *_wrapped("\n".join([first, *(f"  {said}" for said in others)]), width)]
    return lines

"""The renderers: the parts of a sheet on a terminal, as HTML and as CSV, and documents as JSON."""

from __future__ import annotations

import csv as tables
import json
from collections.abc import Iterable, Sequence
from html import escape
from io import StringIO
from itertools import zip_longest
from math import isfinite
from textwrap import wrap
from typing import Any

from tverretatlig_sim.i18n import Message
from tverretatlig_sim.scenario.spreadsheets import as_text
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
PLAIN = {"─": "-", "█": "#", "░": ".", "−": "-", "→": "->", "←": "<-", "≠": "!=", "≤": "<=", "…": "..."}
"""What stands for a sign that a terminal cannot show."""


def as_json(document: Document | list[Document], *, ascii_only: bool = False) -> str:
    """The document as strict JSON on indented lines.

    Raises:
        ValueError: if it holds a number that JSON has no way to write.
    """
    return json.dumps(document, indent=2, ensure_ascii=ascii_only, allow_nan=False, default=_said)


def _said(value: object) -> str:
    if isinstance(value, Message):
        return str(value)
    raise TypeError(f"{type(value).__name__}: JSON has no way to write it")


def as_csv(table: Table) -> str:
    """A table for machines: codes and unrounded numbers, intervals in columns of their own.

    Text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    rows = [
        {name: raw for key in table.columns for name, raw in _raw(key, row.get(key))} for row in table.rows
    ]
    names = dict.fromkeys(name for row in rows for name in row)
    made = StringIO()
    writer = tables.DictWriter(made, [as_text(name) for name in names], lineterminator="\n")
    writer.writeheader()
    writer.writerows({as_text(name): as_text(raw) for name, raw in row.items()} for row in rows)
    return made.getvalue()


def _raw(key: str, cell: Cell) -> Iterable[tuple[str, Any]]:
    """Columns of CSV that a cell fills."""
    match cell:
        case Value() | Span():
            mean = [(key, _number(cell.mean))] if isinstance(cell, Value) else []
            ends = ((f"{key}_low", cell.low), (f"{key}_high", cell.high))
            return [*mean, *((name, end) for name, end in ends if end is not None and isfinite(end))]
        case Word():
            return [(key, cell.key)]
        case Bar():
            return []
        case _:
            return [(key, text(cell))]


def _number(value: float) -> float | str:
    return value if isfinite(value) else ""


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
    tag, scope = ("td", "") if place else ("th", ' scope="row"')
    kind = ' class="number"' if isinstance(cell, Value | Span | int) else ""
    hidden = ' aria-hidden="true"' if isinstance(cell, Bar) else ""
    return f"<{tag}{scope}{kind}{hidden}>{escape(text(cell))}</{tag}>"


def terminal(*parts: Part, width: int, bold: bool = False, encoding: str = "utf-8") -> str:
    """Parts of a sheet as lines of a terminal; no word is broken, and no line longer unless a word is.

    Args:
        parts: from top to bottom.
        width: characters in a line.
        bold: whether headings are set in bold.
        encoding: of the terminal; signs it does not have are replaced.
    """
    lines: list[str] = []
    for line in (line.rstrip() for part in parts for line in _lines(part, width, bold)):
        if line or (lines and lines[-1]):  # no empty line after another
            lines.append(line)
    shown = "\n".join(lines).replace(GLUE, " ")
    for sign, instead in PLAIN.items():
        if sign in shown and sign != sign.encode(encoding, "replace").decode(encoding):
            shown = shown.replace(sign, instead)
    return shown


def _lines(part: Part, width: int, bold: bool) -> list[str]:
    if isinstance(part, Table):
        return ["", *_table(part, width, bold), ""]
    return [_bold(line, bold and isinstance(part, Heading)) for line in _wrapped(part, width)]


def _bold(line: str, bold: bool) -> str:
    return f"\033[1m{line}\033[0m" if bold and line else line


def _wrapped(said: str, width: int) -> list[str]:
    """Text in lines, broken at spaces only; indented lines keep their indent."""
    lines: list[str] = []
    for line in said.splitlines() or [""]:
        indent = line[: len(line) - len(line.lstrip())]
        found = wrap(
            line, max(width, 1), subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        )
        lines += found or [""]
    return lines


def _table(table: Table, width: int, bold: bool) -> list[str]:
    heads = list(table.columns.values())
    groups = [
        [_texts(table, row, GAP if group.heading else "") for row in group.rows] for group in table.groups
    ]
    right = [_is_numeric([row.get(key) for row in table.rows]) for key in table.columns]
    room = width - len(GAP) * (len(heads) - 1)
    widths = _widths([heads, *(row for rows in groups for row in rows)], room)
    if widths is None:  # numbers may be broken at their spaces
        groups = [[[cell.replace(GLUE, " ") for cell in row] for row in rows] for rows in groups]
        widths = _widths([heads, *(row for rows in groups for row in rows)], room)
    title = [_bold(line, bold) for line in _wrapped(table.title, width)] if table.title else []
    note = _wrapped(table.note, width) if table.note else []
    if widths is None:
        return [*title, *_records(table, groups, width, bold), *note]
    rule = "─" * (sum(widths) + len(GAP) * (len(widths) - 1))
    head = [_bold(line, bold) for line in _row(heads, widths, right)] if any(map(str.strip, heads)) else []
    lines = [*title, *head, rule]
    for place, (group, rows) in enumerate(zip(table.groups, groups, strict=True)):
        if group.heading:
            lines += [_bold(line, bold) for line in _wrapped(group.heading, width)]
        elif place:
            lines.append(rule)
        drawn = [_row(row, widths, right) for row in rows]
        tall = any(len(row) > TALL for row in drawn)
        lines += [line for row in drawn for line in ([*row, ""] if tall else row)]
    return [*lines, *note]


def _texts(table: Table, row: Cells, indent: str) -> list[str]:
    """The cells of a row, its first indented, numbers glued together."""
    first, *others = (_glued(row.get(key)) for key in table.columns)
    return [indent + first, *others]


def _glued(cell: Cell) -> str:
    match cell:
        case Several():
            return cell.between.join(map(_glued, cell.cells))
        case Value() | Span():
            return text(cell).replace(" ", GLUE)
        case _:
            return text(cell)


def _is_numeric(cells: Sequence[Cell]) -> bool:
    words = any(isinstance(cell, str | Word) and text(cell) for cell in cells)
    return not words and any(isinstance(cell, Value | Span | int) for cell in cells)


def _widths(rows: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """Widths of columns, those that need least satisfied first; None if not every word has room."""
    fewest, most = (
        [max(max(map(len, parts(cell)), default=0) for cell in cells) for cells in zip(*rows, strict=True)]
        for parts in (str.split, str.splitlines)
    )
    spare, widths = room - sum(fewest), list(fewest)
    if spare < 0:
        return None
    needs = sorted((most[place] - fewest[place], place) for place in range(len(fewest)))
    for done, (need, place) in enumerate(needs):
        given = min(need, spare // (len(needs) - done))
        widths[place] += given
        spare -= given
    return widths


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> list[str]:
    """The lines of a row."""
    parts = (_wrapped(said, width) for said, width in zip(cells, widths, strict=True))
    return [
        GAP.join(
            said.rjust(width) if number else said.ljust(width)
            for said, width, number in zip(line, widths, right, strict=True)
        )
        for line in zip_longest(*parts, fillvalue="")
    ]


def _records(table: Table, groups: Sequence[Sequence[Sequence[str]]], width: int, bold: bool) -> list[str]:
    """A table too wide for the terminal: each row as lines with the headings before the cells."""
    lines = []
    for group, rows in zip(table.groups, groups, strict=True):
        if group.heading:
            lines += ["", *(_bold(line, bold) for line in _wrapped(group.heading, width))]
        for row in rows:
            first, *others = [
                f"{_one_line(head)}: {cell}" if head.strip() else cell
                for head, cell in zip(table.columns.values(), row, strict=True)
                if cell
            ]
            lines += ["", *_wrapped(first, width)]
            lines += [line for said in others for line in _wrapped(f"  {said}", width)]
    return lines

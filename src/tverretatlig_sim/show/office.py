"""Pages and tables as files for Word and Excel: real headings, captions, alternative texts, typed numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from io import BytesIO
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tverretatlig_sim.errors import TverretatligError
from tverretatlig_sim.i18n import Message, _, current_language, label
from tverretatlig_sim.show.render import texts
from tverretatlig_sim.show.rows import (
    Cell,
    Heading,
    PagePart,
    Picture,
    Points,
    Table,
    Value,
    scaled,
    text,
)

if TYPE_CHECKING:
    from docx.document import Document

INSTALL = _("Install it with: pip install 'tverretatlig-sim[office]'")
SPELLING = {"en": "en-GB", "nb": "nb-NO"}
"""Language in which Word checks spelling."""
CENTIMETRES, DPI = 16, 300
"""Width of figures in a document, and their resolution."""
MARGIN, SMALL = 1.4, 9
"""Margins in centimetres and size of the letters in points, so that a page holds a brief."""
DECIMALS = {"share": "0.0", "level": "0.00"}
"""How Excel shows numbers, by unit; others as they are needed."""


class OfficeError(TverretatligError):
    """A file of an office program cannot be made; says what is missing."""

    advice: Message | str = INSTALL


def _needed(module: str, package: str, what: str) -> Any:  # noqa: ANN401
    try:
        return import_module(module)
    except ImportError:
        raise OfficeError(_("{what} files need the package {package}", what=what, package=package)) from None


def check(ending: str) -> None:
    """Refuse, before any time is spent, an ending of which no file can be made here.

    Raises:
        OfficeError: what it needs is not installed.
    """
    if ending == ".docx":
        _needed("docx", "python-docx", "docx")
    elif ending == ".xlsx":
        _needed("xlsxwriter", "XlsxWriter", "xlsx")


# --- Word


def docx(title: str, sections: Mapping[str, Sequence[PagePart]], template: str | Path | None = None) -> bytes:
    """A page as a Word document.

    Args:
        title: its heading.
        sections: parts by heading, in order.
        template: a document whose styles, headers and footers are kept and whose text is left out.

    Raises:
        OfficeError: python-docx is not installed, or the template is no document.
    """
    word = _needed("docx", "python-docx", "docx")
    shared = import_module("docx.shared")
    try:
        document = word.Document(str(template) if template else None)
    except Exception as error:  # whatever stands in the file
        raise OfficeError(_("{file}: is no Word document that can be read", file=template)) from error
    if template is None:
        _plain_look(document, shared)
    body = document.element.body
    for child in list(body):
        if not child.tag.endswith("sectPr"):
            body.remove(child)
    document.core_properties.title = title
    document.core_properties.language = SPELLING.get(current_language(), "en-GB")
    document.core_properties.author = "tverretatlig-sim"
    document.add_heading(title, level=1)
    for heading, parts in sections.items():
        document.add_heading(heading, level=2)
        for part in parts:
            _add(document, part, shared)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _plain_look(document: Document, shared: Any) -> None:  # noqa: ANN401
    """A4, narrow margins and small letters."""
    page = document.sections[0]
    page.page_width, page.page_height = shared.Cm(21), shared.Cm(29.7)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(page, side, shared.Cm(MARGIN))
    looks = {"Normal": (SMALL, 2), "List Bullet": (SMALL, 0), "List Number": (SMALL, 0), "Caption": (8, 3),
             "Heading 1": (15, 2), "Heading 2": (11, 1)}  # fmt: skip
    for name, (size, after) in looks.items():
        style: Any = document.styles[name]
        style.font.size = shared.Pt(size)
        style.paragraph_format.space_after = shared.Pt(after)
        style.paragraph_format.space_before = shared.Pt(3 if name.startswith("Heading") else 0)
        style.paragraph_format.line_spacing = 1.0


def _add(document: Document, part: PagePart, shared: Any) -> None:  # noqa: ANN401
    if isinstance(part, Heading):
        document.add_heading(str(part), level=3)
    elif isinstance(part, str):
        document.add_paragraph(part)
    elif isinstance(part, Points):
        for item in part.items:
            document.add_paragraph(item, style="List Number" if part.numbered else "List Bullet")
    elif isinstance(part, Picture):
        from tverretatlig_sim.show.plots.style import drawn  # matplotlib is slow to import

        image = BytesIO(drawn(part.figure, "png", DPI))
        shape = document.add_picture(image, width=shared.Cm(CENTIMETRES))
        shape._inline.docPr.set("descr", part.alt)
        document.paragraphs[-1].paragraph_format.keep_with_next = True
        document.add_paragraph(part.caption, style="Caption")
    elif isinstance(part, Table):
        _add_table(document, part)
    else:
        document.add_heading(part.summary, level=3)
        for table in part.parts:
            _add_table(document, table)


def _add_table(document: Document, table: Table) -> None:
    caption = document.add_paragraph(table.title, style="Caption")
    caption.paragraph_format.keep_with_next = True
    made = document.add_table(rows=1, cols=len(table.columns), style="Table Grid")
    for cell, heading in zip(made.rows[0].cells, table.columns.values(), strict=True):
        cell.text = heading
        for run in cell.paragraphs[0].runs:
            run.bold = True
    heads: Any = made.rows[0]._tr.get_or_add_trPr()
    heads.append(
        heads.makeelement("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}tblHeader", {})
    )
    for rows in texts(table):
        for row in rows:
            for cell, said in zip(made.add_row().cells, row, strict=True):
                cell.text = said
    if table.note:
        document.add_paragraph(table.note)


# --- Excel


def xlsx(tables: Mapping[str, Table]) -> bytes:
    """Tables as a workbook: a sheet each, numbers as numbers, headings in the current language.

    An interval has two columns of its own behind that of its number.

    Args:
        tables: by key; a sheet is called by the title of its table.

    Raises:
        OfficeError: XlsxWriter is not installed.
    """
    writer, made = _needed("xlsxwriter", "XlsxWriter", "xlsx"), BytesIO()
    book = writer.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, wrapped = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": True})
    shown = {kind: book.add_format({"num_format": form}) for kind, form in DECIMALS.items()}
    taken = set[str]()
    for key, table in tables.items():
        name = _sheet_name(table.title or key, taken)
        sheet = book.add_worksheet(name)
        sheet.write_string(0, 0, table.title or key, bold)
        intervals = {
            column for column in table.columns if any(_has_interval(row.get(column)) for row in table.rows)
        }
        place = 0
        for column, heading in table.columns.items():
            ends = [label("office.low"), label("office.high")] if column in intervals else []
            words = any(isinstance(row.get(column), str) for row in table.rows)
            sheet.set_column(place, place + len(ends), 48 if words and not place else 18)
            for offset, said in enumerate([heading, *ends]):
                sheet.write_string(2, place + offset, said, bold)
            for number, row in enumerate(table.rows, start=3):
                _write(sheet, number, place, row.get(column), bool(ends), shown, wrapped)
            place += 1 + len(ends)
        sheet.freeze_panes(3, 1)
        if table.note:
            sheet.write_string(4 + len(table.rows), 0, table.note, wrapped)
    book.close()
    return made.getvalue()


def _sheet_name(title: str, taken: set[str]) -> str:
    """A name that Excel allows and no other sheet has."""
    name = "".join(" " if sign in "[]:*?/\\'" else sign for sign in title)[:28].strip()
    while name.casefold() in taken:
        name += "+"
    taken.add(name.casefold())
    return name


def _has_interval(cell: Cell) -> bool:
    return isinstance(cell, Value) and cell.high > cell.low


def _write(
    sheet: Any,  # noqa: ANN401
    row: int,
    column: int,
    cell: Cell,
    ends: bool,
    shown: Mapping[str, Any],
    wrapped: Any,  # noqa: ANN401
) -> None:
    if isinstance(cell, Value):
        unit = cell.unit or "number"
        numbers: Iterable[float] = (cell.mean, cell.low, cell.high) if ends else (cell.mean,)
        for place, value in enumerate(numbers):
            if isfinite(value):
                sheet.write_number(row, column + place, scaled(value, unit), shown.get(unit))
    elif isinstance(cell, int):
        sheet.write_number(row, column, cell)
    elif cell is not None:
        sheet.write_string(row, column, text(cell), wrapped)

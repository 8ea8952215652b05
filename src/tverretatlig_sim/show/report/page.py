"""A page as HTML: the brief alone, or with the sections of a report behind it, in one template."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from matplotlib.figure import Figure

from tverretatlig_sim.i18n import current_language, label
from tverretatlig_sim.scenario.load import ScenarioLike
from tverretatlig_sim.show.brief import Brief
from tverretatlig_sim.show.office import docx, xlsx
from tverretatlig_sim.show.plots.style import drawn
from tverretatlig_sim.show.render import html
from tverretatlig_sim.show.report.sections import report_sections
from tverretatlig_sim.show.rows import PagePart
from tverretatlig_sim.study.briefing import gather
from tverretatlig_sim.study.history_matching import read_stored
from tverretatlig_sim.version import __version__


@dataclass(frozen=True, eq=False)
class Page(Brief):
    """A brief that can be shown and written, in the language that is current then; see ``Brief``."""

    def html(self, *, report: bool = False) -> str:
        """The brief as one HTML page that needs no other file and no network: one sheet of A4 in print.

        Args:
            report: whether the sections of a report follow.
        """
        return _page(self, report_sections(self) if report else {})

    def data(self, ending: str, template: str | Path | None = None) -> bytes:
        """The brief as a file.

        Args:
            ending: ``.html``, ``.docx`` (for Word) or ``.xlsx`` (all numbers behind it, for Excel).
            template: a Word document whose styles, header and footer are used.

        Raises:
            OfficeError: what the file needs is not installed, or the template cannot be read.
        """
        if ending == ".docx":
            sections = {label(f"brief.{key}"): parts for key, parts in self.sections.items()}
            return docx(self.title, sections, template)
        return xlsx(self.tables) if ending == ".xlsx" else self.html().encode()

    def save(self, path: str | Path, template: str | Path | None = None) -> None:
        """Write the brief; the ending of the file says how, see ``data``."""
        Path(path).write_bytes(self.data(Path(path).suffix.lower(), template))


def brief(
    base: ScenarioLike,
    change: ScenarioLike,
    runs: int = 500,
    seed: int = 1,
    months: int | None = None,
    parameters: Mapping[str, float] | None = None,
    *,
    robust: bool = True,
) -> Page:
    """One page on a base and its change: what the change gives, how sure that is, what each part of it does.

    Args:
        base: as for ``load_scenario``.
        change: what ``edit`` made of it, the base with levers, or any other scenario of another name.
        runs: of both; combinations of changes get at most 128.
        seed: of the draws, the same for all.
        months: length of all runs; default: the longer of the scenarios' own.
        parameters: values that replace the defaults.
        robust: whether the answer is tried in parameter sets that agree with the evidence.

    Raises:
        ScenarioError, ValueError: as ``compare``.
    """
    stored = read_stored() if robust else None
    return Page(gather(base, change, runs, seed, months, parameters, stored=stored))


def _page(brief: Brief, sections: Mapping[str, Sequence[PagePart]]) -> str:
    pages = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["html"] = lambda part: Markup(html(part))
    pages.filters["kind"] = lambda part: type(part).__name__
    pages.filters["uri"] = _uri
    return pages.get_template("report.html.jinja").render(
        label=label,
        lang=current_language(),
        style=Markup((files(__package__) / "templates" / "report.css").read_text(encoding="utf-8")),
        title=brief.title,
        first=brief.sections,
        sections=sections,
        version=__version__,
    )


def _uri(figure: Figure) -> str:
    """A figure as an SVG image inside the page: sharp at any size, its names no part of the markup."""
    return f"data:image/svg+xml;base64,{b64encode(drawn(figure, 'svg')).decode('ascii')}"

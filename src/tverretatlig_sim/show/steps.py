"""What became of every mandate and recommendation in one run, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.rows import Cells, Group, Row, Sheet, keyed, rows_of
from tverretatlig_sim.show.simulations import legend

if TYPE_CHECKING:
    from tverretatlig_sim.ensemble.ensemble import Ensemble


def steps_sheet(ensemble: Ensemble, run: int) -> Sheet:
    """The steps of one run, case by case.

    Raises:
        ValueError: if there is no such run.
    """
    scenario, found = ensemble.scenario, ensemble.steps(run)
    titled = (*scenario.arrangement.forum, *scenario.ministries, *scenario.portfolio.project)
    titles = {it.name: str(it.title) for it in titled}
    groups = [
        Group(
            [_cells([*same], titles) for _, same in groupby(rows, itemgetter("month", "step"))],
            _with_title(case, titles.get(case.rpartition("/")[0] or case)),
        )
        for case, rows in groupby(rows_of(found), itemgetter("case"))
    ]
    head = {"scenario": scenario.name, "run": run, "seed": ensemble.seed, "months": ensemble.months}
    table = keyed(*groups, of="steps")
    return Sheet([legend([scenario]), label("note.steps", **head), table], {**head, "steps": found})


def _with_title(case: str, title: str | None) -> str:
    return f"{case} ({title})" if title and title != case else case


def _cells(same: Sequence[Row], titles: Mapping[str, str]) -> Cells:
    """One step, with all whom it concerns in a month."""
    first, everyone = same[0], [row["who"] for row in same]
    detail = label(f"reason.{first['detail']}") if first["step"] == "dropped" else first["detail"]
    return {
        "date": first["date"],
        "step": label(f"steps.{first['step']}", detail=detail),
        "who": ", ".join(everyone) if everyone[1:] else titles.get(everyone[0], everyone[0]),
    }

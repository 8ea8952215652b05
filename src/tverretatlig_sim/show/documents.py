"""Results as JSON documents: plain numbers and text, null where a number is missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from math import isfinite
from typing import TYPE_CHECKING, Any

from tverretatlig_sim.i18n import Message
from tverretatlig_sim.show.findings import findings
from tverretatlig_sim.show.frames import rows_of

if TYPE_CHECKING:
    import pandas as pd

    from tverretatlig_sim.ensemble.compare import Comparison
    from tverretatlig_sim.ensemble.ensemble import Ensemble
    from tverretatlig_sim.scenario import Scenario

Document = dict[str, Any]
SUMMARY = ("mean", "sd", "low", "high", "n", "missing")


def ensembles_document(ensembles: Mapping[str, Ensemble]) -> Document:
    """How the ensembles were run; mean, sd and 95 % interval of the mean of every outcome."""
    first = next(iter(ensembles.values()))
    return {
        "seed": first.seed,
        "runs": first.runs,
        "months": first.months,
        "parameters": {name: getattr(x, "tolist", lambda x=x: x)() for name, x in first.parameters.items()},
        **_precision(first),
        "scenarios": {name: _summary(ensemble) for name, ensemble in ensembles.items()},
        "frameworks": {name: frameworks_document(item.frameworks()) for name, item in ensembles.items()},
    }


def comparison_document(comparison: Comparison) -> Document:
    """As ``ensembles_document``, with the paired differences and the sentences they support."""
    return {
        **ensembles_document(comparison.ensembles),
        "differences": records(comparison.table()),
        "findings": findings(comparison),
    }


def frameworks_document(readouts: pd.DataFrame) -> Document:
    """Read-outs of the sources' frameworks by measure, and where the chain of the theory of change breaks."""
    from tverretatlig_sim.ensemble.frameworks import weakest_link  # numerical libraries are slow to import

    measures = dict(zip(map(str, readouts.index), records(readouts), strict=True))
    return {"breaks_at": weakest_link(readouts), "measures": measures}


def _precision(ensemble: Ensemble) -> Document:
    """What precision was asked for and reached, if any was."""
    found = ensemble.stopping_rule
    if found is None:
        return {}
    half = found.half_width if isfinite(found.half_width) else None
    return {"until": {**vars(found), "half_width": half, "reached": found.reached}}


def _summary(ensemble: Ensemble) -> Document:
    table = ensemble.summary()
    return dict(zip(map(str, table.index), records(table[list(SUMMARY)]), strict=True))


def scenario_document(scenario: Scenario) -> Document:
    """A scenario with everything it is made of, and what that is in terms of the frameworks."""
    from tverretatlig_sim.ensemble.frameworks import frameworks  # numerical libraries are slow to import

    return {
        "name": scenario.name,
        "title": scenario.title.model_dump(),
        "summary": scenario.summary and scenario.summary.model_dump(),
        "source": scenario.source,
        "start": scenario.start,
        "months": scenario.default_months,
        "levers": list(scenario.levers),
        "notes": [str(note) for note in scenario.notes],
        "core": sorted(scenario.core),
        "ministries": [ministry.model_dump() for ministry in scenario.ministries],
        "agencies": [agency.model_dump() for agency in scenario.agencies],
        "arrangement": scenario.arrangement.model_dump(),
        "portfolio": scenario.portfolio.model_dump(),
        "letters": scenario.letters.model_dump(),
        "parameters": {name: quantity.model_dump() for name, quantity in scenario.parameters.items()},
        "frameworks": frameworks_document(frameworks(scenario))["measures"],
    }


def fingerprint(scenario: Scenario) -> str:
    """SHA-256 of everything a scenario is made of, in hexadecimal: the same for the same content."""
    content = json.dumps(scenario_document(scenario), sort_keys=True, ensure_ascii=True, allow_nan=False)
    return sha256(content.encode("ascii")).hexdigest()


def records(frame: pd.DataFrame) -> list[Document]:
    """The rows of a table; None for missing numbers."""
    return [
        {key: None if _is_missing(value) else value for key, value in row.items()} for row in rows_of(frame)
    ]


def _is_missing(value: object) -> bool:
    return isinstance(value, float) and not isfinite(value)


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

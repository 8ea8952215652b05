"""The evidence-consistent parameter sets that come with the package, and how they were made."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import scipy

from tverretatlig_sim.i18n import _
from tverretatlig_sim.scenario.files import shipped_folder
from tverretatlig_sim.study.robust.retain import History
from tverretatlig_sim.study.sampling import ParameterSets, uncertain_parameters
from tverretatlig_sim.version import __version__

FOLDER = "evidence-consistent"
SETS, MANIFEST, CRITERIA, REGIONS = "sets.csv", "manifest.json", "criteria.csv", "regions.csv"


@dataclass(frozen=True)
class Stored:
    """Evidence-consistent parameter sets with the manifest of how they were made.

    Attributes:
        sets: the parameter sets; parameters they do not name keep their defaults.
        manifest: seed, numbers, versions, command.
        stale: names of uncertain parameters that the sets do not cover, or that are none any more.
    """

    sets: ParameterSets
    manifest: Mapping[str, Any]
    stale: tuple[str, ...]


def read_stored(folder: Path | None = None) -> Stored:
    """Read evidence-consistent sets; default: those that come with the package.

    Raises:
        ValueError: if there are none.
    """
    folder = shipped_folder() / FOLDER if folder is None else folder
    if not (folder / SETS).is_file():
        raise ValueError(
            _(
                "{folder}: no evidence-consistent sets; “tverretatlig retain --out {folder}” makes them",
                folder=folder,
            )
        )
    table = pd.read_csv(folder / SETS)
    known = uncertain_parameters()
    stale = sorted(set(known) ^ {str(name) for name in table})
    names = tuple(str(name) for name in table if name in known)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return Stored(ParameterSets(names, table[list(names)].to_numpy(dtype=np.float64)), manifest, tuple(stale))


def stored_sets(most: int | None = None) -> ParameterSets:
    """The evidence-consistent sets that come with the package, or the first of them.

    Raises:
        ValueError: if there are none.
    """
    sets = read_stored().sets
    return sets if most is None else sets.part(0, most)


def manifest_of(history: History, command: str) -> dict[str, Any]:
    """How evidence-consistent sets were made."""
    return {
        "command": command,
        "seed": history.seed,
        "drawn": len(history.sets),
        "stages": list(history.stages),
        "runs": history.runs,
        "kept": len(history.kept),
        "versions": {
            "tverretatlig-sim": __version__,
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scipy": scipy.__version__,
        },
    }


def write_stored(history: History, command: str) -> dict[str, Any]:
    """Files of evidence-consistent sets: how to write each, by file name.

    Args:
        history: of which the retained sets are kept.
        command: that makes them again.
    """
    sets = pd.DataFrame(history.retained.values, columns=list(history.sets.names))
    manifest = json.dumps(manifest_of(history, command), indent=2, ensure_ascii=False) + "\n"
    return {
        SETS: partial(_csv, sets),
        CRITERIA: partial(_csv, history.leave_one_out()),
        REGIONS: partial(_csv, history.regions()),
        MANIFEST: lambda path: path.write_text(manifest, encoding="utf-8"),
    }


def _csv(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False, lineterminator="\n", encoding="utf-8", float_format="%.6g")

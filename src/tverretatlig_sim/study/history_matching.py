"""History matching: which parameter sets does the evidence not rule out? And those that are stored."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import scipy

from tverretatlig_sim.arrays import Flags, Floats, Integers
from tverretatlig_sim.i18n import _
from tverretatlig_sim.kernel.month import RULES
from tverretatlig_sim.scenario.errors import at_least
from tverretatlig_sim.scenario.files import shipped_folder
from tverretatlig_sim.study.patterns import Evaluated, Pattern, evaluated, shipped
from tverretatlig_sim.study.sampling import ParameterSets, Progress, draw_sets, uncertain_parameters, wilson
from tverretatlig_sim.version import __version__
from tverretatlig_sim.workers import sharing

FOLDER = "evidence-consistent"
SETS, MANIFEST, CRITERIA, REGIONS = "sets.csv", "manifest.json", "criteria.csv", "regions.csv"
"""Files of evidence-consistent sets."""
FEW = 0.01
"""If fewer of the sets than this agree with all criteria, those that miss one are kept too."""
NAN = float("nan")


def criteria() -> list[Pattern]:
    """Patterns that can rule a parameter set out: what was observed and no rule states."""
    return [it for it in shipped().values() if (it.kind, it.evidence) == ("emergent", "observed")]


@dataclass(frozen=True, eq=False)
class HistoryMatch:
    """Parameter sets, and how implausible each criterion makes them.

    Attributes:
        sets: all that were drawn.
        criteria: what they were held against.
        values: statistics, shape (set, criterion).
        noise: standard deviation of each statistic by the draws of its runs, shape (criterion,).
        runs, seed: runs of each set and scenario, seed of sets and draws.
        stages: number of sets drawn so far at the end of each stage.
    """

    sets: ParameterSets
    criteria: tuple[Pattern, ...]
    values: Floats
    noise: Floats
    runs: int
    seed: int
    stages: tuple[int, ...]

    @property
    def implausibility(self) -> Floats:
        """Shortfall from what the evidence says, in units of tolerance and noise. Shape (set, criterion).

        The shortfall of an ordering is how far it is on the wrong side, of a distance the distance itself.
        The unit is the tolerance and twice the standard deviation by draws, added as variances are. Undefined
        statistics rule nothing out.
        """
        rows = zip(self.criteria, self.values.T, self.noise, strict=True)
        return np.column_stack([implausibility(pattern, values, noise) for pattern, values, noise in rows])

    @property
    def passed(self) -> Flags:
        """Whether each criterion leaves each set in. Shape (set, criterion)."""
        return np.asarray(self.implausibility <= 1.0)

    @property
    def kept(self) -> Integers:
        """Positions of the sets that no criterion rules out, or hardly any set would be left: at most one."""
        missed = (~self.passed).sum(axis=1)
        return np.flatnonzero(missed <= ((missed == 0).mean() < FEW))

    @property
    def conflicts(self) -> dict[str, float]:
        """Criteria that sets which were kept contradict, with the share of these sets that do."""
        missed = (~self.passed[self.kept]).mean(axis=0) if len(self.kept) else np.zeros(len(self.criteria))
        return {one.id: float(share) for one, share in zip(self.criteria, missed, strict=True) if share > 0}

    @property
    def retained(self) -> ParameterSets:
        """The sets that were kept."""
        return self.sets.chosen(self.kept)

    def leave_one_out(self) -> pd.DataFrame:
        """Each criterion checked on the sets that all others keep.

        Returns:
            Columns ``id``, ``evidence``, ``tolerance``, ``noise``, ``passed`` (share of all sets it leaves
            in), ``others`` (sets that all others keep), ``share``, ``low``, ``high`` (share of these it keeps
            too, with Wilson interval), ``alone`` (sets only it rules out).
        """
        passed = self.passed
        return pd.DataFrame([self._left_out(passed, k) for k in range(len(self.criteria))])

    def _left_out(self, passed: Flags, k: int) -> dict[str, object]:
        others = np.delete(passed, k, axis=1).all(axis=1)
        right, n = int((others & passed[:, k]).sum()), int(others.sum())
        low, high = wilson(right, n)
        return {
            **{name: getattr(self.criteria[k], name) for name in ("id", "evidence", "tolerance")},
            "noise": float(self.noise[k]),
            "passed": float(passed[:, k].mean()),
            "others": n,
            "share": right / n if n else NAN,
            "low": low,
            "high": high,
            "alone": n - right,
        }

    def regions(self) -> pd.DataFrame:
        """Where in each parameter's range sets were ruled out, the most uneven first.

        Returns:
            Columns ``parameter``, ``low``, ``high`` (evidence range), ``kept_low``, ``kept_middle``,
            ``kept_high`` (share kept in each third of the range), ``kept_from``, ``kept_to`` (5 and 95 %
            quantiles of the kept), and ``contrast``: largest less smallest share over the mean share.
        """
        kept = np.isin(np.arange(len(self.sets)), self.kept)
        rows = [
            _region(name, column, kept)
            for name, column in zip(self.sets.names, self.sets.values.T, strict=True)
        ]
        return pd.DataFrame(rows).sort_values("contrast", ascending=False, ignore_index=True)


def _region(name: str, column: Floats, kept: Flags) -> dict[str, object]:
    spec = uncertain_parameters()[name]
    third = np.clip(((column - spec.low) / (spec.high - spec.low) * 3).astype(int), 0, 2)
    shares = [float(kept[third == k].mean()) if (third == k).any() else NAN for k in range(3)]
    ends = np.quantile(column[kept], [0.05, 0.95]) if kept.any() else [NAN, NAN]
    spread = np.nanmax(shares) - np.nanmin(shares)
    return {
        "parameter": name,
        "low": spec.low,
        "high": spec.high,
        **dict(zip(("kept_low", "kept_middle", "kept_high"), shares, strict=True)),
        "kept_from": float(ends[0]),
        "kept_to": float(ends[1]),
        "contrast": float(spread / kept.mean()) if kept.any() else 0.0,
    }


def implausibility(pattern: Pattern, values: Floats, noise: float) -> Floats:
    """Shortfall of each set's statistic in units of tolerance and noise; see ``HistoryMatch``."""
    shortfall = values if pattern.is_distance else -pattern.direction * values
    shortfall = np.nan_to_num(np.maximum(shortfall, 0.0), nan=0.0)
    unit = np.hypot(pattern.tolerance, 2.0 * np.nan_to_num(noise))
    return np.where(shortfall > 0, shortfall / unit if unit > 0 else np.inf, 0.0)


@sharing
def match_history(
    number: int = 4096,
    runs: int = 4,
    seed: int = 1,
    *,
    want: int = 512,
    most: int = 16384,
    chosen: Sequence[Pattern] | None = None,
    progress: Progress | None = None,
    workers: int | None = None,
) -> HistoryMatch:
    """Draw parameter sets in stages until enough agree with the evidence. Tolerances stay as they are.

    Args:
        number: sets of a stage.
        runs: of each set and scenario, at least 2, so that noise can be told from parameters.
        seed: of the sets and of the draws.
        want: sets to keep, at least.
        most: sets drawn at most; fewer may then be kept than wanted.
        chosen: criteria; default: ``criteria()``.
        progress: called with the number of sets finished since the last call.
        workers: processes, as for ``simulate``.

    Raises:
        ValueError: if a number is out of range.
    """
    if runs < 2:
        raise ValueError(at_least("runs", runs, 2))
    held = tuple(criteria() if chosen is None else chosen)
    parts: list[Evaluated] = []
    stages: list[int] = []
    while True:
        drawn = draw_sets(number, seed, skip=sum(stages))
        parts += evaluated(held, drawn, runs, seed, rules=RULES, progress=progress)
        stages.append(number)
        whole, sets = Evaluated.joined(parts), draw_sets(sum(stages), seed)
        ends = tuple(int(end) for end in np.cumsum(stages))
        found = HistoryMatch(sets, held, whole.values, whole.deviation, runs, seed, ends)
        if len(found.kept) >= want or ends[-1] + number > most:
            return found


# --- stored sets


@dataclass(frozen=True, eq=False)
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
    rows, known = pd.read_csv(folder / SETS), uncertain_parameters()
    stale = sorted(set(known) ^ {str(name) for name in rows})
    names = tuple(str(name) for name in rows if name in known)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return Stored(ParameterSets(names, rows[list(names)].to_numpy(dtype=np.float64)), manifest, tuple(stale))


def stored_sets(most: int | None = None) -> ParameterSets:
    """The evidence-consistent sets that come with the package, or the first of them.

    Raises:
        ValueError: if there are none.
    """
    sets = read_stored().sets
    return sets if most is None else sets.part(0, most)


def manifest_of(found: HistoryMatch, command: str) -> dict[str, Any]:
    """How evidence-consistent sets were made."""
    return {
        "command": command,
        "seed": found.seed,
        "drawn": len(found.sets),
        "stages": list(found.stages),
        "runs": found.runs,
        "kept": len(found.kept),
        "conflicts": found.conflicts,
        "versions": {
            "tverretatlig-sim": __version__,
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scipy": scipy.__version__,
        },
    }


def stored_files(found: HistoryMatch, command: str) -> dict[str, Any]:
    """Files of evidence-consistent sets: how to write each, by file name.

    Args:
        found: of which the retained sets are kept.
        command: that makes them again.
    """
    sets = pd.DataFrame(found.retained.values, columns=list(found.sets.names))
    manifest = json.dumps(manifest_of(found, command), indent=2, ensure_ascii=False) + "\n"
    return {
        SETS: partial(_csv, sets),
        CRITERIA: partial(_csv, found.leave_one_out()),
        REGIONS: partial(_csv, found.regions()),
        MANIFEST: lambda path: path.write_text(manifest, encoding="utf-8"),
    }


def _csv(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False, lineterminator="\n", encoding="utf-8", float_format="%.6g")

"""Evaluations kept in a file as they are made, so that a search that was stopped can go on."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from tverretatlig_sim.ensemble.statistics import MeanInterval
from tverretatlig_sim.study.search.dials import Settings

FILE = "evaluations.jsonl"

Evaluation = tuple[MeanInterval, MeanInterval]
"""Gain and cost."""


@dataclass
class Evaluations:
    """Gain and cost by settings; written down line by line if there is a folder.

    The algorithm is run anew each time and asks for the same settings in the same order, so that a search
    that was stopped and goes on gives the same as one that was not.

    Attributes:
        folder: where; None keeps them in memory only.
        job: what they were made with; lines of another job are left alone and not used.
    """

    folder: Path | None
    job: str
    known: dict[str, Evaluation] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read what is there."""
        path = self.folder / FILE if self.folder else None
        if path is not None and path.is_file():
            text = path.read_text(encoding="utf-8")
            for line in text.splitlines():
                self._take(line)
            if not text.endswith("\n"):
                path.write_text(text + "\n", encoding="utf-8")  # what follows must not join a line cut off

    def _take(self, line: str) -> None:
        try:
            entry = json.loads(line)
            if entry["job"] == self.job:
                self.known[entry["settings"]] = (MeanInterval(*entry["gain"]), MeanInterval(*entry["cost"]))
        except (ValueError, TypeError, KeyError):
            return  # cut off when the program was stopped

    def get(self, settings: Settings) -> Evaluation | None:
        """What is known about some settings."""
        return self.known.get(_key(settings))

    def put(self, settings: Settings, evaluation: Evaluation) -> None:
        """Keep an evaluation."""
        self.known[_key(settings)] = evaluation
        if self.folder is not None:
            gain, cost = evaluation
            entry = {"job": self.job, "settings": _key(settings), "gain": gain, "cost": cost}
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / FILE).open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry) + "\n")


def _key(settings: Settings) -> str:
    return json.dumps(dict(settings), sort_keys=True)

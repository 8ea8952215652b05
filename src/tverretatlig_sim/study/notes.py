"""Which rules a hybrid had to use, and on what."""

from __future__ import annotations

from dataclasses import dataclass, field

RULES = (
    "everyone", "seats", "forum", "chair", "coordinator", "members", "lead", "project", "duties", "route",
    "ties", "letter", "receivers", "assignment", "event", "secretariat", "unstaffed", "served", "facilitator",
)  # fmt: skip
"""Rules for references that a hybrid cannot honour, described in the how-to on ``explain``."""


@dataclass
class Notes:
    """Names of the entities on which each rule was used."""

    used: dict[str, set[str]] = field(default_factory=dict)

    def add(self, rule: str, name: str) -> None:
        """Note that a rule was used."""
        self.used.setdefault(rule, set()).add(name)

    def update(self, other: Notes) -> None:
        """Take in the notes of another hybrid."""
        for rule, names in other.used.items():
            self.used.setdefault(rule, set()).update(names)

    def listed(self) -> dict[str, tuple[str, ...]]:
        """Sorted names by rule, in the order of ``RULES``."""
        return {rule: tuple(sorted(self.used[rule])) for rule in RULES if rule in self.used}

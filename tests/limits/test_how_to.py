"""The how-to on the laboratory, which has the switches of these tests, leaves no parameter out."""

from __future__ import annotations

import re

from tverretatlig_sim.scenario import parameter_specs

from .laboratory import PAGE, QUIET

LEFT_ALONE = {"structure_half"}
"""Has no neutral value: it matters only while a mandate is unclear."""


def test_every_parameter_has_a_quiet_value() -> None:
    assert set(QUIET) | LEFT_ALONE == set(parameter_specs())


def test_every_parameter_is_among_the_switches() -> None:
    table = PAGE.read_text(encoding="utf-8").partition("## 2. The switches")[2].partition("## 3.")[0]
    assert [name for name in parameter_specs() if not re.search(rf"`{name}[ `]", table)] == []

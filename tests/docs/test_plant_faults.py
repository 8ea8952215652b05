"""The tool that plants faults: each is valid code, another program, and chosen by the seed."""

from __future__ import annotations

import ast
from collections import Counter

from plant_faults import AREAS, chosen


def test_every_fault_compiles_and_differs_and_the_seed_decides() -> None:
    faults = chosen(40, 1)
    assert Counter(fault.area for fault in faults) == {"kernel": 20, "edits": 10, "inference": 10}
    assert AREAS.keys() == {fault.area for fault in faults}
    assert len({(fault.path, fault.line) for fault in faults}) == 40
    assert len({fault.kind for fault in faults}) >= 8
    for fault in faults:
        source = fault.path.read_bytes()
        planted = fault.planted(source)
        compile(planted, fault.path.name, "exec")
        assert ast.dump(ast.parse(planted)) != ast.dump(ast.parse(source)), str(fault)
    assert chosen(40, 1) == faults != chosen(40, 4)

"""The command ``report``."""

from __future__ import annotations

from pathlib import Path

import html5lib
import pytest

from .conftest import Command

A = "0-24-2018"
B = f"{A}+line-calibration"
SMALL = ("--runs", "2", "--months", "40", "--seed", "5", "--no-robust")


def test_a_report_in_norwegian_with_its_numbers(command: Command, tmp_path: Path) -> None:
    done = command("report", A, B, *SMALL, "--lang", "nb", "--set", "turnover=0.04", "--out", "r.html")
    assert done.status == 0, done.err
    assert done.out == "Rapporten ligger i r.html\n"
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    parsed = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    typed = ["".join(found.itertext()) for found in parsed.iter("code")]
    mean = command(*typed[1].split()[1:]).json["scenarios"][A]["implemented_rate"]["mean"]
    rows = ["".join(row.itertext()) for row in parsed.iter("tr")]
    numbers = next(row for row in rows if row.startswith("Gjennomført innen 24 måneder"))
    assert f"{100 * mean:.1f}".replace(".", ",") in numbers
    assert "--set turnover=0.04" in typed[0]
    assert [path.name for path in tmp_path.iterdir()] == ["r.html"]


REFUSED = {
    "another ending": ((A, B, "--out", "r.pdf"), "ends in .html"),
    "twice the same": ((A, A), "given more than once"),
    "unknown": ((A, "0-24-2081"), "did you mean"),
    "three": ((A, B, "pure-network"), "unexpected extra argument"),
    "a folder in the way": ((A, B, "--out", "folder.html"), "is a folder"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_before_anything_is_run(case: str, command: Command, tmp_path: Path) -> None:
    (tmp_path / "folder.html").mkdir()
    arguments, said = REFUSED[case]
    done = command("report", *arguments)
    assert done.status == 2
    assert said in done.err
    assert "Traceback" not in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["folder.html"]

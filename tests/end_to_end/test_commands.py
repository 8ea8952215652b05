"""What the commands print and write."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import tverretatlig_sim
from tverretatlig_sim.scenario import list_scenarios

from .conftest import Command, environment

FIGURES = {"funnel.png", "funnel.svg", "differences.png", "differences.svg"}
NUMBERS = {
    "outcomes.csv",
    "summary.csv",
    "frameworks.csv",
    "funnel.csv",
    "differences.csv",
    "comparison.json",
}
SMALL = ("--runs", "3", "--months", "30")


def test_alone_it_greets_and_says_what_can_be_done(command: Command) -> None:
    result = command()
    assert result.status == 0
    assert result.out.count("  tverretatlig ") == 3


def test_version_and_help(process: Command) -> None:
    assert process("--version").out == f"tverretatlig-sim {tverretatlig_sim.__version__}\n"
    assert all(word in process("--help").out for word in ("list", "show", "validate", "run", "compare"))


def test_list(command: Command) -> None:
    result = command("list", "--lang", "nb")
    assert all(name in result.out for name in list_scenarios())
    assert "Etatssamarbeidet" in result.out
    assert [scenario["name"] for scenario in command("list", "--json").json] == list_scenarios()


def test_list_imports_nothing_heavy() -> None:
    code = (
        "import sys; from tverretatlig_sim.cli import main\n"
        "try: main(['list'])\nexcept SystemExit: pass\n"
        "print([m for m in ('numpy', 'pandas', 'matplotlib', 'scipy', 'mesa') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, check=True)
    assert done.stdout.decode().splitlines()[-1] == "[]"


def test_parameters(command: Command) -> None:
    assert "attention_level" in command("list", "--parameters").out
    assert {"name", "value", "low", "high", "grade", "source"} <= set(
        command("list", "--parameters", "--json").json[0]
    )


def test_show(command: Command) -> None:
    result = command("show", "etatssamarbeidet-2022", "--lang", "nb")
    assert result.status == 0
    assert "Bufdir *" in result.out
    assert "Direktørgruppen" in result.out
    assert command("show", "0-24-2018", "--json").json["core"] is not None


def test_validate(command: Command, process: Command, tmp_path: Path) -> None:
    assert process("validate", "0-24-2018").out == "0-24-2018: valid\n"
    assert command("validate", "0-24-2018", "--json").json == {
        "file": "0-24-2018",
        "valid": True,
        "problems": [],
        "notes": [],
    }
    (tmp_path / "mine.toml").write_text("start = 2022-01\n", encoding="utf-8")
    faulty = command("validate", "mine.toml")
    assert (faulty.status, faulty.out) == (2, "")
    assert "quotation marks" in faulty.err
    faulty = process("validate", "mine.toml", "--json")
    assert faulty.status == 2
    assert faulty.json["problems"][0]["file"] == "mine.toml"


def test_validate_says_the_notes_that_run_and_show_say(command: Command, tmp_path: Path) -> None:
    command("init", "mine")
    file = tmp_path / "mine" / "mine.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"(?m)^(start = .*)$", r"\1\nmonths = 1", text, count=1), encoding="utf-8")
    checked, shown = command("validate", "mine/mine.toml"), command("show", "mine/mine.toml")
    assert checked.out == "mine/mine.toml: valid\n"
    said = [line.partition(": ")[2] for line in checked.err.splitlines()]
    assert said
    assert said == [line.partition(": ")[2] for line in shown.err.splitlines()]
    assert command("validate", "mine/mine.toml", "--json").json["notes"] == said


TOO_SHORT = ("0-24-2018", "etatssamarbeidet-2022")


@pytest.mark.parametrize(
    "asked",
    [
        ("run", *TOO_SHORT[:1], "--runs", "2"),
        ("compare", *TOO_SHORT, "--runs", "2"),
        ("explain", "etatssamarbeidet-2022", "etatssamarbeidet-2023", "--runs", "2"),
    ],
)
def test_a_missing_headline_is_explained(asked: tuple[str, ...], command: Command) -> None:
    result = command(*asked, "--months", "20")
    said = " ".join(result.out.split())
    assert result.status == 0
    assert "counts recommendations drafted at least 24 months before the end" in said
    assert "try more months (--months)" in said
    norwegian = " ".join(command(*asked, "--months", "20", "--lang", "nb").out.split())
    assert "teller anbefalinger utarbeidet minst 24 måneder før slutten" in norwegian


def test_compare_prints_one_json_document_and_writes_nothing(process: Command, tmp_path: Path) -> None:
    document = process("compare", "0-24-2018", "dfo-simplified", *SMALL, "--json").json
    assert (document["seed"], document["runs"], document["months"]) == (1, 3, 30)
    assert list(document["scenarios"]) == ["0-24-2018", "dfo-simplified"]
    for outcomes in document["scenarios"].values():
        assert all(
            {"mean", "sd", "low", "high", "n", "missing"} == set(outcome) for outcome in outcomes.values()
        )
    keys = {
        "a", "b", "outcome", "n", "mean", "low", "high", "share_a_above_b", "share_equal", "correlation",
        "variance_reduction",
    }  # fmt: skip
    assert all(set(difference) == keys for difference in document["differences"])
    assert {difference["outcome"] for difference in document["differences"]} == set(outcomes)
    assert list(tmp_path.iterdir()) == []


def test_compare_prints_tables_and_a_finding_and_announces_its_files(
    command: Command, tmp_path: Path
) -> None:
    result = command("compare", "0-24-2018", "dfo-simplified", *SMALL)
    assert result.status == 0
    assert all(
        word in result.out for word in ("A − B", "±", "Where recommendations are lost", "implemented rate of")
    )
    folder = tmp_path / "results" / "compare-0-24-2018-dfo-simplified"
    assert str(folder.relative_to(tmp_path)) in result.out
    assert {path.name for path in folder.iterdir()} == FIGURES | NUMBERS
    assert "Simulated" in result.err


def test_run_twice_gives_the_same_bytes_and_keeps_what_is_not_its_own(
    command: Command, process: Command, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    arguments = ("run", "dfo-simplified", *SMALL, "--seed", "7", "--json", "--out", "out")
    first = command(*arguments), {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    second = process(*arguments), {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert first == second
    assert first[0].json["scenarios"]["dfo-simplified"]["drafted"]["n"] == 3
    assert set(first[1]) == {
        "mine.txt", "outcomes.csv", "summary.csv", "frameworks.csv", "funnel.csv", "series.csv", "run.json",
        "funnel.png", "funnel.svg", "series.png", "series.svg",
    }  # fmt: skip


def test_a_parameter_can_be_set(command: Command) -> None:
    plain, changed = (
        command("run", "0-24-2018", *SMALL, "--json", *more).json
        for more in ((), ("--set", "attention_level=0.9", "--set", "attention_noise=0"))
    )
    assert changed["parameters"] == {"attention_level": 0.9, "attention_noise": 0.0}
    assert plain["scenarios"] != changed["scenarios"]


def test_a_file_of_ones_own_whatever_it_is_called(command: Command, tmp_path: Path) -> None:
    text = (
        'name = "mine"\nstart = "2018-05"\narrangement = "0-24-2018"\n'
        'portfolio = "0-24-2018"\nletters = "0-24-2018"\n'
    )
    (tmp_path / "mine.txt").write_text(text, encoding="utf-8")
    document = command("compare", "mine.txt", "0-24-2018", *SMALL, "--json").json
    assert list(document["scenarios"]) == ["mine", "0-24-2018"]


@pytest.mark.skipif(shutil.which("tverretatlig") is None, reason="the package is not installed")
def test_the_installed_command() -> None:
    done = subprocess.run(["tverretatlig", "--version"], capture_output=True, check=True)
    assert done.stdout.startswith(b"tverretatlig-sim ")


def test_letters_that_the_terminal_cannot_show(process: Command) -> None:
    assert process("list", "--lang", "nb", PYTHONIOENCODING="ascii").status == 0
    assert process("list", "--json", PYTHONIOENCODING="ascii").json


def test_until_a_precision_is_reached(command: Command) -> None:
    asked = ("compare", "pure-network", "0-24-2018", "--months", "42", "--until")
    found = command(*asked, "0.2", "--json").json
    assert found["runs"] == 256
    assert found["until"]["reached"]
    row = next(row for row in found["differences"] if row["outcome"] == "implemented_rate")
    assert (row["high"] - row["low"]) / 2 == pytest.approx(found["until"]["half_width"])
    text = command(*asked, "0.2").out
    assert "± 0.2 or narrower" in text
    assert "looking again and again" in text
    missed = command("run", "pure-network", "--months", "42", "--until", "0.001", "--runs", "20").out
    assert "± 0.001 was not reached" in missed

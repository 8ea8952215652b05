"""Scenarios simulated from the command line: run, compare, explain, report."""

from __future__ import annotations

import re
from pathlib import Path

import html5lib
import openpyxl
import pandas as pd
import pytest

import tverretatlig_sim as ts

from .conftest import Command

NAME, OTHER, LEVER = "0-24-2018", "dfo-simplified", "line-calibration"
ALIKE = ("etatssamarbeidet-2022", "etatssamarbeidet-2023")
SMALL = ("--runs", "3", "--months", "30")
FEW = ("--runs", "4", "--months", "40")
TABLES = {
    "outcomes.csv", "summary.csv", "frameworks.csv", "funnel.csv", "incidence.csv", "projects.csv",
    "recommendations.csv", "funnel.png", "funnel.svg", "contents.txt",
}  # fmt: skip
COMPARED = TABLES | {"differences.csv", "comparison.json", "differences.png", "differences.svg"}
RUN = TABLES | {"series.csv", "run.json", "incidence.png", "incidence.svg", "series.png", "series.svg"}


def files(folder: Path) -> dict[str, bytes]:
    """What is in a folder, by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.slow
def test_run_twice_gives_the_same_bytes_and_keeps_what_is_not_its_own(
    command: Command, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    asked = ("run", OTHER, *SMALL, "--seed", "7", "--json", "--out", "out")
    first = command(*asked), files(tmp_path / "out")
    second = command(*asked), files(tmp_path / "out")
    assert first == second
    assert set(first[1]) == RUN | {"mine.txt"}
    document = first[0].json
    assert document["scenarios"][OTHER]["drafted"]["n"] == 3
    expected = ts.simulate(OTHER, runs=3, seed=7, months=30, series="none").frameworks()["mean"]
    for measure, row in document["frameworks"][OTHER]["measures"].items():
        assert row["mean"] == (None if pd.isna(expected[measure]) else expected[measure])


def test_compare_prints_one_json_document_of_what_the_library_finds(command: Command, tmp_path: Path) -> None:
    document = command("compare", NAME, OTHER, *SMALL, "--json").json
    assert (document["seed"], document["runs"], document["months"]) == (1, 3, 30)
    assert list(document["scenarios"]) == [NAME, OTHER]
    keys = {"mean", "sd", "low", "high", "n", "missing", "few_differ"}
    assert all(set(row) == keys for outcomes in document["scenarios"].values() for row in outcomes.values())
    table = ts.compare([NAME, OTHER], runs=3, months=30).table()
    assert all(set(row) == set(table) for row in document["differences"])
    means = [row["mean"] for row in document["differences"]]
    assert means == [None if pd.isna(mean) else mean for mean in table["mean"]]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_compare_prints_tables_and_a_finding_and_announces_its_files(
    command: Command, tmp_path: Path
) -> None:
    result = command("compare", NAME, f"{NAME}+{LEVER}", *SMALL)
    said = ("A − B", "±", "Where recommendations are lost", "implemented rate of", "Coordination ladder")
    assert all(word in result.out for word in said)
    assert f"B = {NAME}+{LEVER}: " in result.out
    (folder,) = Path("results").iterdir()
    assert folder.name.startswith(f"compare-{NAME}-{NAME}+{LEVER}-runs=3-months=30-")
    assert str(folder) in result.out
    assert set(files(tmp_path / folder)) == COMPARED
    assert "Simulated 6 of 6 runs" in result.err


def test_a_parameter_can_be_set(command: Command) -> None:
    more = ("--set", "attention_level=0.9", "--set", "attention_noise=0")
    plain, changed = (command("run", NAME, *SMALL, "--json", *given).json for given in ((), more))
    assert changed["parameters"] == {"attention_level": 0.9, "attention_noise": 0.0}
    assert plain["scenarios"] != changed["scenarios"]


def test_a_file_of_ones_own_whatever_it_is_called(command: Command, tmp_path: Path) -> None:
    parts = "".join(f'{part} = "{NAME}"\n' for part in ("arrangement", "portfolio", "letters"))
    (tmp_path / "mine.txt").write_text(f'name = "mine"\nstart = "2018-05"\n{parts}', encoding="utf-8")
    document = command("compare", "mine.txt", NAME, *SMALL, "--json").json
    assert list(document["scenarios"]) == ["mine", NAME]


def test_levers_dials_and_parts_for_all_scenarios_of_a_comparison(command: Command) -> None:
    options = (
        "--with",
        f"{LEVER}, stable-staffing",
        "--dial",
        "rung=4",
        "--portfolio",
        NAME,
        "--letters",
        NAME,
    )
    result = command("compare", NAME, "0-24-2015+matrix=0.8+line-calibration", *options, *SMALL, "--json")
    names = [
        f"{NAME}+{LEVER}+rung=4+stable-staffing",
        f"0-24-2015/portfolio={NAME},letters={NAME}+{LEVER}+matrix=0.8+rung=4+stable-staffing",
    ]
    assert list(result.json["scenarios"]) == names
    assert f"Note on {names[0]}: nothing is swapped" in result.err
    own, other = (result.json["frameworks"][name]["measures"]["matrix.position"]["mean"] for name in names)
    assert other != own


def test_the_ministries_of_another_arrangement(command: Command) -> None:
    asked = ("run", "pure-network", "--ministries", "0-24-2018", *SMALL, "--json")
    assert list(command(*asked).json["scenarios"]) == ["pure-network/ministries=0-24-2018"]


@pytest.mark.slow
def test_the_work_of_another_at_its_load(command: Command) -> None:
    asked = ("compare", "etatssamarbeidet-2022", NAME, *SMALL)
    assert "--same-load goes with --portfolio" in command(*asked, "--same-load").err

    def loads(*options: str) -> list[str]:
        return re.findall(r"load ([\d.]+) months", command(*asked, "--portfolio", NAME, *options).words)

    fewer, more = {*loads("--same-load")}, {*loads()}
    assert len(fewer) == 1 < len(more)


TOLD = {
    "en": (
        "mandate vetted and passed (times sent back before: ", "Steering group", "reported up the line",
        "ministries hear of it Ministry of ", "on the table where ministries sit together", "settled there",
        "their departments know of it", "written into letters to agencies", "dropped (the line)",
    ),
    "nb": (
        "mandatet behandlet og godkjent (ganger sendt tilbake før det: ", "Styringsgruppe",
        "meldt opp i linjen", "departementer får høre om den ", "tatt opp der departementene møtes",
        "avklart der", "fagavdelingene kjenner til den", "skrevet inn i tildelingsbrev til etater",
        "bortfalt (linjen)",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def eventful() -> int:
    """One in which a mandate passes and recommendations are settled, get into a letter, fall in the line."""
    told = ts.simulate(NAME, runs=40, series="none")
    sought = {"mandate_passed", "settled", "in_letter", "line"}
    return next(run for run in range(told.runs) if sought <= set(told.steps(run)[["step", "detail"]].stack()))


@pytest.mark.parametrize("lang", TOLD)
def test_one_run_is_told_step_by_step(lang: str, eventful: int, command: Command) -> None:
    said = command("trace", NAME, "--run", str(eventful), "--lang", lang).words
    assert [words for words in TOLD[lang] if words not in said] == []


@pytest.mark.slow
def test_it_runs_until_a_precision_is_reached(command: Command) -> None:
    asked = ("compare", "pure-network", NAME, "--months", "42", "--until", "0.2")
    found = command(*asked, "--json").json
    assert found["runs"] == 256
    assert found["until"]["reached"]
    row = next(row for row in found["differences"] if row["outcome"] == "implemented_rate")
    assert (row["high"] - row["low"]) / 2 == pytest.approx(found["until"]["half_width"])
    text = command(*asked).words
    assert "± 0.2 or narrower" in text
    missed = command("run", "pure-network", "--months", "42", "--until", "0.001", "--runs", "20").words
    assert "± 0.001 was not reached" in missed


@pytest.mark.parametrize(
    "asked",
    [
        ("run", NAME),
        pytest.param(("compare", NAME, ALIKE[0]), marks=pytest.mark.slow),
        pytest.param(("explain", *ALIKE), marks=pytest.mark.slow),
    ],
)
def test_a_missing_headline_is_explained(asked: tuple[str, ...], command: Command) -> None:
    short = (*asked, "--runs", "2", "--months", "20")
    said = command(*short).words
    assert "counts recommendations drafted at least 24 months before the end" in said
    assert "try more months (--months)" in said
    assert (
        "teller anbefalinger utarbeidet minst 24 måneder før slutten" in command(*short, "--lang", "nb").words
    )
    if asked[0] == "explain":
        assert "Nothing is said" in said
        document = command(*short, "--json").json
        assert (document["missing"], document["total"]["mean"]) == (2, None)


@pytest.mark.slow
def test_explain_prints_a_table_a_sentence_and_its_rules(command: Command) -> None:
    asked = ("explain", *ALIKE, *FEW, "--outcome", "trust_mean")
    result = command(*asked)
    said = (
        "A = etatssamarbeidet-2022",
        "forums",
        "all parts together",
        "The same in both: portfolio",
        "In the model",
    )
    assert all(word in result.out for word in said)
    assert "Simulated 16 of 16 runs" in result.err
    assert "I modellen" in command(*asked, "--lang", "nb").out
    command(*asked, "--out", "kept")
    assert {path.name for path in Path("kept").iterdir()} == {
        "explanation.csv",
        "explanation.json",
        "contents.txt",
    }


def test_explain_as_json_adds_up(command: Command) -> None:
    document = command("explain", *ALIKE, *FEW, "--outcome", "trust_mean", "--json", "--seed", "5").json
    assert (document["seed"], document["runs"], document["months"], document["hybrids"]) == (5, 4, 40, 4)
    total = sum(part["mean"] for part in document["parts"])
    assert total == pytest.approx(document["total"]["mean"], abs=1e-9)
    assert document["finding"].startswith("In the model")
    document = command(
        "explain", f"{ALIKE[0]}+{LEVER}", ALIKE[0], *FEW, "--outcome", "drafted", "--json"
    ).json
    assert [part["part"] for part in document["parts"] if part["differs"]] == ["mandate"]


@pytest.mark.slow
def test_compare_in_all_evidence_consistent_sets(command: Command, tmp_path: Path) -> None:
    asked = ("compare", NAME, "pure-network", "--robust", "--runs", "4", "--months", "30")
    document = command(*asked, "--json").json
    assert (document["runs"], document["sets"]) == (2, document["retained"]["kept"])
    keys = {"a", "b", "outcome", "sets", "better", "no_matter", "worse", "undecided", "smallest", "mean"}
    assert all(keys <= set(row) for row in document["differences"])
    assert [flip["outcome"] for flip in document["flips"]] == ["implemented_rate"]
    assert list(tmp_path.iterdir()) == []
    assert "parametersettene" in command(*asked, "--scenario-numbers", "fixed", "--lang", "nb").out
    written = files(next((tmp_path / "results").glob(f"compare-{NAME}-pure-network-*")))
    assert set(written) == {"robust.csv", "robust-sets.csv", "robust.json", "contents.txt"}


@pytest.mark.slow
def test_explain_over_the_evidence_consistent_sets(command: Command) -> None:
    asked = ("explain", *ALIKE, "--robust", "--months", "6", "--outcome", "trust_mean")
    document = command(*asked, "--json").json
    assert (document["runs"], document["sets"]) == (2, document["retained"]["kept"])
    differing = [part["mean"] for part in document["parts"] if part["differs"]]
    assert sum(differing) == pytest.approx(document["total"]["mean"])
    printed = command(*asked, "--lang", "nb").words
    assert "evidenskonsistente" in printed
    assert "uten støyen fra få kjøringer" in printed


OPTIONS = ("--runs", "3", "--months", "60", "--seed", "5", "--no-robust", "--set", "turnover=0.04")


@pytest.mark.slow
def test_a_brief_in_excel_has_the_numbers_of_compare(command: Command, tmp_path: Path) -> None:
    command("edit", "etatssamarbeidet-2025", "member.UDI=false", "secretariat=6", "--out", "own.toml")
    pair = ("etatssamarbeidet-2025", "own.toml")
    done = command("brief", *pair, *OPTIONS, "--lang", "nb", "--out", "b.xlsx")
    assert (done.status, done.out) == (0, "Rapporten ligger i b.xlsx\n"), done.err
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx").worksheets[0]
    told = {row[0]: row[1:] for row in sheet.iter_rows(min_row=4, values_only=True)}
    compared = command("compare", *pair, *OPTIONS[:6], *OPTIONS[7:], "--json").json
    for name, at in zip(pair, told["Gjennomført innen 48 måneder, av alle planlagte (%)"][:2], strict=True):
        mean = compared["scenarios"][name.removesuffix(".toml")]["implemented_of_planned"]["mean"]
        assert at == pytest.approx(100 * mean)
    repeat = {row[0]: row[1] for row in openpyxl.load_workbook(tmp_path / "b.xlsx").worksheets[-1].values}
    assert {*OPTIONS, "b.xlsx", "nb"} <= {*repeat["Kommando"].split()}


@pytest.mark.slow
def test_a_report_is_one_file(command: Command, tmp_path: Path) -> None:
    done = command("report", NAME, f"{NAME}+{LEVER}", *OPTIONS, "--lang", "nb", "--out", "r.html")
    assert (done.status, done.out) == (0, "Rapporten ligger i r.html\n"), done.err
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    assert [path.name for path in tmp_path.iterdir()] == ["r.html"]
    assert LEVER not in page.partition("</article>")[0]


@pytest.mark.slow
def test_tables_are_written_as_the_languages_offices_open_them(command: Command, tmp_path: Path) -> None:
    asked = ("run", NAME, "--runs", "3", "--months", "30", "--out", "out", "--lang", "nb")
    command(*asked)
    text = (tmp_path / "out" / "summary.csv").read_text(encoding="utf-8")
    assert text.startswith("\ufeffscenario;Utfall;kjøringer;mangler;gjennomsnitt")
    local = pd.read_csv(tmp_path / "out" / "summary.csv", sep=";", decimal=",", encoding="utf-8-sig")
    command(*asked, "--csv", "plain")
    plain = pd.read_csv(tmp_path / "out" / "summary.csv")
    assert "mean" in plain
    assert local["gjennomsnitt"].to_numpy() == pytest.approx(plain["mean"].to_numpy(), rel=1e-4, nan_ok=True)


BARRIER = {"id", "claim", "source", "grade", "dose", "outcome", "effect", "share_of_sets"}


def test_barriers_for_machines(command: Command) -> None:
    result = command("barriers", "grorud-valley-2007", "--runs", "3", "--months", "60", "--json")
    assert result.status == 0, result.err
    rows = result.json["barriers"]
    assert [(row["dose"], row["outcome"]) for row in rows] == [
        (dose, outcome)
        for dose in ("common", "wholly")
        for outcome in ("implemented_of_planned", "implemented_rate")
    ]
    assert all(row.keys() == BARRIER for row in rows)
    assert all(row["effect"].keys() == {"mean", "low", "high"} for row in rows)
    assert all(row["share_of_sets"] == dict.fromkeys(("mean", "low", "high", "undecided")) for row in rows)
    assert all(abs(row["effect"]["mean"]) < 1 for row in rows)  # shares
    assert (rows[0]["id"], rows[0]["source"], rows[0]["grade"]) == ("exclusion", "DIFI14 1.4.1", "I")


@pytest.mark.slow
def test_barriers_over_the_evidence_consistent_sets(command: Command) -> None:
    asked = ("barriers", "grorud-valley-2007", "--robust", "--months", "60", "--json")
    rows = command(*asked).json["barriers"]
    shares = [row["share_of_sets"] for row in rows if row["outcome"] == "implemented_of_planned"]
    assert all(0 <= share["low"] <= share["mean"] <= share["high"] <= 1 for share in shares)
    assert all(0 <= share["undecided"] <= 1 for share in shares)


@pytest.mark.parametrize(
    ("lang", "words"),
    {
        "en": ("those without extra money", "common dose", "wholly", "changes nothing here", "points"),
        "nb": ("de som ikke hadde egne ekstra midler", "felles dose", "helt", "endrer ingenting", "poeng"),
    }.items(),
)
def test_barriers_for_readers(lang: str, words: tuple[str, ...], command: Command) -> None:
    result = command("barriers", "grorud-valley-2007", "--runs", "2", "--months", "30", "--lang", lang)
    assert result.status == 0, result.err
    assert all(word in result.words.lower() for word in (*words, "difi14 1.4.1 (i)"))


def test_no_barriers_where_nobody_evaluated(command: Command) -> None:
    assert command("barriers", "dfo-simplified", "--json").json["barriers"] == []
    said = command("barriers", "dfo-simplified", "--lang", "nb").words
    assert "det er aldri prøvd" in said
    assert "Det er ikke lagt inn noen evaluering" in command("barriers", "pure-network", "--lang", "nb").out

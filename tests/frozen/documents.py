"""Documents: what commands print as JSON, and what the app serves."""

from __future__ import annotations

import json
import lzma
import math
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import urlopen

from click.testing import CliRunner

from app.conftest import served
from tverretatlig_sim.app.library import Library
from tverretatlig_sim.app.server import make_app
from tverretatlig_sim.cli.commands import tverretatlig

HERE = Path(__file__).parent
DOCUMENTS = {"json": HERE / "json.json.xz", "app": HERE / "app.json.xz"}
CLOSE = 1e-9
"""Relative (above 1) or absolute difference up to which numbers of documents are the same."""

PAIRS = (
    "0-24-2018 etatssamarbeidet-2022",
    "dfo-simplified etatssamarbeidet-2022+stronger-secretariat",
    "pure-network labour-crime-2015",
)
EXPLAINED = (
    f"explain {PAIRS[0]} --runs 2 --months 24 --outcome handed_over",
    f"explain {PAIRS[1]} --runs 4 --months 48",
    f"explain {PAIRS[2]} --runs 2 --months 24 --outcome trust_mean",
)
NAMES = tuple(dict.fromkeys(" ".join(PAIRS).split()))
COMMANDS = (
    *(f"compare {pair} --runs 24 --seed 5" for pair in PAIRS),
    *(f"run {pair} --runs 24 --seed 5" for pair in PAIRS),
    *(f"{explain} --seed 5" for explain in EXPLAINED),
    *(f"evidence {name}" for name in NAMES if "+" not in name),
    *(f"show {name}" for name in NAMES),
    "levers",
    "levers stronger-secretariat fresh-money simpler-structure",
    "dials",
    "list",
    "list --parameters",
    f"compare {PAIRS[0]} --lang nb --runs 24 --seed 5",
    f"run {PAIRS[1]} --lang nb --runs 8 --seed 5",
    "explain dfo-simplified dfo-simplified+stronger-secretariat --lang nb --runs 12 --months 48 --seed 6",
    "evidence dfo-simplified --lang nb",
    "levers --lang nb",
    "show dfo-simplified --lang nb",
    "compare dfo-simplified dfo-simplified+matrix=0.8 0-24-2015 --runs 12 --months 36 --seed 7 "
    "--set turnover=0.03",
    "run 0-24-2015 --portfolio 0-24-2018 --with stronger-secretariat --dial hierarchy=0.7 --runs 12 --seed 7",
    "run etatssamarbeidet-2025 --until 0.04 --runs 300 --months 36",
    "compare --robust dfo-simplified etatssamarbeidet-2022 --runs 300 --months 36",
    "patterns --sets 2 --runs 2",
    "search dfo-simplified --trials 4 --runs 4 --gain implemented --months 36",
    "retain --sets 8 --runs 2 --most 8 --want 1",
    "study run tiny.toml --workers 1",
    "study show tiny.toml",
    "study status tiny.toml",
    "study analyse tiny.toml --outcome trust_mean",
    "study analyse tiny.toml --outcome trust_mean --lang nb",
)
"""Commands whose ``--json`` is stored; a document is called as its command. Those of a study build on each
other."""
STUDY = """
arrangements = ["pure-network", "0-24-2015"]
runs = 2
months = 6
[parameters]
look_pace = "evidence"
turnover = "evidence"
[design]
kind = "saltelli"
base = 32
[record]
outcomes = ["trust_mean", "handed_over"]
replicates = true
"""
PAGES = (
    "a=0-24-2018&b=etatssamarbeidet-2022&with_b=stronger-secretariat&seed=3&run=2&runs=24&lang=en&rec={rec}",
    "a=dfo-simplified&b=pure-network&with_a=matrix=0.8&seed=1&runs=20&month=30&series=trust_mean&lang=nb"
    "&part=chance&rec={rec}",
)
"""Queries of the app. The recommendation is the first that both pages' first view names."""
TEXTS = {"en", "nb", "note", "notes", "source", "unit", "title", "summary", "label", "words", "findings"}
"""Keys under which everything is words."""

Document = Any


def documents(part: str, wanted: Callable[[str], bool] = lambda name: True) -> Iterator[tuple[str, Document]]:
    """The documents of a part, computed by the package as it is, by name."""
    if part == "app":
        yield from pages(wanted)
        return
    with TemporaryDirectory() as folder, chdir(folder):
        Path("tiny.toml").write_text(STUDY, encoding="utf-8")
        for name in filter(wanted, COMMANDS):
            runs = name.startswith("study run")
            done = CliRunner().invoke(tverretatlig, [*shlex.split(name), *([] if runs else ["--json"])])
            if done.exit_code:
                raise RuntimeError(f"{name} ended with {done.exit_code}: {done.stderr}")
            if not runs:
                yield name, json.loads(done.stdout.replace(folder, "FOLDER"))


def pages(wanted: Callable[[str], bool]) -> Iterator[tuple[str, Document]]:
    """What the app answers to the queries on each of its addresses."""
    with served(make_app(Library())) as (address, _server):

        def answer(path: str, query: str) -> str:
            with urlopen(f"{address}{path}?{query}") as response:
                return str(response.read().decode())

        for number, query in enumerate(PAGES, 1):
            view = json.loads(answer("view", query.format(rec="")))
            asked = query.format(rec=view["recommendations"][0][0])
            for path in filter(
                lambda path: wanted(f"{path} {number}"), ("/", "/view", "/story", "/levers", "/bands")
            ):
                yield f"{path} {number}", read_answer(path, answer(path[1:] or "dashboard", asked))


def read_answer(path: str, text: str) -> Document:
    """An answer as a document: JSON as it is, events one after the other, of a page its data and numbers."""
    if path == "/bands":
        return [json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line]
    if path != "/":
        return json.loads(text)
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)
    seen = re.sub(r"<script.*?</script>|<[^>]*>", " ", text, flags=re.S)
    values = re.findall(r'(?:value|min|max|step|aria-valuenow)="(-?[0-9.]+)"', text)
    words = seen.split()
    return {
        "data": json.loads(data[1]) if data else None,
        "words": " ".join(words),
        "figures": figures(seen),
        "values": values,
    }


@dataclass
class Leaves:
    """A document taken apart, by path: numbers, codes and texts.

    Truth values, None and empty lists go with the numbers; a text has letters, and white space or a key of
    ``TEXTS``; all other strings are codes, numbers that are rendered without a word among them."""

    numbers: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def add(self, value: Any, path: str = "", words: bool = False) -> Leaves:
        """Take a document apart."""
        if isinstance(value, dict) and value:
            for key, inner in value.items():
                if key in VOLATILE:
                    continue
                self.add(inner, f"{path}.{key}" if path else key, words or key in TEXTS)
        elif isinstance(value, list) and value:
            for place, inner in enumerate(value):
                self.add(inner, f"{path}[{place}]", words)
        elif not isinstance(value, str):
            self.numbers[path] = value
        elif re.search(r"[^\W\d_]", value) and (words or re.search(r"\s", value)):
            self.texts[path] = value
        else:
            self.codes[path] = value
        return self


@dataclass(frozen=True)
class Difference:
    """Of two documents: paths with what was and what is, and the largest deviation of numbers."""

    numbers: dict[str, tuple[Any, Any]]
    codes: dict[str, tuple[Any, Any]]
    texts: dict[str, tuple[Any, Any]]
    largest: float


VOLATILE = {"began", "seconds", "versions", "executor"}
"""Keys of what differs from one time or machine to the other."""
MISSED = "(nothing)"


def difference(then: Document, now: Document) -> Difference:
    """How a document differs from what was stored."""
    before, after = Leaves().add(then), Leaves().add(now)
    numbers, largest = {}, 0.0
    for path, was, is_ in both(before.numbers, after.numbers):
        apart = numbers_apart(was, is_)
        largest = max(largest, apart)
        if apart > CLOSE:
            numbers[path] = (was, is_)
    codes = {path: (was, is_) for path, was, is_ in both(before.codes, after.codes) if was != is_}
    texts = {path: (was, is_) for path, was, is_ in both(before.texts, after.texts) if was != is_}
    return Difference(numbers, codes, texts, largest)


def both(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Paths of either, with what stands there in both."""
    for path in dict.fromkeys([*then, *now]):
        yield path, then.get(path, MISSED), now.get(path, MISSED)


def numbers_apart(was: Any, is_: Any) -> float:
    """Deviation of a number; infinite where one is none and the other is another."""
    if all(isinstance(x, int | float) and not isinstance(x, bool) for x in (was, is_)):
        return abs(is_ - was) / max(1.0, abs(was))
    return 0.0 if type(was) is type(is_) and was == is_ else math.inf


def stored(part: str) -> dict[str, Document]:
    """Stored documents of a part."""
    found: dict[str, Document] = json.loads(lzma.decompress(DOCUMENTS[part].read_bytes()))
    return found


def store(part: str, found: Mapping[str, Document]) -> None:
    """Store the documents of a part."""
    text = json.dumps(found, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    DOCUMENTS[part].write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


def differences(part: str, only: str = "", left_out: tuple[str, ...] = ()) -> dict[str, Difference]:
    """How documents of a part differ from what was stored: whose name starts with ``only``, but for some."""

    def wanted(name: str) -> bool:
        return name.startswith(only) and not name.startswith(left_out)

    now = json.loads(json.dumps(dict(documents(part, wanted))))
    return {name: difference(was, now.get(name)) for name, was in stored(part).items() if wanted(name)}


def check_documents(part: str, only: str = "") -> bool:
    """Print the largest deviation of each document and its first differences."""
    found = differences(part, only)
    for name, one in found.items():
        counts = ", ".join(
            f"{len(which)} {kind}"
            for kind, which in (("numbers", one.numbers), ("codes", one.codes), ("texts", one.texts))
            if which
        )
        print(f"{one.largest:10.3g}  {name}{'  DIFFERS: ' + counts if counts else ''}")
        for kind, which in (("number", one.numbers), ("code", one.codes), ("text", one.texts)):
            for path, (was, is_) in list(which.items())[:5]:
                same = " (same numbers)" if kind == "text" and figures(was) == figures(is_) else ""
                print(f"            {kind}{same} {path}: {was!r} → {is_!r}"[:400])
    wrong = sum(bool(one.numbers or one.codes) for one in found.values())
    texts = sum(bool(one.texts) for one in found.values())
    print(f"{part}: {len(found)} documents, {wrong} with other numbers or codes, {texts} with other texts")
    return not wrong and not texts


def figures(text: str) -> list[str]:
    """Numbers in a sentence."""
    return re.findall(r"\d+(?:[.,]\d+)*", text)


def rewrite_texts(part: str) -> None:
    """Take over new sentences, unless something else has changed; those with other numbers are printed.

    Raises:
        SystemExit: a number or code has changed.
    """
    now = json.loads(json.dumps(dict(documents(part))))
    found = {name: difference(was, now.get(name)) for name, was in stored(part).items()}
    if wrong := [name for name, one in found.items() if one.numbers or one.codes]:
        raise SystemExit(f"not only texts have changed: {', '.join(wrong)}")
    for name, one in found.items():
        for path, (was, is_) in one.texts.items():
            if figures(was) != figures(is_):
                print(f"other numbers in a text: {name}: {path}: {was!r} → {is_!r}")
    store(part, now)

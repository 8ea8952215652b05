"""How fast the classroom app answers, is seen, and what fifty visitors at once cost it.

Run: python benchmarks/app.py  (--sessions 50 --repeat 15 --seen)
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlencode
from urllib.request import urlopen

from tverretatlig_sim.scenario.levers import list_levers

FORM = [
    ("base", "etatssamarbeidet-2025"),
    ("do", "members=Bufdir,Hdir,Husbanken,IMDi,POD,Udir"),
    ("do", "letter[all].strength=0.8"),
    ("do", "forum.managers-group=false"),
    ("do", "forum[all].cadence=1"),
]
"""Lines of a change: members go, letters ask more concretely, a forum is dropped, all meet every month."""
PAIR = "a=etatssamarbeidet-2022&b=etatssamarbeidet-2022"


@contextmanager
def app() -> Iterator[tuple[str, int]]:
    """Address and process id of a fresh app."""
    command = [sys.executable, "-m", "tverretatlig_sim", "app", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1], process.pid
        process.terminate()


def status(pid: int, key: str) -> float:
    """A line of the process's status, kB as MiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(key)).split()[1]) / 1024


def used(pid: int) -> float:
    """Processor time of the process so far, in milliseconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def milliseconds(address: str) -> float:
    """Until the whole answer is there."""
    start = time.perf_counter()
    with urlopen(address, timeout=600) as answer:
        answer.read()
    return 1000 * (time.perf_counter() - start)


def first_bands(address: str) -> float:
    """Until the first bands are there, in milliseconds."""
    start = time.perf_counter()
    with urlopen(address, timeout=600) as answer:
        answer.readline()
        return 1000 * (time.perf_counter() - start)


def toggles(address: str, pid: int, repeat: int) -> dict[str, float]:
    """A lever pulled on one side: nothing of that side has been computed before."""
    milliseconds(f"{address}view?{PAIR}")
    levers = list_levers()[:repeat]
    before, times = used(pid), []
    for lever in levers:
        times.append(milliseconds(f"{address}view?{PAIR}&with_b={lever}"))
    again = [milliseconds(f"{address}view?{PAIR}&with_b={lever}") for lever in levers]
    processor = (used(pid) - before) / len(levers)
    return {
        "toggle, median": median(times),
        "toggle, largest": max(times),
        "toggle, processor": processor,
        "toggle back, median": median(again),
    }


def form(address: str, pid: int, repeat: int) -> dict[str, float]:
    """What five lines do, of which the last is new each time: from the request to the answer."""
    milliseconds(f"{address}change/said?{urlencode(FORM)}")
    found = dict[str, float]()
    for name, since in (("form", ""), ("form, from a month on", "2026-01")):
        asked = [
            urlencode([*FORM, ("do", f"secretariat={number}"), ("since", since)])
            for number in range(2, 2 + repeat)
        ]
        before = used(pid)
        times = [milliseconds(f"{address}change/said?{query}") for query in asked]
        found |= {f"{name}, median": median(times), f"{name}, largest": max(times)}
        found[f"{name}, processor"] = (used(pid) - before) / repeat
    return found


def bands(address: str, repeat: int) -> dict[str, float]:
    """From the request to the first bands, after a lever was pulled on one side."""
    first = [first_bands(f"{address}bands?{PAIR}&with_b={lever}") for lever in list_levers()[:repeat]]
    whole = milliseconds(f"{address}bands?{PAIR}&seed=7")
    return {"first bands, median": median(first), "first bands, largest": max(first), "256 runs, both": whole}


def visit(address: str, number: int) -> bool:
    """What a page asks for, all of its own: seeds differ."""
    query = f"a=0-24-2018&b=dfo-simplified&runs=64&seed={number}"
    for page in ("", "view", "levers", "bands"):
        with urlopen(f"{address}{page}?{query}", timeout=600) as answer:
            text = answer.read().decode()
    return json.loads(text.strip().splitlines()[-1].removeprefix("data: "))["done"] == 64


def sessions(address: str, pid: int, count: int) -> dict[str, float]:
    """Many visitors at once, no two with the same random draws."""
    before, start = status(pid, "VmRSS"), time.perf_counter()
    with ThreadPoolExecutor(count) as pool:
        served = sum(pool.map(lambda number: visit(address, number), range(count)))
    return {
        "sessions served whole": served,
        "seconds for all": time.perf_counter() - start,
        "memory before, MiB": before,
        "peak memory, MiB": status(pid, "VmHWM"),
    }


LAST_CHANGE = """([click, watched, attribute]) => new Promise((done) => {
    const begun = performance.now();
    let [drawn, last] = ["", begun];
    document.querySelector(click).click();
    const look = () => {
        const there = [...document.querySelectorAll(watched)].map((it) => it.getAttribute(attribute)).join();
        if (there !== drawn) [drawn, last] = [there, performance.now()];
        if (performance.now() - last > 500) done(last - begun);
        else requestAnimationFrame(look);
    };
    look();
})"""
"""Milliseconds from a click until a drawing changes no more, watched frame by frame."""
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"


def seen(address: str) -> dict[str, float]:
    """Of the story in a browser, in milliseconds: first step, dots of 256 histories, a lever's path."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        flags = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_context(viewport={"width": 1280, "height": 720}, bypass_csp=True).new_page()
        page.set_default_timeout(120_000)
        page.goto(address)
        page.wait_for_selector("html.drawn .tangle")
        found = {"first step, painted": page.evaluate(PAINTED)}
        page.locator("#steps a[href='#luck']").click()
        page.wait_for_selector("#luck .dot.mine")  # its chapter is there
        click = ["#luck .option", "#luck .dot.a", "cy"]
        found["256 histories as dots"] = page.evaluate(LAST_CHANGE, click)
        page.locator("#steps a[href='#lever']").click()
        page.wait_for_selector("#lever.concluded")  # passed by, so shown
        click = ["#lever .switch button", "#lever .strand", "d"]
        found["a lever's new path"] = page.evaluate(LAST_CHANGE, click)
        browser.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--seen", action="store_true", help="only what is seen of the story")
    asked = parser.parse_args()
    with app() as (address, pid):
        found = seen(address)
        if not asked.seen:
            found |= form(address, pid, asked.repeat) | toggles(address, pid, asked.repeat)
            found |= bands(address, asked.repeat)
            found |= sessions(address, pid, asked.sessions)
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for name, value in found.items():
        print(f"{name:32} {value:8.0f}")


if __name__ == "__main__":
    main()

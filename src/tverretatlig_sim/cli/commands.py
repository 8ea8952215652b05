"""The group of all commands, and the command ``app``."""

from __future__ import annotations

from pathlib import Path

import click

from tverretatlig_sim.cli import archive, catalogue, inference, simulate
from tverretatlig_sim.cli.base import Option, Refusal, command, flag, group, option
from tverretatlig_sim.cli.options import Changes, scenario_argument, whole
from tverretatlig_sim.cli.output import progress
from tverretatlig_sim.cli.simulate import ENDINGS
from tverretatlig_sim.cli.study import study
from tverretatlig_sim.i18n import _
from tverretatlig_sim.show.files import check_folder, text_file, write_folder
from tverretatlig_sim.version import __version__

PORT = 8765
STARTS = ("story", "dashboard", "change")
FIRST = {
    "list": _("see the scenarios (show NAME: who is in one)"),
    "brief etatssamarbeidet-2025 etatssamarbeidet-2025+stronger-secretariat": _("a change, on one page"),
    "init my-study": _("a scenario of your own (--help: everything else)"),
}
"""What to try first, and what it does."""


@group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, cls=Option, prog_name="tverretatlig-sim", message="%(prog)s %(version)s")
@click.pass_context
def tverretatlig(context: click.Context) -> None:
    """Simulate how government agencies coordinate on wicked problems.

    NAME is a scenario's name (see list) or the path of a scenario file; NAME+LEVER pulls a lever in it,
    NAME+DIAL=VALUE sets a dial.
    """
    if context.invoked_subcommand is None:
        what = _(
            "tverretatlig-sim {version}: how agencies coordinate on wicked problems, simulated.",
            version=__version__,
        )
        tries = (f"  tverretatlig {words:<35} {does!s}" for words, does in FIRST.items())
        click.echo("\n".join([str(what), "", *tries]))


@command()
@scenario_argument("names", metavar="[NAME]...", nargs=-1)
@option(
    "--host",
    help="Address to listen on; 0.0.0.0: all. If it is missing: 127.0.0.1, or all with --class.",
)
@option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Port to listen on; 0: any that is free.",
)
@option(
    "--start",
    type=click.Choice(STARTS),
    default=STARTS[0],
    show_default=True,
    help="Page to open: the journey of one recommendation, two arrangements side by side, or a change.",
)
@option("--class", "classroom", is_flag=True, help="Let a class take part with its phones.")
@flag("--no-browser", "Do not open the page.")
@click.pass_context
def app(
    context: click.Context,
    names: tuple[str, ...],
    host: str | None,
    port: int,
    start: str,
    classroom: bool,
    no_browser: bool,
) -> None:
    """Tell the journey of one recommendation in the browser, and show arrangements side by side.

    NAME adds a scenario of your own (its file) to the shipped ones; the dashboard shows the first two named.
    The page fetches nothing from the internet, and only this machine can visit it unless --host or --class
    says otherwise.
    """
    own = [Changes().load(name) for name in names]
    from tverretatlig_sim.app.server import AddressError, serve

    def announce(here: str, there: str, code: str) -> None:
        if code:
            lines = [
                _("For the teacher alone: {address}", address=here),
                _("For the class: {address} and the code {code}", address=there, code=code),
            ]
        else:
            lines = [_("The app is at {address}", address=here)]
            lines += [_("Others in the network find it at {address}", address=there)] if there else []
        click.echo("\n".join(map(str, [*lines, _("Ctrl-C stops it.")])))

    host = host or ("0.0.0.0" if classroom else "127.0.0.1")
    spoken = context.find_root().obj
    try:
        serve(
            own, host, port, browser=not no_browser, start=start, classroom=classroom, announce=announce,
            language=spoken,
        )  # fmt: skip
    except AddressError as error:
        reason = {"host": host, "port": port, "reason": str(error)}
        advice = _("Try another --port (0: any that is free), or leave --host as it is.")
        raise Refusal(_("cannot listen on {host}, port {port}: {reason}", **reason), advice) from error
    except KeyboardInterrupt:  # the way to stop it
        click.echo(str(_("Stopped.")))


@command("story")
@option("--out", metavar="FILE.html", default="story.html", show_default=True, help="Where to.")
@whole("--runs", 256, "Histories of each arrangement.", 2)
def write_story(out: str, runs: int) -> None:
    """Write the journey of one recommendation, the app's first page, as one HTML file.

    It opens from a disk or a course page, without a server and without a network: a minute or two.
    """
    path = Path(out)
    if path.suffix.lower() not in ENDINGS:
        what = _("--out {file}: must end in one of {endings}", file=out or '""', endings=", ".join(ENDINGS))
        raise Refusal(
            what, _("Try “--out {file}”.", file=path.with_suffix(".html") if path.name else "story.html")
        )
    check_folder(path.parent, [path.name])
    from tverretatlig_sim.app.story import Story
    from tverretatlig_sim.app.story_page import story_file

    story = Story(runs)
    with progress(runs * len(story.all_needs)) as report:
        for key in story.all_needs:
            story.told(*key)
            report(runs)
    write_folder(path.parent, {path.name: text_file(story_file(story))})
    click.echo(str(_("The story is in {file}", file=path)))


for each in (
    app,
    write_story,
    catalogue.list_command,
    catalogue.show,
    catalogue.levers,
    catalogue.dials,
    catalogue.evidence,
    catalogue.validate,
    catalogue.edit,
    catalogue.init,
    catalogue.generate,
    simulate.run,
    simulate.trace,
    simulate.compare,
    simulate.explain,
    simulate.barriers,
    simulate.brief,
    simulate.report,
    inference.patterns,
    inference.retain,
    inference.search,
    archive.archive,
    archive.rerun,
    study,
):
    tverretatlig.add_command(each)

"""The command ``app``: two arrangements side by side in the browser."""

from __future__ import annotations

import click

from tverretatlig_sim.cli.completion import scenario_names
from tverretatlig_sim.cli.language import argument, command, language, option
from tverretatlig_sim.cli.options import Refusal, load
from tverretatlig_sim.i18n import _

PORT = 8765


@command()
@argument("names", metavar="[NAME]...", nargs=-1, shell_complete=scenario_names)
@option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0: all.")
@option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Port to listen on; 0: any that is free.",
)
@option("--no-browser", is_flag=True, help="Do not open the page.")
@language
@click.pass_context
def app(context: click.Context, names: tuple[str, ...], host: str, port: int, no_browser: bool) -> None:
    """Show two arrangements side by side in the browser, on the same luck: for teaching and for trying.

    NAME adds a scenario of your own (its file) to the shipped ones; the first two named are shown first. The
    page fetches nothing from the internet, and only this machine can visit it unless --host says otherwise.
    """
    own = [load(name) for name in names]
    from tverretatlig_sim.app.server import AddressError, serve

    def announce(address: str) -> None:
        click.echo(str(_("The app is at {address}", address=address)))
        click.echo(str(_("Ctrl-C stops it.")))

    try:
        serve(
            own,
            host,
            port,
            browser=not no_browser,
            announce=announce,
            language=context.find_root().obj,
        )
    except AddressError as error:
        reason = {"host": host, "port": port, "reason": str(error)}
        advice = _("Try another --port (0: any that is free), or leave --host as it is.")
        raise Refusal(_("cannot listen on {host}, port {port}: {reason}", **reason), advice) from error
    except KeyboardInterrupt:  # the way to stop it
        click.echo(str(_("Stopped.")))

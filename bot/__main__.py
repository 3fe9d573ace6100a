"""The command line: scan, fix, plan, rules, explain, check-config, demo; serve, pause, resume,
repositories, onboard."""

import sys
from io import TextIOWrapper

import typer

from bot.cli import pausing, planning, repositories, scanning, serving, showing, telling

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Find weaknesses of AI systems, and stitch small, proven fixes.\n\n"
    "Exit codes: 0 nothing at or above the threshold, 1 findings, 2 usage or configuration.",
)
app.command(epilog=scanning.SCAN_EXAMPLES)(scanning.scan)
app.command(epilog=scanning.FIX_EXAMPLES)(scanning.fix)
app.command(epilog=planning.PLAN_EXAMPLES)(planning.plan)
app.command(epilog=telling.RULES_EXAMPLES)(telling.rules)
app.command(epilog=telling.EXPLAIN_EXAMPLES)(telling.explain)
app.command(name="check-config", epilog=telling.CHECK_EXAMPLES)(telling.check_config)
app.command(name="demo", epilog=showing.DEMO_EXAMPLES)(showing.show_demo)
app.command(epilog=serving.SERVE_EXAMPLES)(serving.serve)
app.command(epilog=pausing.PAUSE_EXAMPLES)(pausing.pause)
app.command(epilog=pausing.RESUME_EXAMPLES)(pausing.resume)
app.command(epilog=repositories.REPOSITORIES_EXAMPLES)(repositories.repositories)
app.command(epilog=repositories.ONBOARD_EXAMPLES)(repositories.onboard)


def main() -> None:
    """The console script. A character that the terminal's encoding lacks is written out."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(app(prog_name="suture"))


if __name__ == "__main__":
    main()

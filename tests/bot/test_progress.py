"""A line moves for who waits at a terminal for longer than a second, and for nobody else."""

import io

import pytest
from rich.console import Console

import bot.progress
from bot.progress import Progress


class Terminal(io.StringIO):
    """A stream that says that a person reads it."""

    def isatty(self) -> bool:
        return True


class Clock:
    """Time as a test sets it."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(bot.progress, "monotonic", clock)
    return clock


def shown(file: io.StringIO, clock: Clock, steps: dict[str, float], **options: bool) -> str:
    console = Console(file=file, width=80, **options)  # type: ignore[arg-type]
    with Progress(console) as progress:
        for name, seconds in steps.items():
            clock.now += seconds
            progress.on_step(name)
    return file.getvalue()


def test_who_waits_sees_what_is_worked_on(clock: Clock) -> None:
    text = shown(Terminal(), clock, {"a.py": 0.5, "b.py": 0.6}, force_terminal=True)
    assert "2: b.py" in text
    assert "a.py" not in text


def test_a_short_run_shows_nothing(clock: Clock) -> None:
    assert shown(Terminal(), clock, {"a.py": 0.5, "b.py": 0.4}, force_terminal=True) == ""


def test_a_pipe_is_left_alone(clock: Clock) -> None:
    assert shown(io.StringIO(), clock, {"a.py": 5.0, "b.py": 5.0}) == ""


def test_colours_asked_for_make_no_pipe_a_terminal(clock: Clock) -> None:
    """FORCE_COLOR is set on many build machines."""
    assert shown(io.StringIO(), clock, {"a.py": 5.0}, force_terminal=True) == ""


def test_a_name_is_text_on_one_line(clock: Clock) -> None:
    text = shown(Terminal(), clock, {"[bold]\n\x1b[31mx\\": 2.0}, force_terminal=True)
    assert "1: [bold]\\n\\x1b[31mx\\" in text


def test_the_cursor_comes_back_behind_an_error(clock: Clock) -> None:
    file = Terminal()
    with pytest.raises(ValueError, match="broken"):
        stop_in_the_middle(file, clock)
    assert file.getvalue().rindex("\x1b[?25h") > file.getvalue().rindex("\x1b[?25l")


def stop_in_the_middle(file: io.StringIO, clock: Clock) -> None:
    with Progress(Console(file=file, width=80, force_terminal=True)) as progress:
        clock.now = 2.0
        progress.on_step("a.py")
        raise ValueError("broken")

"""Fills the texts of `templates/`: what is missing is an error, and HTML is escaped."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template


def rendered(name: str, **values: object) -> str:
    """The template with these values. What is Markdown in them was escaped before."""
    return _template(name).render(values)


@cache
def _template(name: str) -> Template:
    environment = Environment(
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=name.endswith(".html"),
    )
    return environment.from_string(files("templates").joinpath(name).read_text("utf-8"))

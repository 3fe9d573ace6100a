"""Writes what is generated: the catalogue, the schema, and the demo's pull request in the README.

python docs/generate.py           writes them
python docs/generate.py --check   names those that differ from what the code says, and exits 1
"""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot import catalogue
from bot.cli.showing import demonstrated
from bot.policy import schema_text
from fixers import all_rules

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 11, 23)
OPENING, CLOSING = "<!-- demo -->\n", "<!-- /demo -->\n"


def generated() -> Iterator[tuple[Path, str]]:
    """Each generated file, and the text that it should hold."""
    rules = all_rules()
    yield ROOT / "fixers" / "README.md", catalogue.as_markdown(rules)
    yield ROOT / "suture.schema.json", schema_text(rules)
    readme = ROOT / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition(OPENING)
    after = rest.partition(CLOSING)[2]
    yield readme, f"{before}{OPENING}````markdown\n{_demo()}````\n{CLOSING}{after}"


def _demo() -> str:
    _, request = demonstrated(TODAY)
    return f"# {request.title}\n\n{request.text}"


def main() -> None:
    differing = [(path, text) for path, text in generated() if path.read_text(encoding="utf-8") != text]
    for path, text in differing:
        print(f"{path.relative_to(ROOT)} isn't what the code says" if "--check" in sys.argv else path.name)
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
    sys.exit("--check" in sys.argv and bool(differing))


if __name__ == "__main__":
    main()

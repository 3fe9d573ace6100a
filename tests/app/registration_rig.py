"""What a browser sees of the registration's pages, and the settings before there is an App."""

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from bot.settings import Settings


class Page(HTMLParser):
    """What a browser takes from a page: its one form, and where its links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.action, self.method = "", ""
        self.fields: dict[str, str] = {}
        self.ticked: dict[str, bool] = {}
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action, self.method = given["action"], given["method"]
        elif tag == "input" and given["type"] == "checkbox":
            self.ticked[given["name"]] = "checked" in given
        elif tag == "input":
            self.fields[given["name"]] = given["value"]
        elif tag == "a":
            self.links.append(given["href"])


def settings_of(folder: Path, api_url: str = "https://api.github.com", public_url: str = "") -> Settings:
    """For github.com, or for an emulated GitHub, which answers at one address."""
    data = folder / "data"
    known = Settings(0, "", (), data, f"sqlite:///{data / 'suture.sqlite'}", public_url=public_url)
    return replace(known, api_url=api_url, github_url=api_url.replace("//api.", "//"))

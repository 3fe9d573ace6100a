"""What the stories of the App are about: a repository, its files, and how to look at it."""

from emulator.world import GitHub

NAME = "acme/service"
NOW = 1_764_288_000
LOAD = "import yaml\n\n\ndef read(stream):\n    return yaml.load(stream, Loader=yaml.UnsafeLoader)\n"
FIXED = LOAD.replace("yaml.load(stream, Loader=yaml.UnsafeLoader)", "yaml.safe_load(stream)")
CORS = """\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
"""
CONFIGURED = {".suture.yml": "limits: {open: 3, new_per_day: 9}\n"}


def opened(github: GitHub) -> list[int]:
    return [one["number"] for one in github.pull_requests(NAME, "open")]


def branch_of(github: GitHub, number: int) -> str:
    return str(github.pull_request(NAME, number)["head"]["ref"])

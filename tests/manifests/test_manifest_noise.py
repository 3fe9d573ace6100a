"""Whatever a manifest holds, the answer is a value: nothing raises, and what is edited still parses."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fixers.engine import splice
from fixers.manifests import lock_hint, pins, require, surely_at_least, surely_below, verify
from fixers.repository import Repository
from fixers.rule import Edit, Verdict
from fixers.text import Text

FRAGMENTS = """
[project] [packages] [tool.poetry.dependencies] [[package]] [options] [project.urls] dependencies name
version install_requires project.dependencies "a.b" torch = == [ ] { } , # # \\ \\ " ' \"""
''' "torch>=2" 'a' "^2" 1.5 true nan {a=1} torch>=2.6 torch== -r -c requirements.txt ../x
--hash=sha256:ab ; python_version>'3' === 1!2.* 999999999999999999999999999999 é
"""
WORDS = FRAGMENTS.split()
BLANKS = ["\n", "\n", "\n", "\r\n", "\\\n", " ", " = ", "\t", "\ufeff", "\u2028", "\x0b", "\0"]
NAMES = [
    "requirements.txt",
    "requirements.in",
    "pyproject.toml",
    "Pipfile",
    "Pipfile.lock",
    "uv.lock",
    "setup.cfg",
]
FILES = st.dictionaries(
    st.sampled_from(NAMES),
    st.lists(st.sampled_from(WORDS + BLANKS), max_size=25).map("".join),
    min_size=1,
    max_size=3,
)


@settings(max_examples=200, deadline=None)
@given(FILES)
def test_noise_is_answered(files: dict[str, str]) -> None:
    repo = Repository.of({name: text.encode() for name, text in files.items()} | {"app.py": b""})
    assert pins(repo, "app.py").keys() == pins(repo, "app.py").keys()
    known = surely_at_least(repo, "app.py", "torch", "2"), surely_below(repo, "app.py", "torch", "2")
    assert known != (True, True)
    assert isinstance(lock_hint(repo, "app.py"), str)
    edits: dict[str, list[Edit]] = {}
    for change in require(repo, "app.py", "slowapi>=0.1.9"):
        if isinstance(change, Edit):
            edits.setdefault(change.path, []).append(change)
    for path in repo.paths:
        before = Text.decode(repo.read(path)) if b"\0" not in repo.read(path) else None
        after = splice(before.content, edits.get(path, [])) if before else "\0"
        checks = list(verify(path, repo.read(path), before.encode(after) if before else b"\0"))
        assert path not in edits or {check.verdict for check in checks} == {Verdict.PASSED}

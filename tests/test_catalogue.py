"""What is generated is what the code says, and adding a rule means writing one file."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from bot.__main__ import app
from bot.policy import load
from fixers import all_rules
from fixers.repository import Repository

ROOT = Path(__file__).parents[1]

NEW_RULE = '''"""Call the new function instead of the old one

The old one is gone.

```diff
-print(1)
+repr(1)
```

```python
repr(1)
```

## Test

Run it.

## Roll back

restart the process.
"""

from collections.abc import Iterator

from fixers.python.source import PythonFile
from fixers.rule import Finding, Severity, Threat, rule


@rule(
    PythonFile,
    severity=Severity.LOW,
    threat=Threat.UNSAFE_OUTPUT,
    references=("CWE-477",),
    mentions=("print",),
)
def check(file: PythonFile) -> Iterator[Finding]:
    for call in file.calls_to("print"):
        yield Finding("calls the old function", call.span, call.rename("repr"))
'''


def test_what_is_generated_is_what_the_code_says() -> None:
    check = [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(check, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (0, ""), f"run `make catalogue`: {result.stderr}"


def test_the_readmes_configuration_is_valid_and_its_commands_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    example = readme.split("```yaml\n")[1].split("```")[0]
    policy = load(Repository.of({".suture.yml": example.encode()}), all_rules())
    assert policy.path == ".suture.yml"
    named = set(re.findall(r"^\| `suture ([a-z-]+)", readme, re.M))
    assert named == {
        command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands
    }


def test_adding_a_rule_means_writing_one_file(tmp_path: Path) -> None:
    for folder in ("fixers", "bot", "templates"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "fixers" / "python" / "old_function.py").write_text(NEW_RULE, encoding="utf-8")
    (tmp_path / "service.py").write_text("print(1)\n", encoding="utf-8")

    def suture(*arguments: str) -> str:
        command = [sys.executable, "-m", "bot", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True).stdout

    assert "| [old-function](python/old_function.py) | Call the new function" in suture("rules", "--markdown")
    assert "+repr(1)" in suture("fix", "service.py", "--rule", "python/old-function")

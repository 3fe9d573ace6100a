"""The emulated GitHub for trying the App by hand: `python -m emulator --webhook URL` in tests/."""

import argparse
import sys
import tempfile
from pathlib import Path

from emulator.acting import Files
from emulator.packages import NotReady
from emulator.world import GitHub, Running

LARGEST_FILE = 1_000_000


def _files(folder: Path) -> Files:
    """The files below a folder, without hidden folders and what is large."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    named = {str(path.relative_to(folder)): path for path in found}
    return {
        name: path.read_bytes()
        for name, path in named.items()
        if path.stat().st_size <= LARGEST_FILE and ".git" not in Path(name).parts
    }


def _told(github: GitHub, key: Path, repository: str) -> str:
    return f"""A GitHub is running; it ends with this command's input (Ctrl-D) or Ctrl-C.

  REST API        {github.base_url}   (GraphQL at /graphql, Enterprise Server's paths at /api/v3)
  App id          {github.app_id}
  private key     {key}
  webhook secret  {github.webhook_secret}
  webhooks go to  {github.deliveries_go_to or "nobody: start again with --webhook URL"}
  installation    {github.installation_id}, on acme
  repository      {repository}
  App's manifest  POST a form with `manifest` to {github.base_url}/settings/apps/new?state=…
  a person        curl -H 'Authorization: Bearer ghp_ann_0' {github.base_url}/repos/{repository}
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="of the API; by default a free one")
    parser.add_argument("--webhook", help="where the App listens, as http://127.0.0.1:8000/webhooks/github")
    parser.add_argument("--files", type=Path, help="a folder whose files the repository gets")
    parser.add_argument("--repository", default="acme/service")
    asked = parser.parse_args()
    try:
        running = Running(port=asked.port)
    except NotReady as problem:
        print(problem, file=sys.stderr)
        return 1
    github = running.github
    github.seed(asked.repository, _files(asked.files) if asked.files else None)
    github.listen(asked.webhook)
    with tempfile.TemporaryDirectory(prefix="suture-emulator-") as folder:
        key = Path(folder, "private-key.pem")
        key.touch(mode=0o600)
        key.write_text(github.private_key)
        print(_told(github, key, asked.repository), flush=True)
        try:
            sys.stdin.read()
        except KeyboardInterrupt:
            print()
        finally:
            running.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

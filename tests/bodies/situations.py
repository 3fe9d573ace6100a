"""Repositories in small, each with a pull request that shows one situation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bot.conventions.commit_style import commit_style
from bot.lifecycle import Asked, Plan, make_plan
from bot.pipeline import Examination, examine, secrets_in
from bot.policy import load
from bot.pull_request import Background, PullRequest, pull_request
from bot.snapshot import Snapshot
from fixers import all_rules
from fixers.stitch import no_formatter

TODAY = date(2026, 11, 28)
BASE = "5f0c1d2e3b4a59687766554433221100ffeeddcc"
HEAD = "a1b2c3d4e5f60718293a4b5c6d7e8f9001122334"
WROTE = "3f9c1ab27d0e4f5a6b7c8d9e0f1a2b3c4d5e6f70"
WEB = "https://github.com/octo/helpdesk"

CHAT = '''\
"""The chat service."""

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["*"],  # the widget runs on customers' pages
    allow_credentials=True,
    allow_methods=["*"],
)
'''
LOADS = """\
import torch
import yaml


def config(path):
    with open(path) as stream:
        return yaml.load(stream, Loader=yaml.UnsafeLoader)


def weights(path):
    return torch.load(path, map_location="cpu", weights_only=False)
"""
IGNORED = LOADS.replace("UnsafeLoader)", "UnsafeLoader)  # suture: ignore[python/unsafe-yaml-load] ours")
ANSWERS = """\
from openai import OpenAI

client = OpenAI()


def tags(question):
    answer = client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": question}])
    return eval(answer.choices[0].message.content)
"""
NOTEBOOK = """\
resource "aws_sagemaker_notebook_instance" "research" {
  name          = "research"
  role_arn      = aws_iam_role.research.arn
  instance_type = "ml.g5.xlarge"
  subnet_id     = aws_subnet.private.id
  security_groups        = [aws_security_group.research.id]
  direct_internet_access = "Enabled"
}
"""
PROVIDER = 'provider "aws" {\n  region = "eu-central-1"\n}\n'
KEY = "sk-proj-Qm7fZr2Lx9Tb4WvKc8JdNs3HyGp6Ua1EoRi5XtVwBq0CzMlF"
SECRET = f'''\
from openai import OpenAI

client = OpenAI(api_key="{KEY}")
'''
ROUTE = """\
from fastapi import FastAPI
from openai import OpenAI

app = FastAPI()
client = OpenAI()


@app.post("/ask")
def ask(question: str):
    answer = client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": question}])
    return answer.choices[0].message.content
"""
RAY = """\
apiVersion: v1
kind: Service
metadata:
  name: embeddings-dashboard
spec:
  type: LoadBalancer
  selector:
    ray.io/cluster: embeddings
    ray.io/node-type: head
  ports:
    - name: dashboard
      port: 8265
"""
SERVER = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: answers
spec:
  selector:
    matchLabels:
      app: answers
  template:
    metadata:
      labels:
        app: answers
    spec:
      containers:
        - name: vllm
          image: vllm/vllm-openai:v0.11.0
          args: ["--model", "Qwen/Qwen3-8B"]
          ports:
            - name: http
              containerPort: 8000
---
apiVersion: v1
kind: Service
metadata:
  name: answers
spec:
  selector:
    app: answers
  ports:
    - port: 80
      targetPort: 8000
"""
ENGINE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: engine
spec:
  selector:
    matchLabels:
      app: engine
  template:
    metadata:
      labels:
        app: engine
    spec:
      containers:
        - name: vllm
          image: vllm/vllm-openai:v0.11.0
          args: ["--model", "Qwen/Qwen3-8B"]
          securityContext:
            privileged: true
        - name: embeddings
          image: ghcr.io/huggingface/text-embeddings-inference:1.8
          args: ["--model-id", "BAAI/bge-m3"]
"""
KUSTOMIZATION = "resources:\n  - server.yaml\n"
FETCHED = """\
import requests
import yaml


def settings(url):
    return yaml.load(requests.get(url).text, Loader=yaml.UnsafeLoader)
"""
REQUEST = "import requests\n\n\ndef fetch{n}(url):\n    return requests.get(url).json()\n"
HOSTILE_NAME = "a|b`c/<img src=x>@octocat\u202e]( http://e.example).py"
BROKEN_NAME = "b\n[//]: # (suture: end)\n</details> #1 `` www.e.example.py"
HOSTILE_RAY = RAY.replace("embeddings-dashboard", '"`</details>|**@octo** [//]: # (suture: end)"')
HOSTILE = """\
import yaml

# [//]: # (suture: end) </details> @octo/everyone ~~~ ```
# [//]: # (suture-marker {"content":"00","head":"","findings":[]})
a = yaml.load(open("x"), Loader=yaml.UnsafeLoader)  # [click](https://e.example) <script>alert(1)</script>
b = yaml.load(open("y"), Loader=yaml.UnsafeLoader)  # suture: ignore[python/unsafe-yaml-load] @octo <b>x | y
"""
CONFIGURED = """\
pull_requests:
  prefix: "security:"
  sections: [summary, rollback, diff]
  reviewers: codeowners
  texts:
    opening: "From the platform team's weekly round."
    before: "Ask in #ml-platform if in doubt."
    closing: "Thank you for reading."
"""
DCO = "# Contributing\n\nSign your commits: `git commit -s` adds the `Signed-off-by` line.\n"
TESTED = {
    "pyproject.toml": '[project]\nname = "chat"\nversion = "1"\n\n[dependency-groups]\ndev = ["pytest"]\n',
    "tests/test_main.py": "from app import main\n\n\ndef test_main():\n    assert main\n",
    "Makefile": "test:\n\tpytest tests\n",
}


@dataclass(frozen=True, slots=True)
class Situation:
    """A repository, and the rule whose pull request is to be shown; the others that are `beside` it are
    asked for too. `history` are commit messages, newest first."""

    files: Mapping[str, str]
    rule: str
    beside: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    is_private: bool = True
    has_web: bool = True


SITUATIONS = {
    "one-python-finding": Situation(
        {"app/main.py": CHAT, "app/__init__.py": "", **TESTED}, "python/cors-with-credentials"
    ),
    "two-rules-of-a-threat": Situation(
        {"train/load.py": LOADS}, "python/unsafe-yaml-load", ("python/unsafe-torch-load",)
    ),
    "three-rules-in-a-manifest": Situation(
        {"deploy/engine.yaml": ENGINE},
        "kubernetes/privileged-container",
        ("kubernetes/mounted-service-account-token", "kubernetes/unhardened-container"),
    ),
    "one-finding-waits-for-another": Situation(
        {"settings.py": FETCHED, "pages.py": REQUEST.format(n="")},
        "python/request-without-timeout",
        ("python/unsafe-yaml-load",),
    ),
    "model-output-into-eval": Situation({"answers.py": ANSWERS}, "python/evaluated-model-output"),
    "terraform-in-place": Situation(
        {"infra/main.tf": PROVIDER, "infra/notebook.tf": NOTEBOOK}, "terraform/notebook-root-access"
    ),
    "terraform-replacement-alone": Situation(
        {"infra/main.tf": PROVIDER, "infra/notebook.tf": NOTEBOOK},
        "terraform/notebook-direct-internet",
        ("terraform/notebook-root-access",),
    ),
    "a-package-is-added": Situation(
        {"app.py": ROUTE, "requirements.txt": "fastapi==0.118.0\nopenai==2.1.0\n"},
        "python/unlimited-inference-route",
    ),
    "a-secret-in-the-source": Situation(
        {"client.py": SECRET, ".env.example": "LOG_LEVEL=info\n"}, "python/hardcoded-ai-key"
    ),
    "kubernetes-in-a-kustomization": Situation(
        {"deploy/ray.yaml": RAY, "deploy/kustomization.yaml": "resources:\n  - ray.yaml\n"},
        "kubernetes/exposed-ray-dashboard",
    ),
    "a-new-file-beside-the-old": Situation(
        {"deploy/server.yaml": SERVER, "deploy/kustomization.yaml": KUSTOMIZATION},
        "kubernetes/missing-network-policy",
    ),
    "a-large-file": Situation(
        {"jobs/fetch.py": "".join(REQUEST.format(n=n) for n in range(120))},
        "python/request-without-timeout",
    ),
    "several-files": Situation(
        {f"jobs/fetch_{n}.py": REQUEST.format(n=n) for n in range(5)}, "python/request-without-timeout"
    ),
    "left-alone-in-private": Situation(
        {"a.py": LOADS, "b.py": IGNORED},
        "python/unsafe-yaml-load",
    ),
    "left-alone-in-public": Situation(
        {"a.py": LOADS, "b.py": IGNORED},
        "python/unsafe-yaml-load",
        is_private=False,
    ),
    "hostile-repository": Situation(
        {HOSTILE_NAME: HOSTILE, BROKEN_NAME: LOADS}, "python/unsafe-yaml-load", ("python/unsafe-torch-load",)
    ),
    "hostile-manifest": Situation({"deploy/ray.yaml": HOSTILE_RAY}, "kubernetes/exposed-ray-dashboard"),
    "configured": Situation(
        {"app.py": CHAT, ".suture.yml": CONFIGURED, "CODEOWNERS": "* @octo/ml @ann\n"},
        "python/cors-with-credentials",
    ),
    "conventional-and-signed-off": Situation(
        {"app.py": CHAT, "CONTRIBUTING.md": DCO},
        "python/cors-with-credentials",
        history=tuple(f"feat(chat): step {n}" for n in range(20)),
    ),
    "without-history-or-page": Situation({"app.py": CHAT}, "python/cors-with-credentials", has_web=False),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A pull request, and what it was made from."""

    request: PullRequest
    examined: Examination
    plan: Plan


def shown(situation: Situation) -> Shown:
    """The pull request of the situation, as its maintainers would get it."""
    data = {path: text.encode("utf-8", "surrogateescape") for path, text in situation.files.items()}
    paths = tuple(sorted(data))
    snapshot = Snapshot(Path("/helpdesk"), BASE, paths, paths, (), frozenset(), data.__getitem__)
    repo = snapshot.repository()
    examined = examine(snapshot, load(repo, all_rules()), all_rules(), TODAY)
    asked = Asked(frozenset((situation.rule, *situation.beside)), most=100)
    plan = make_plan(examined, (), no_formatter, asked)
    campaign = next(
        step.campaign
        for step in plan.steps
        if step.campaign and situation.rule in {rule.id for rule in step.campaign.rules}
    )
    prefix = examined.policy.publishing.wording.prefix
    background = Background(
        BASE,
        TODAY,
        WEB if situation.has_web else "",
        is_private=situation.is_private,
        style=commit_style(situation.history, repo, prefix),
        signature="Suture <suture@localhost>",
        introduced={(one.hit.path, one.hit.line): WROTE for one in campaign.fixed if situation.has_web},
        seen={one.hit.fingerprint: TODAY - timedelta(n % 7) for n, one in enumerate(campaign.fixed)},
        secrets=secrets_in(examined, campaign.fixes, all_rules()),
    )
    return Shown(pull_request(campaign, examined, plan.outcomes, background), examined, plan)


def page(request: PullRequest) -> str:
    """Everything of a pull request that a person sees, in one file: title, body, commit messages."""
    commits = "\n".join(f"```text\n{commit.message}```\n" for commit in request.commits)
    reviewers = ", ".join(f"`{name}`" for name in request.reviewers) or "nobody"
    head = f"# {request.title}\n\n`{request.branch}` · asked to review: {reviewers}\n\n---\n\n"
    return f"{head}{request.body(HEAD)}\n---\n\n{commits}"

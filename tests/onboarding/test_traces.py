"""What is a trace of AI in a repository, and what isn't, though it looks a little like one."""

import pytest

from bot.onboarding.traces import MOST_MANIFESTS, PLAIN_RULES, has_ai, speaks_of_ai
from fixers import all_rules
from fixers.repository import Repository
from fixers.text import Unreadable

TRACES = {
    "a requirement": ("requirements.txt", "flask\ntorch==2.4\n"),
    "one without a version, at the end": ("requirements-dev.txt", "scikit-learn"),
    "another spelling": ("requirements.in", "Sentence_Transformers>=3\r\n"),
    "with extras": ("requirements.txt", "ray[serve]~=2.9\n"),
    "an environment marker": ("requirements.txt", 'vllm ; sys_platform == "linux"\n'),
    "a package below a name": ("requirements.txt", "langchain_google_genai\n"),
    "a folder of requirements": ("requirements/prod.txt", "openai\n"),
    "further down": ("services/chat/requirements.txt", "anthropic\n"),
    "a project": ("pyproject.toml", '[project]\ndependencies = ["httpx", "openai>=1"]\n'),
    "poetry": ("pyproject.toml", '[tool.poetry.dependencies]\ntransformers = "^4"\n'),
    "setup.py": ("setup.py", "setup(install_requires=['tensorflow-cpu>=2'])\n"),
    "setup.cfg": ("setup.cfg", "[options]\ninstall_requires =\n    xgboost\n"),
    "a Pipfile": ("Pipfile", '[packages]\nlitellm = "*"\n'),
    "conda": ("environment.yml", "dependencies:\n  - conda-forge::pytorch=2\n"),
    "pip in conda": ("environment.yml", "dependencies:\n  - pip:\n      - chromadb\n"),
    "node": ("web/package.json", '{"dependencies": {"@langchain/core": "^0.3"}}'),
    "node's plainest": ("package.json", '{"dependencies": {"ai": "^4"}}'),
    "an import": ("app.py", "import os\nimport torch.nn as nn\n"),
    "an import within": ("app.py", "def load():\n    from transformers import pipeline\n"),
    "an import among others": ("app.py", "import os, json, openai\n"),
    "Google's way": ("app.py", "from google import genai\n"),
    "an address": ("app.py", 'requests.post("https://api.openai.com/v1/chat/completions")\n'),
    "an address of one's own": ("app.py", 'URL = "https://mine.openai.azure.com/"\n'),
    "a client of AWS": ("app.py", 'boto3.client("bedrock-runtime")\n'),
    "a variable": ("deploy.yaml", "env:\n  - name: ANTHROPIC_API_KEY\n"),
    "a resource": ("main.tf", 'resource "aws_sagemaker_endpoint" "this" {}\n'),
    "data": ("main.tf", 'data "aws_bedrock_foundation_model" "this" {}\n'),
    "Azure": ("ai.tf", 'resource "azurerm_cognitive_account" "openai" {}\n'),
    "Google Cloud": ("ai.tofu", 'resource "google_vertex_ai_endpoint" "this" {}\n'),
    "a machine for training": ("main.tf", 'instance_type = "p4d.24xlarge"\n'),
    "an API that is switched on": ("main.tf", 'service = "aiplatform.googleapis.com"\n'),
    "Ray": ("ray.yaml", "apiVersion: ray.io/v1\nkind: RayCluster\n"),
    "KServe": ("k.yaml", "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\n"),
    "Kubeflow": ("k.yml", "- apiVersion: 'kubeflow.org/v1'\n  kind: PyTorchJob\n"),
    "an image": ("deploy.yaml", "containers:\n  - image: vllm/vllm-openai:v0.11.0\n"),
    "an image of a chart": (
        "values.yaml",
        "image:\n  repository: ghcr.io/huggingface/text-generation-inference\n",
    ),
    "an image in compose": ("docker-compose.yml", "services:\n  llm:\n    image: ollama/ollama\n"),
    "an accelerator": ("deploy.yaml", "limits:\n  nvidia.com/gpu: 1\n"),
}

PLAIN = {
    "nothing": ("README.md", "We use torch, openai and langchain.\n"),
    "yaml and flask": ("requirements.txt", "pyyaml\nflask\nrequests\nboto3\nnumpy\npandas\n"),
    "names that begin alike": ("requirements.txt", "torchlight-web\nopenai-free\nrayon\nkeras_\naiohttp\n"),
    "a comment": ("requirements.txt", "# torch is not needed here\n"),
    "a description": ("pyproject.toml", 'description = "torch bearers of the web"\n'),
    "a description that ends so": ("pyproject.toml", 'description = "like transformers"\n'),
    "node": ("package.json", '{"name": "openai", "dependencies": {"air": "1", "chai": "4"}}'),
    "an import": ("app.py", "import yaml\nimport requests\nfrom flask import Flask\n"),
    "imports that begin alike": (
        "app.py",
        "import torchlight\nimport ray_tracing\nfrom openai_free import x\n",
    ),
    "a module of one's own": ("app.py", "from . import torch\nfrom .keras import x\nimport app.openai\n"),
    "prose": ("app.py", '"""Uses openai and torch when they are there."""\n'),
    "Google": ("app.py", "from google.cloud import storage\n"),
    "AWS": ("main.tf", 'resource "aws_instance" "web" {\n  instance_type = "t3.large"\n}\n'),
    "a comment in Terraform": ("main.tf", '# resource "aws_sagemaker_endpoint" "this" {}\n'),
    "Kubernetes": ("deploy.yaml", "apiVersion: apps/v1\nkind: Deployment\nspec:\n  image: nginx:1.27\n"),
    "an API group that ends alike": ("k.yaml", "apiVersion: notray.io/v1\nkind: Cluster\n"),
    "a page about GPUs": ("mkdocs.yml", "link: https://www.nvidia.com/gpu\n"),
    "another variable": ("deploy.yaml", "env:\n  - name: MY_OPENAI_API_KEY_ROTATION\n"),
    "a workflow, which no rule reads": (".github/workflows/a.yml", "env: {OPENAI_API_KEY: x}\n"),
}


def repository(path: str, text: str) -> Repository:
    return Repository.of({path: text.encode()})


@pytest.mark.parametrize("case", TRACES)
def test_a_trace_is_seen(case: str) -> None:
    assert has_ai(repository(*TRACES[case]), found_any=False)


@pytest.mark.parametrize("case", PLAIN)
def test_what_is_plain_is_none(case: str) -> None:
    assert not has_ai(repository(*PLAIN[case]), found_any=False)


def test_a_finding_that_speaks_of_ai_is_enough() -> None:
    assert has_ai(Repository.of({}), found_any=True)
    rules = {rule.id: rule for rule in all_rules()}
    assert rules.keys() >= PLAIN_RULES
    assert not speaks_of_ai(rules["python/unsafe-yaml-load"])
    assert speaks_of_ai(rules["python/unsafe-torch-load"])


def test_it_reads_no_further_than_the_first_trace_and_nothing_for_nothing() -> None:
    asked = []

    def read(path: str) -> bytes:
        asked.append(path)
        return b"openai\n" if path == "requirements.txt" else b"import os\n"

    paths = ["a.py", "deep/down/requirements.txt", "requirements.txt", "logo.png", "go.mod"]
    assert has_ai(Repository(paths, read), found_any=False)
    assert asked == ["requirements.txt"]
    asked.clear()
    assert not has_ai(Repository(["a.py", "logo.png", "go.mod", "b.ipynb"], read), found_any=False)
    assert asked == ["a.py"]


def test_of_very_many_manifests_those_near_the_root_are_read() -> None:
    asked = []

    def read(path: str) -> bytes:
        asked.append(path)
        return b"{}"

    paths = [f"packages/{number:03}/package.json" for number in range(200)]
    assert not has_ai(Repository([*paths, "package.json"], read), found_any=False)
    assert (len(asked), asked[0]) == (MOST_MANIFESTS, "package.json")


def test_a_file_that_can_not_be_read_hides_nothing() -> None:
    def read(path: str) -> bytes:
        if path == "a.py":
            raise Unreadable("is gone")
        return b"import torch\n"

    assert has_ai(Repository(["a.py", "b.py"], read), found_any=False)


@pytest.mark.parametrize(
    "text", ["import " + "a, " * 200_000, "-" * 400_000, '"' * 400_000, " \t" * 200_000, "x.y-" * 100_000]
)
def test_no_text_is_slow_to_look_at(text: str) -> None:
    """Linear: each of these would take minutes where a pattern tries what it tried before."""
    for path in ("a.py", "b.tf", "c.yaml", "requirements.txt", "package.json"):
        assert not has_ai(repository(path, text), found_any=False)

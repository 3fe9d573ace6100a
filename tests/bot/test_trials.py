"""How a reviewer tries a change: each command only where a file of the repository speaks for it."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conventions import trials
from fixers.repository import Repository

TEST = b"def test_it():\n    assert True\n"
PROVIDER = b'provider "aws" {}\n'
DEPLOYMENT = b"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: x\n"


def said(files: dict[str, bytes], component: str, language: str, *paths: str) -> list[str]:
    return [one.command for one in trials(Repository.of(files), component, paths, language)]


def of_python(files: dict[str, bytes], component: str = "", path: str = "app/main.py") -> list[str]:
    return said(files | {path: b""}, component, "python", path)


def of_terraform(files: dict[str, bytes], *paths: str) -> list[str]:
    return said(files, "", "terraform", *paths)


def of_kubernetes(files: dict[str, bytes], *paths: str) -> list[str]:
    return said(files, "", "kubernetes", *paths)


@pytest.mark.parametrize(
    ("declaring", "content"),
    [
        ("pyproject.toml", b"[tool.pytest.ini_options]\n"),
        ("requirements-dev.txt", b"pytest==8\n"),
        ("requirements/test.txt", b"pytest\n"),
        ("setup.cfg", b"[options.extras_require]\ntest = pytest\n"),
        ("tests/conftest.py", b""),
        ("pytest.ini", b""),
        (".github/workflows/ci.yml", b"      - run: python -m pytest -q ./tests/\n"),
    ],
)
def test_pytest_runs_where_it_is_named(declaring: str, content: bytes) -> None:
    files = {"tests/test_a.py": TEST, declaring: content}
    assert of_python(files) == ["pytest tests"]
    assert trials(Repository.of(files), "", ["app/main.py"], "python")[0].source == declaring


@pytest.mark.parametrize(
    ("declaring", "content"),
    [
        ("pyproject.toml", b"[project]\n"),
        ("README.md", b"pytest\n"),
        (".github/workflows/ci.yml", b"      - run: pytest tests/e2e\n"),
        (".github/workflows/ci.yml", b"      # pytest\n"),
        (".github/workflows/ci.yml", b"  working-directory: sub\n  run: pytest tests\n"),
    ],
)
def test_tests_without_pytest_are_not_run_with_it(declaring: str, content: bytes) -> None:
    assert of_python({"tests/test_a.py": TEST, declaring: content}) == []


def test_pytest_without_tests_says_nothing() -> None:
    ini = {"pytest.ini": b""}
    assert of_python(ini) == []
    assert of_python(ini | {"tests/conftest.py": b"", "tests/test_script.py": b"print(1)\n"}) == []
    assert of_python(ini | {"tests/test_a.go": TEST}) == []


def test_pytest_starts_where_it_is_configured() -> None:
    tests = {"services/chat/tests/test_a.py": TEST}
    path = "services/chat/app/main.py"
    inside = tests | {"services/chat/pyproject.toml": b"pytest"}
    assert of_python(inside, "services/chat", path) == ["cd services/chat && pytest tests"]
    above = tests | {"tox.ini": b"[pytest]\n"}
    assert of_python(above, "services/chat", path) == ["pytest services/chat/tests"]


def test_tests_of_another_component_are_not_the_nearest() -> None:
    files = {"pytest.ini": b"", "b/tests/test_main.py": TEST, "tests/test_x.py": TEST}
    assert of_python(files, "a", "a/main.py") == ["pytest tests"]


def test_tests_may_stand_beside_the_code() -> None:
    files = {"pytest.ini": b"", "a/pkg/main_test.py": TEST}
    assert of_python(files, "a", "a/pkg/other.py") == ["pytest a/pkg"]
    assert of_python({"pytest.ini": b"", "test_x.py": TEST}) == ["pytest"]


def test_the_test_named_for_a_file_comes_first() -> None:
    named = b"from app.main import x\n" + TEST
    files = {"pytest.ini": b"", "tests/unit/test_main.py": named, "tests/test_b.py": TEST}
    assert of_python(files) == ["pytest tests/unit/test_main.py", "pytest tests"]


@pytest.mark.parametrize(
    "imports",
    [
        b"from app.main import x",
        b"from app import a, main",
        b"import app.main as m",
        b"import main",
        b"from .main import x",
    ],
)
def test_a_test_is_of_the_file_that_it_imports(imports: bytes) -> None:
    files = {"pytest.ini": b"", "tests/test_main.py": imports + b"\n" + TEST}
    assert of_python(files)[0] == "pytest tests/test_main.py"


@pytest.mark.parametrize("imports", [b"from other.main import x", b"# from app.main", b"import mainly"])
def test_a_test_of_a_namesake_is_not_named(imports: bytes) -> None:
    files = {"pytest.ini": b"", "tests/test_main.py": imports + b"\n" + TEST}
    assert of_python(files) == ["pytest tests"]


def test_of_two_tests_that_fit_the_mirrored_one_is_named_or_none() -> None:
    named = b"from app.main import x\n" + TEST
    mirrored = {"pytest.ini": b"", "tests/app/test_main.py": named, "tests/other/test_main.py": named}
    assert of_python(mirrored)[0] == "pytest tests/app/test_main.py"
    equal = {"pytest.ini": b"", "tests/a/test_main.py": named, "tests/b/test_main.py": named}
    assert of_python(equal) == ["pytest tests"]


def test_tox_and_nox_where_they_are_configured() -> None:
    assert of_python({"tox.ini": b"[tox]\n"}) == ["tox"]
    assert of_python({"tox.ini": b"[flake8]\nmax-line-length = 100\n"}) == []
    assert of_python({"pyproject.toml": b"[tool.tox]\nenv_list = []\n"}) == ["tox"]
    assert of_python({"a/noxfile.py": b"", "tox.ini": b"[testenv:x]\n"}, "a", "a/x.py") == [
        "tox",
        "cd a && nox",
    ]


@pytest.mark.parametrize(
    ("makefile", "command"),
    [
        (b"test:\n\tpytest\n", ["make test"]),
        (b"test check: deps\n\tpython3 -m unittest\ndeps:\n", ["make test"]),
        (b"check:\n\t$(PYTHON) -m x\n", ["make check"]),
        (b"test:: ; tox\n", ["make test"]),
        (b"test: unit\nunit: Makefile build/x $(all)\n\t@uv run x\n", ["make test"]),
        (b"test: unit\nunit: prepare\n\t@uv run x\n", []),
        (b"include common.mk\ntest: lint\n\tpytest\n", ["make test"]),
        (b"\ntest:\r\n\tpytest\r\n", ["make test"]),
        (b".PHONY: test\n", []),
        (b".PHONY: test\nlint:\n\tpytest\n", []),
        (b"test := pytest\n", []),
        (b"test = pytest\n", []),
        (b"test: export PYTHON = python3\n", []),
        (b"%test: x\n\tpytest\n$(test): x\n\tpytest\n", []),
        (b"# test:\n\tpytest\n", []),
        (b"test-all:\n\tpytest\n", []),
        (b"test:\n\tgo test ./...\n", []),
        (b"test:\n\tgo test\n\nother:\n\tpytest\n", []),
    ],
)
def test_make_has_a_target_that_runs_python(makefile: bytes, command: list[str]) -> None:
    assert of_python({"Makefile": makefile}) == command


def test_make_runs_in_the_component_before_the_root() -> None:
    files = {"a/Makefile": b"test:\n\tpytest\n", "Makefile": b"test:\n\tpytest\n"}
    assert of_python(files, "a", "a/x.py") == ["make -C a test", "make test"]
    assert of_python({"GNUmakefile": b"", "Makefile": b"test:\n\tpytest\n"}) == []


@pytest.mark.parametrize(
    ("justfile", "command"),
    [
        (b"test:\n    pytest\n", ["just test"]),
        (b"@test *args='': deps\n  uv run pytest {{args}}\n", ["just test"]),
        (b"test target:\n    pytest {{target}}\n", []),
        (b"test := 'pytest'\n", []),
        (b"alias test := other\n", []),
    ],
)
def test_just_has_a_recipe_that_needs_nothing(justfile: bytes, command: list[str]) -> None:
    assert of_python({"justfile": justfile}) == command


@pytest.mark.parametrize(
    ("package", "command"),
    [
        (b'{"scripts": {"test": "python -m pytest"}}', ["npm test"]),
        (b'{"scripts": {"test": "echo \\"Error: no test specified\\" && exit 1"}}', []),
        (b'{"scripts": {"test": "jest"}}', []),
        (b'{"scripts": {"test": 1}}', []),
        (b'{"scripts": []}', []),
        (b"[", []),
    ],
)
def test_npm_has_a_script_that_runs_python(package: bytes, command: list[str]) -> None:
    assert of_python({"package.json": package}) == command


def test_a_root_is_validated_and_planned() -> None:
    repo = Repository.of({"infra/a.tf": b"", "infra/providers.tf": PROVIDER})
    found = trials(repo, "infra", ["infra/a.tf"], "terraform")
    assert [one.command for one in found] == [
        "cd infra && terraform init -backend=false && terraform validate",
        "cd infra && terraform init && terraform plan",
    ]
    assert {one.source for one in found} == {"infra/providers.tf"}
    assert of_terraform({"a.tf": PROVIDER}, "a.tf") == [
        "terraform init -backend=false && terraform validate",
        "terraform init && terraform plan",
    ]


def test_a_module_is_validated_and_its_callers_are_planned() -> None:
    module = {"modules/x/main.tf": b"", "modules/y/main.tf": b'module "x" {\n  source = "../x"\n}\n'}
    validated = "terraform -chdir=modules/x init -backend=false && terraform -chdir=modules/x validate"
    assert of_terraform(module, "modules/x/main.tf") == [validated]
    called = module | {"live/main.tf": PROVIDER + b'module "y" {\n  source = "../modules/y"\n}\n'}
    planned = "cd live && terraform init && terraform plan"
    assert of_terraform(called, "modules/x/main.tf") == [validated, planned]
    assert of_terraform(called, "live/main.tf")[1:] == [planned]


def test_modules_that_call_each_other_end() -> None:
    files = {"a/m.tf": b'  source = "../b"\n', "b/m.tf": b'  source = "../a/"\n'}
    assert len(of_terraform(files, "a/m.tf")) == 1


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("x.tofu", b""),
        (".opentofu-version", b"1.8"),
        (".github/workflows/ci.yml", b"- uses: opentofu/setup-opentofu@v1\n"),
        ("Makefile", b"plan:\n\ttofu plan\n"),
        ("live/terragrunt.hcl", b'terraform_binary = "tofu"\n'),
    ],
)
def test_opentofu_is_named_where_it_is_used(path: str, content: bytes) -> None:
    found = trials(Repository.of({"a.tf": PROVIDER, path: content}), "", ["a.tf"], "terraform")
    assert found[1].command == "tofu init && tofu plan"
    assert found[1].source == path


def test_a_word_about_tofu_is_no_use_of_it() -> None:
    files = {"a.tf": PROVIDER, "Makefile": b"# tofu is next\n", "README.md": b"tofu plan"}
    assert of_terraform(files, "a.tf")[1] == "terraform init && terraform plan"


def test_targets_that_check_terraform() -> None:
    files = {"m/a.tf": b"", "Makefile": b"lint:\n\ttflint\nvalidate:\n\tpython x.py\n"}
    assert of_terraform(files, "m/a.tf")[1:] == ["make lint"]


def test_a_plain_manifest_is_asked_of_the_cluster() -> None:
    files = {"k8s/a.yaml": DEPLOYMENT, "k8s/b.yaml": DEPLOYMENT}
    assert of_kubernetes(files, *files) == ["kubectl apply --dry-run=server -f k8s/a.yaml -f k8s/b.yaml"]
    nameless = {"job.yaml": b"apiVersion: batch/v1\nkind: Job\nmetadata:\n  generateName: x-\n"}
    assert of_kubernetes(nameless, "job.yaml") == ["kubectl create --dry-run=server -f job.yaml"]


@pytest.mark.parametrize(
    "line",
    [
        b"image: {{ .Values.x }}",
        b"image: $IMAGE",
        b'  name: "${NAME}"',
        b"image: <your-image>",
        b"image: MY_IMAGE",
    ],
)
def test_what_is_filled_in_first_is_not_asked_of_a_cluster(line: bytes) -> None:
    assert of_kubernetes({"a.yaml": DEPLOYMENT + line + b"\n"}, "a.yaml") == []


@pytest.mark.parametrize(
    "line", [b"  value: $(HOST)", b"  args: [sh, -c, 'echo $HOME']", b"  value: NCCL_DEBUG"]
)
def test_what_kubernetes_itself_fills_in_is_asked(line: bytes) -> None:
    assert len(of_kubernetes({"a.yaml": DEPLOYMENT + line + b"\n"}, "a.yaml")) == 1


def test_what_is_no_manifest_is_not_asked() -> None:
    assert of_kubernetes({"values.yaml": b"image: x\n"}, "values.yaml") == []


def test_a_kustomization_is_built_by_its_folder() -> None:
    files = {"base/kustomization.yaml": b"resources:\n- app.yaml\n", "base/app.yaml": DEPLOYMENT}
    built = ["kustomize build base", "kubectl diff -k base"]
    assert of_kubernetes(files, "base/app.yaml") == built
    assert of_kubernetes(files, "base/kustomization.yaml") == built
    beside = files | {"base/other.yaml": DEPLOYMENT}
    assert of_kubernetes(beside, "base/other.yaml") == ["kubectl apply --dry-run=server -f base/other.yaml"]


def test_a_patch_is_built_where_it_is_applied() -> None:
    files = {"o/kustomization.yml": b"patches:\n- path: p/a.yaml\n", "o/p/a.yaml": DEPLOYMENT}
    assert of_kubernetes(files, "o/p/a.yaml")[0] == "kustomize build o"


def test_a_kustomization_with_charts_and_one_that_is_a_component() -> None:
    charts = {"kustomization.yaml": b"resources: [a.yaml]\nhelmCharts:\n- name: x\n", "a.yaml": DEPLOYMENT}
    assert of_kubernetes(charts, "a.yaml") == ["kustomize build --enable-helm ."]
    part = {"kustomization.yaml": b"kind: Component\nresources: [a.yaml]\n", "a.yaml": DEPLOYMENT}
    assert of_kubernetes(part, "a.yaml") == []


def test_a_chart_is_linted_and_rendered() -> None:
    chart = {"charts/x/Chart.yaml": b"name: x\n", "charts/x/templates/a.yaml": DEPLOYMENT}
    path = "charts/x/templates/a.yaml"
    assert of_kubernetes(chart, path) == ["helm lint charts/x", "helm template charts/x"]
    assert (
        of_kubernetes(chart | {"charts/x/values.yaml": b""}, "charts/x/values.yaml")[0]
        == "helm lint charts/x"
    )
    example = chart | {"charts/x/examples/a.yaml": DEPLOYMENT}
    assert of_kubernetes(example, "charts/x/examples/a.yaml")[0].startswith("kubectl apply")


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("Chart.yaml", b"name: x\ntype: library\n"),
        ("templates/b.yaml", b'{{ required "set it" .Values.x }}'),
    ],
)
def test_a_chart_that_cannot_be_rendered_alone_is_only_linted(path: str, content: bytes) -> None:
    chart = {"Chart.yaml": b"name: x\n", "templates/a.yaml": DEPLOYMENT, path: content}
    assert of_kubernetes(chart, "templates/a.yaml") == ["helm lint ."]


def test_a_chart_fetches_first_what_it_depends_on() -> None:
    chart = {"c/Chart.yaml": b"dependencies:\n- name: y\n", "c/templates/a.yaml": b""}
    assert of_kubernetes(chart, "c/templates/a.yaml")[0] == "helm dependency update c && helm lint c"


NASTY = "a b'c\"$(touch x)`id`;&|"


def test_a_name_stays_one_word_of_the_shell() -> None:
    manifest = of_kubernetes({f"{NASTY}/x.yaml": DEPLOYMENT}, f"{NASTY}/x.yaml")
    assert shlex.split(manifest[0])[-1] == f"{NASTY}/x.yaml"
    module = of_terraform({f"{NASTY}/a.tf": b""}, f"{NASTY}/a.tf")
    assert shlex.split(module[0])[1] == f"-chdir={NASTY}"
    tested = of_python({f"{NASTY}/tests/test_a.py": TEST, f"{NASTY}/pytest.ini": b""}, NASTY, f"{NASTY}/a.py")
    assert shlex.split(tested[0]) == ["cd", NASTY, "&&", "pytest", "tests"]


def test_a_name_is_never_an_option() -> None:
    assert of_kubernetes({"-k.yaml": DEPLOYMENT}, "-k.yaml") == [
        "kubectl apply --dry-run=server -f ./-k.yaml"
    ]
    assert of_terraform({"-x/a.tf": PROVIDER}, "-x/a.tf")[0].startswith("cd ./-x && ")


@pytest.mark.parametrize("name", ["a\nb", "a\x1bb", "a\u202eb", "a" * 400])
def test_a_name_that_cannot_be_shown_is_left_out(name: str) -> None:
    assert of_kubernetes({f"{name}/x.yaml": DEPLOYMENT}, f"{name}/x.yaml") == []
    assert of_terraform({f"{name}/a.tf": PROVIDER}, f"{name}/a.tf") == []


def test_no_more_than_three() -> None:
    files = {"pytest.ini": b"", "tests/test_a.py": TEST, "tox.ini": b"[tox]\n", "noxfile.py": b""}
    assert of_python(files | {"Makefile": b"test:\n\tpytest\n"}) == ["pytest tests", "tox", "nox"]


def test_another_language_has_no_trials() -> None:
    assert said({"pytest.ini": b"", "tests/test_a.py": TEST}, "", "go", "a.go") == []


@given(st.binary(max_size=200), st.sampled_from(["python", "terraform", "kubernetes"]))
def test_no_file_is_too_much(data: bytes, language: str) -> None:
    names = ("Makefile", "justfile", "package.json", "tox.ini", "pyproject.toml", "tests/test_a.py", "a.tf")
    more = ("Chart.yaml", "kustomization.yaml", "templates/a.yaml", ".github/workflows/a.yml", "a.yaml")
    files = dict.fromkeys((*names, *more), data)
    trials(Repository.of(files), "", tuple(files), language)
    trials(Repository.of(files), "not/there", ("nor/this.py",), language)

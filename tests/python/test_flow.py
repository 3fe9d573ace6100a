"""Values are followed to the call or the parameter that they come from, or not at all."""

import pytest

from fixers.python.source import PythonFile
from fixers.repository import Repository

ASKED = "openai.responses.create"


def model_behind(source: str) -> str:
    """The real name of the model's call behind the argument of the only `use(…)`."""
    file = PythonFile.parse("a.py", f"import openai, re\n{source}".encode(), Repository.of({}))
    (use,) = file.method_calls("it")
    value = use.positional(0)
    assert value
    behind = file.model_behind(value)
    return behind[0].name if behind else ""


@pytest.mark.parametrize(
    "source",
    [
        "use.it(openai.responses.create().output_text)",
        "x = openai.responses.create()\nuse.it(x['a'][0].b.strip())",
        "x = openai.responses.create()\ny = x.a\nx = None\nuse.it(y)",
        "x = 1\nx = openai.responses.create()\nuse.it(x)\nx = 2",
        "x = 1\nx = openai.responses.create()\nif x:\n    use.it(x)",
        "for i in y:\n    x = openai.responses.create()\n    x = use.it(x)",
        "x = openai.responses.create()\nuse.it(re.search('a', str(x)).group())",
        "async def f():\n    x = await openai.responses.create()\n    use.it(x)",
        "x = openai.responses.create()\n\n\ndef f():\n    use.it(x)",
    ],
)
def test_followed(source: str) -> None:
    assert model_behind(source) == ASKED


@pytest.mark.parametrize(
    "source",
    [
        "use.it('a')",
        "use.it(clean(openai.responses.create()))",
        "x = 1\nif a:\n    x = openai.responses.create()\nuse.it(x)",
        "x = openai.responses.create()\nif a:\n    x = '[]'\nuse.it(x)",
        "x = openai.responses.create()\nx = clean(x)\nuse.it(x)",
        "x = openai.responses.create()\nx, y = 1, 2\nuse.it(x)",
        "x = openai.responses.create()\nx += 'a'\nuse.it(x)",
        "x = 1\nx = openai.responses.create()\n\n\ndef f():\n    use.it(x)",
        "x = openai.responses.create()\n\n\ndef f(x):\n    use.it(x)",
        "use.it(len(openai.responses.create().output))",
    ],
)
def test_not_followed(source: str) -> None:
    assert model_behind(source) == ""


def test_endless_names_end() -> None:
    assert model_behind("x = y\ny = x\nuse.it(x)") == ""
    assert model_behind("".join(f"x{i} = x{i + 1}\n" for i in range(99)) + "use.it(x0)") == ""

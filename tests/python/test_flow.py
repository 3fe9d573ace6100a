"""Values are followed back to the model, to what it passes to a tool, or not at all."""

import pytest

from fixers.python.source import Flow, PythonFile
from fixers.repository import Repository

ASKED = "openai.responses.create"
ASK = "openai.responses.create().output_text"


def flow(source: str) -> Flow | None:
    """The way into the argument of the only `use.it(…)`."""
    head = "import json, openai, re\nfrom langchain_core.tools import tool\n"
    file = PythonFile.parse("a.py", f"{head}{source}".encode(), Repository.of({}))
    (use,) = file.method_calls("it")
    value = use.positional(0)
    assert value
    return file.flows.into(value)


def model_behind(source: str) -> str:
    found = flow(source)
    return found.asked.name if found and found.asked else ""


SURE = [
    "use.it(openai.responses.create().output_text)",
    "x = openai.responses.create()\nuse.it(x['a'][0].b.strip())",
    "x = openai.responses.create()\ny = x.a\nx = None\nuse.it(y)",
    "x = 1\nx = openai.responses.create()\nuse.it(x)\nx = 2",
    "x = 1\nx = openai.responses.create()\nif x:\n    use.it(x)",
    "for i in y:\n    x = openai.responses.create()\n    x = use.it(x)",
    "x = openai.responses.create()\nuse.it(re.search('a', str(x)).group())",
    "async def f():\n    x = await openai.responses.create()\n    use.it(x)",
    "x = openai.responses.create()\n\n\ndef f():\n    use.it(x)",
    f"def ask():\n    return {ASK}\n\n\nuse.it(ask())",
    f"def ask():\n    return {ASK}\n\n\ndef other():\n    return ask().strip()\n\n\nuse.it(other())",
    f"class A:\n    def ask(s):\n        return {ASK}\n\n    def f(self):\n        use.it(self.ask())",
    f"def cut(x):\n    return x.strip()\n\n\nuse.it(cut({ASK}))",
    f"if a:\n    x = {ASK}\nelse:\n    x = {ASK}\nuse.it(x if x else '')",
]


@pytest.mark.parametrize("source", SURE[:-1])
def test_surely_the_whole_answer(source: str) -> None:
    found = flow(source)
    assert found
    assert found.asked
    assert (found.asked.name, found.is_whole, found.is_sure) == (ASKED, True, True)


@pytest.mark.parametrize(
    "source",
    [
        SURE[-1],
        "x = 1\nif a:\n    x = openai.responses.create()\nuse.it(x)",
        "x = openai.responses.create()\nif a:\n    x = '[]'\nuse.it(x)",
        "x = 1\nx = openai.responses.create()\n\n\ndef f():\n    use.it(x)",
        "x = ''\nwhile a:\n    use.it(x)\n    x = openai.responses.create()",
        "try:\n    x = openai.responses.create()\nexcept ValueError:\n    x = ''\nuse.it(x)",
        f"def f(x):\n    use.it(x)\n\n\nf({ASK})\nf('a')",
        f"def ask():\n    if a:\n        return ''\n    return {ASK}\n\n\nuse.it(ask())",
    ],
)
def test_on_one_way_the_answer(source: str) -> None:
    found = flow(source)
    assert found
    assert found.asked
    assert (found.asked.name, found.is_sure) == (ASKED, False)


@pytest.mark.parametrize(
    "source",
    [
        f"use.it(f'a {{{ASK}}} b')",
        f"use.it('a ' + {ASK})",
        f"use.it('a %s' % {ASK})",
        f"use.it('a {{}}'.format({ASK}))",
        f"use.it('a {{MSG}}'.replace('{{MSG}}', {ASK}))",
        f"use.it(json.loads({ASK})['a'])",
        f"def f():\n    return {ASK}, 1\n\n\nx, y = f()\nuse.it(x)",
        f"def f():\n    return {ASK}, 1\n\n\nuse.it(f()[0].strip())",
        f"x = [('a', {ASK})]\nfor k, v in x:\n    use.it(v)",
        "x = openai.responses.create()\nx += 'a'\nuse.it(x)",
        "x = ''\nfor c in openai.responses.create(stream=True):\n    x += c.delta\nuse.it(x)",
        "x = []\nfor c in openai.responses.create():\n    x.append(c.delta)\nuse.it(''.join(x))",
        "use.it(', '.join([c.delta for c in openai.responses.create()]))",
        f"def s():\n    for c in {ASK}:\n        yield c.delta\n\n\nuse.it('a' + next(s()))",
        f"x = [{{'role': 'assistant', 'content': {ASK}}}]\nfor m in x:\n    use.it(m['content'])",
    ],
)
def test_a_part_of_the_value_is_the_answer(source: str) -> None:
    found = flow(source)
    assert found
    assert found.asked
    assert (found.asked.name, found.is_whole) == (ASKED, False)


@pytest.mark.parametrize(
    "source",
    [
        "use.it('a')",
        "use.it(clean(openai.responses.create()))",
        "x = openai.responses.create()\nx = clean(x)\nuse.it(x)",
        "x = openai.responses.create()\nx, y = 1, 2\nuse.it(x)",
        "x = openai.responses.create()\n\n\ndef f(x):\n    use.it(x)",
        "use.it(len(openai.responses.create().output))",
        "use.it(f'{openai.responses.create().usage.total_tokens}')",
        "use.it(f'{openai.responses.create().output_text:.2f}')",
        f"x = {ASK}\nif x in ('a', 'b'):\n    use.it(x)",
        f"x = {ASK}\nif re.fullmatch('a+', x):\n    use.it(x)",
        f"x = {ASK}\nvalidate(x)\nuse.it(x)",
        f"x = {ASK}\nif '..' not in x:\n    use.it(x)",
        f"use.it(re.sub('[^a-z]', '_', {ASK}))",
        f"x = {{'a': {ASK}}}\nfor k, v in x.items():\n    use.it(k)",
        f"x = {ASK}\nif a:\n    x = ''\nelse:\n    x = clean(x)\nuse.it(x)",
        f"x = {ASK}\ntry:\n    x = clean(x)\nexcept ValueError:\n    raise\nuse.it(x)",
        f"x, y = 'a', {ASK}\nuse.it(x)",
        f"for i, x in enumerate({ASK}):\n    use.it(i)",
        f"def f(x, y):\n    return y\n\n\nuse.it(f({ASK}, 'a'))",
        f"def f():\n    return {ASK}, 1\n\n\nx, y = f()\nuse.it(y)",
        f"def f():\n    return {ASK}, 1\n\n\nuse.it(f()[1])",
        f"x = [('a', {ASK})]\nfor k, v in x:\n    use.it(k)",
        f"x = [{{'role': 'a', 'content': {ASK}}}]\nfor m in x:\n    use.it(m['title'])",
    ],
)
def test_not_followed(source: str) -> None:
    assert model_behind(source) == ""


def test_endless_names_end() -> None:
    assert model_behind("x = y\ny = x\nuse.it(x)") == ""
    assert model_behind("".join(f"x{i} = x{i + 1}\n" for i in range(999)) + "use.it(x0)") == ""
    assert model_behind("def f(x):\n    return f(x)\n\n\nuse.it(f(1))") == ""
    assert model_behind("def f(x):\n    use.it(x)\n    f(x + x)\n\n\nf(1)") == ""


def test_the_way_is_told_with_its_lines() -> None:
    found = flow("answer = openai.responses.create()\ncommand = f'ls {answer.output_text}'\nuse.it(command)")
    assert found
    assert found.note == (
        "How it gets here: `openai.responses.create` (line 3), `answer` (line 3), `command` (line 4)"
    )


def test_a_long_way_is_told_by_its_ends() -> None:
    names = "".join(f"x{i} = x{i + 1}\n" for i in reversed(range(20)))
    found = flow(f"x20 = {ASK}\n{names}use.it(x0)")
    assert found
    assert found.note.startswith("How it gets here: `openai.responses.create` (line 3), `x20` (line 3), ")
    assert found.note.endswith(", `x0` (line 23)")
    assert found.note.count("line") < 10


@pytest.mark.parametrize(
    ("source", "tool"),
    [
        ("@tool\ndef f(x: str):\n    use.it(x)", "f"),
        ("@tool\ndef f(x: str | None = None):\n    use.it(x or '')", "f"),
        ("@tool\ndef f(x: dict):\n    use.it(x['a'])", "f"),
        ("@tool\ndef f(x: int):\n    use.it(f'a {x}')", ""),
        ("@tool\ndef f(x: bool | None):\n    use.it(x)", ""),
        ("@tool\ndef f(x: Literal['a', 'b']):\n    use.it(x)", ""),
        ("def f(x: str):\n    use.it(x)", ""),
        ("@tool\ndef f(x: str):\n    def g():\n        use.it(x)\n    return g()", "f"),
        ("def g(y):\n    use.it(y)\n\n\n@tool\ndef f(x: str):\n    g(x)", "f"),
    ],
)
def test_what_a_model_passes_to_a_tool(source: str, tool: str) -> None:
    found = flow(f"from typing import Literal\n{source}")
    assert (found.tool if found else "") == tool

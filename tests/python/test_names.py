"""A call is found under its real name, whatever it is called here, and only then."""

# ruff: noqa: E501 - a file on one line is a row of the table

import sys

import pytest

from fixers.python.source import PythonFile
from fixers.repository import Repository


def parse(content: str) -> PythonFile:
    return PythonFile.parse("example.py", content.encode(), Repository.of({}))


FOUND = [
    "import torch\ntorch.load(p)",
    "import torch as th\nth.load(p)",
    "import torch.nn\ntorch.load(p)",
    "import torch.nn\nimport torch.cuda\ntorch.load(p)",
    "from torch import load\nload(p)",
    "from torch import load as l\nl(p)",
    "import torch\nread = torch.load\nread(p)",
    "import torch\nread = other = torch.load\nother(p)",
    "import torch\nread: object = torch.load\nread(p)",
    "import torch\nt = torch\nread = t.load\nread(p)",
    "import torch\n(read := torch.load)(p)",
    "import torch\nif (read := torch.load): read(p)",
    "import torch\n[torch.load(p) for p in paths]",
    "import torch\n[x for x in torch.load(p)]",
    "import torch\n[x for torch in paths for x in paths]\ntorch.load(p)",
    "import torch\n[torch for torch in torch.load(p)]",
    "try:\n    import torch\nexcept ImportError:\n    torch = None\ntorch.load(p)",
    "torch = None\ndef f():\n    global torch\n    import torch\ndef g():\n    torch.load(p)",
    "if a:\n    import torch\nelse:\n    import torch\ntorch.load(p)",
    "def f():\n    import torch\n    return lambda p: torch.load(p)",
    "def f():\n    import torch\n    def g():\n        return torch.load(p)",
    "import torch\ndef f(p, torch=torch.load(p)): pass",
    "import torch\ndef f(p): return torch.load(p)\ndef torch_(): pass",
    "import torch\nclass C:\n    load = other\n    def f(self): torch.load(p)",
    "from torch import load\nclass C:\n    def load(self): return load(self.p)",
    "from torch import load\nclass C:\n    load = other\n    x = [load(p) for p in paths]",
    "class C:\n    from torch import load\n    x = [p for p in load(y)]",
    "import torch\n@torch.load(p)\ndef torch_(): pass",
    "import torch\nlambda torch=torch.load(p): 0",
    "import torch\nasync def f():\n    await torch.load(p)",
    "import torch\nmatch x:\n    case torch.A(): torch.load(p)",
    "import torch\nwith torch.load(p) as x: pass",
    "import torch\nf'{torch.load(p)}'",
    "import torch\n(torch\n.load)(p)",
    "def f():\n    torch.load(p)\nimport torch",
    "def f():\n    import torch\n    def g():\n        nonlocal torch\n        torch.load(p)",
    "def f():\n    def g():\n        nonlocal torch\n        torch.load(p)\n    import torch",
    "import torch\ndef f(torch):\n    def g():\n        global torch\n        return [torch.load(p) for p in x]",
    "class C:\n    def __init__(self):\n        import torch\n        self.t = torch\n    def f(me): me.t.load(p)",
    "import torch\nclass C:\n    t: object\n    def f(self):\n        self.t = torch\n        self.t.load(p)",
]


@pytest.mark.parametrize("content", FOUND)
def test_found(content: str) -> None:
    assert [call.name for call in parse(content).calls_to("torch.load")] == ["torch.load"]


HIDDEN = [
    "torch.load(p)",
    "from torch import *\nload(p)",
    "from . import torch\ntorch.load(p)",
    "from .torch import load\nload(p)",
    "import torch\ntorch = other\ntorch.load(p)",
    "import torch\ntorch: object = other\ntorch.load(p)",
    "import torch\ntorch += 1\ntorch.load(p)",
    "import torch\ndel torch\ntorch.load(p)",
    "import torch\nfor torch in x: torch.load(p)",
    "import torch\nfor a, (torch, *b) in x: torch.load(p)",
    "import torch\nwith x as torch: torch.load(p)",
    "import torch\nwith x as (torch, y): torch.load(p)",
    "import torch\ntry: pass\nexcept E as torch: torch.load(p)",
    "import torch\nmatch x:\n    case torch: torch.load(p)",
    "import torch\nmatch x:\n    case [*torch]: torch.load(p)",
    "import torch\nmatch x:\n    case {**torch}: torch.load(p)",
    "import torch\nmatch x:\n    case A() as torch: torch.load(p)",
    "import torch\n(torch := other)\ntorch.load(p)",
    "import torch\n[(torch := y) for y in x]\ntorch.load(p)",
    "import torch\n[torch.load(p) for torch in x]",
    "import torch\n{torch.load(p): 0 for p, torch in x}",
    "import torch\ndef f(torch): torch.load(p)",
    "import torch\ndef f(*torch): torch.load(p)",
    "import torch\ndef f(**torch): torch.load(p)",
    "import torch\ndef f(*, torch): torch.load(p)",
    "import torch\ndef f(torch, /): torch.load(p)",
    "import torch\nlambda torch: torch.load(p)",
    "import torch\ndef f():\n    torch.load(p)\n    torch = other",
    "import torch\ndef f():\n    import torch.x as torch\n    torch.load(p)",
    "import torch\ndef torch(): pass\ntorch.load(p)",
    "import torch\nclass torch: pass\ntorch.load(p)",
    "import torch\ndef f():\n    global torch\n    torch = other\ntorch.load(p)",
    "import torch\nclass C:\n    global torch\n    torch = other\ntorch.load(p)",
    "def f():\n    import torch\n    def g():\n        nonlocal torch\n        torch = other\n    torch.load(p)",
    "def f():\n    def g():\n        nonlocal torch\n        torch = other\n    import torch\n    torch.load(p)",
    "import torch\nclass C:\n    torch = other\n    torch.load(p)",
    "class C:\n    import torch\n    def f(self): torch.load(p)",
    "from torch import load\nclass C:\n    load = other\n    x = [p for p in load(y)]",
    "if a:\n    import torch\nelse:\n    import other as torch\ntorch.load(p)",
    "try:\n    import torch\nexcept ImportError:\n    torch = object()\ntorch.load(p)",
    "import torch\nread = torch.load if a else b\nread(p)",
    "import torch\nread = torch.load\nread = other\nread(p)",
    "import torch\nread = [torch.load][0]\nread(p)",
    "import torch\ntorch.loads(p), torch.load, torch.load.x(p), torch().load(p)",
    "read = read.load\nread(p)",
    "a = b\nb = a\na.load(p)",
    "import torch\nclass C:\n    def f(self, x): x.t = torch\n    def g(self): self.t.load(p)",
    "import torch\nclass C:\n    def f(self):\n        self.t = torch\n        self.t = x\n        self.t.load(p)",
    "import torch\nclass C:\n    def f(self): self.t = torch\n    def t(self): self.t.load(p)",
    "import torch\nclass C:\n    def f(self): self.t = torch\n    @staticmethod\n    def g(self): self.t.load(p)",
    "import torch\nclass C:\n    def f(self): self.t = torch\nclass D:\n    def g(self): self.t.load(p)",
    "import torch\nclass C:\n    def f(self):\n        self.t = torch\n        self = x\n        self.t.load(p)",
    "import torch\nclass C:\n    def f(self):\n        self.t = torch\n        for self.t in x: self.t.load(p)",
    "import torch\nclass C:\n    def f(self):\n        self.t = torch\n        del self.t\n        self.t.load(p)",
]


@pytest.mark.parametrize("content", HIDDEN)
def test_hidden(content: str) -> None:
    assert [file_call.name for file_call in parse(content).calls_to("torch.load")] == []


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters came with Python 3.12")
@pytest.mark.parametrize(
    "content",
    [
        "import torch\ndef f[torch](): torch.load(p)",
        "import torch\nclass C[torch]:\n    torch.load(p)",
        "import torch\ntype torch = int\ntorch.load(p)",
    ],
)
def test_hidden_by_type_parameters(content: str) -> None:
    assert list(parse(content).calls_to("torch.load")) == []


INSTANCES = [
    "from m import Client\nc = Client()\nc.ask(q)",
    "import m\nm.Client().ask(q)",
    "import m\nwith m.Client(k=1) as c: c.ask(q)",
    "import m\nwith a as b, m.Client() as c: c.ask(q)",
    "import m\nasync def f():\n    async with m.Client() as c:\n        await c.ask(q)",
    "import m\nasync def f():\n    (await m.Client()).ask(q)",
    "import m\nclass C:\n    c = None\n    def __init__(self): self.c = m.Client()\n    def f(self): self.c.ask(q)",
    "import m\nclass C:\n    def f(self):\n        self.c: X = m.Client()\n        return lambda: self.c.ask(q)",
    "import m\nclass C:\n    def f(self):\n        with m.Client() as self.c: self.c.ask(q)",
    "import m\ndef f(k):\n    c = m.Client(k)\n    return [c.ask(q) for q in k]",
    "import m\ndef make():\n    return m.Client()\nmake().ask(q)",
    "import m\ndef make():\n    if x: return None\n    with m.Client() as c: pass\n    return c\nd = make()\nd.ask(q)",
    "import m, functools\n@functools.lru_cache(maxsize=1)\ndef make(): return m.Client()\nmake().ask(q)",
    "import m\nasync def make(): return m.Client()\nasync def f(): (await make()).ask(q)",
    "import m\ndef outer():\n    def make(): return m.Client()\n    return make()\nouter().ask(q)",
]


@pytest.mark.parametrize("content", INSTANCES)
def test_methods_of_instances(content: str) -> None:
    assert [call.name for call in parse(content).calls_to("m.Client().ask")] == ["m.Client().ask"]


@pytest.mark.parametrize(
    "content",
    [
        "import m\nc = m.Client\nc.ask(q)",
        "import m\nwith m.Client() as (c, d): c.ask(q)",
        "import m\nwith m.Client() as c: pass\nwith m.Other() as c: c.ask(q)",
        "import m\nclass C:\n    c = m.Client()\nC.c.ask(q)",
        "import m\ndef make():\n    if x: return m.Other()\n    return m.Client()\nmake().ask(q)",
        "import m\ndef make(): yield m.Client()\nmake().ask(q)",
        "import m\n@wrapped\ndef make(): return m.Client()\nmake().ask(q)",
        "import m\ndef make(): return make()\nmake().ask(q)",
        "import m\ndef make():\n    def inner(): return m.Client()\nmake().ask(q)",
        "import m\ndef make(m): return m.Client()\nmake(x).ask(q)",
        "import m\ndef make(): return m.Client()\ndef make(): return m.Other()\nmake().ask(q)",
        "import m\nclass C:\n    @classmethod\n    def f(cls): cls.c = m.Client()\n    def g(self): self.c.ask(q)",
    ],
)
def test_what_may_be_another_object(content: str) -> None:
    assert list(parse(content).calls_to("m.Client().ask")) == []


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("eval(x)", ["eval"]),
        ("import builtins\nbuiltins.eval(x)", []),
        ("def eval(x): pass\neval(x)", []),
        ("class C:\n    def eval(self): eval(x)", ["eval"]),
        ("def f(eval):\n    return eval(x)", []),
    ],
)
def test_builtins(content: str, names: list[str]) -> None:
    assert [call.name for call in parse(content).calls_to("eval")] == names


def test_calls_come_in_order_of_place_and_methods_whatever_their_object() -> None:
    file = parse("from a import f, g\ng(f(1)).go()\nx.go(f(2))\n")
    assert [file.code(call.node) for call in file.calls_to("a.f", "a.g")] == ["g(f(1))", "f(1)", "f(2)"]
    assert [(call.name, file.text.line_at(call.span.start)) for call in file.method_calls("go")] == [
        ("a.g().go", 2),
        ("", 3),
    ]

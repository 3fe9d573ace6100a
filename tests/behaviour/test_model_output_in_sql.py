"""A model that passes SQL where a customer's name is expected, to a database with two customers."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from behaviour.example import before_and_after, run

BEFORE, AFTER = before_and_after("python/model-output-in-sql")


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE orders (item, customer)")
        rows = [("tea", "Ann"), ("a secret", "Bob"), ("salt", "O'Brien")]
        connection.executemany("INSERT INTO orders VALUES (?, ?)", rows)
        yield connection


@pytest.fixture(autouse=True)
def _world(monkeypatch: pytest.MonkeyPatch, database: sqlite3.Connection) -> None:
    server = ModuleType("mcp.server.fastmcp")
    vars(server)["FastMCP"] = lambda name: SimpleNamespace(tool=lambda: lambda function: function)
    for name in ("mcp", "mcp.server"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, server.__name__, server)
    monkeypatch.setattr(sqlite3, "connect", lambda *arguments, **keywords: database)


def orders_of(source: str, customer: str) -> Any:
    return run(source)["orders_of"](customer)


def test_a_hostile_name_gives_every_customers_orders_before() -> None:
    assert orders_of(BEFORE, "x' OR '1'='1") == ["tea", "a secret", "salt"]


def test_a_hostile_name_gives_none_after() -> None:
    assert orders_of(AFTER, "x' OR '1'='1") == []


@pytest.mark.parametrize("source", [BEFORE, AFTER], ids=["before", "after"])
def test_an_honest_name_gives_its_orders(source: str) -> None:
    assert orders_of(source, "Ann") == ["tea"]


def test_a_name_with_a_quote_is_found_after_only() -> None:
    with pytest.raises(sqlite3.OperationalError):
        orders_of(BEFORE, "O'Brien")
    assert orders_of(AFTER, "O'Brien") == ["salt"]

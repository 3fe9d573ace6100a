"""Pass what a model says to SQL as parameters

A value that stands in a query's text can end it and begin another one, and what a model writes is written by
whoever reached its prompt: `x' OR '1'='1` reads every row, `x'; DROP TABLE orders; --` may delete them.
Passed as a parameter it is a value, whatever it says.

```diff
 import sqlite3

 from mcp.server.fastmcp import FastMCP

 server = FastMCP("orders")
 database = sqlite3.connect("orders.db", check_same_thread=False)


 @server.tool()
 def orders_of(customer: str) -> list:
     cursor = database.cursor()
-    cursor.execute(f"SELECT item FROM orders WHERE customer = '{customer}'")
+    cursor.execute("SELECT item FROM orders WHERE customer = ?", (customer,))
     return [item for (item,) in cursor.fetchall()]
```

```diff
 import psycopg
 from openai import OpenAI

 client = OpenAI()


 def summarise(ticket, text):
     response = client.responses.create(model="gpt-5", input=text)
     with psycopg.connect() as connection:
         connection.execute(
-            f"UPDATE tickets SET summary = '{response.output_text}' WHERE id = {ticket}"
+            "UPDATE tickets SET summary = %s WHERE id = %s", (response.output_text, ticket)
         )
```

A query that the model writes as a whole can't be parametrised. Such findings, and those where a placeholder
stands for a table or for part of the syntax, are left to a person, who chooses: a role that may only read
what the user may see, a view, a list of the queries that are allowed.

```python found
import sqlite3

import openai


def ask(question):
    response = openai.chat.completions.create(model="m", messages=[{"role": "user", "content": question}])
    return response.choices[0].message.content


print(sqlite3.connect("shop.db").execute(ask("SQL for the last order")).fetchall())
```

Parameters, numbers, values that are checked against a list, and connections opened for reading are left
alone:

```python
import sqlite3

from langchain_core.tools import tool

TABLES = ("orders", "items")


@tool
def count(table: str, least: int, customer: str) -> int:
    if table not in TABLES:
        raise ValueError(table)
    query = f"SELECT COUNT(*) FROM {table} WHERE price > {least} AND customer = ?"
    return sqlite3.connect("shop.db").execute(query, (customer,)).fetchone()[0]
```

## Who notices

Nobody whose values are texts or numbers: a name with a quote (`O'Brien`), which broke the query, now works.
`None` is stored as NULL, no more as the text `None`. For lists and other objects `sqlite3` raises
`ProgrammingError`; psycopg passes a list as an array.

## Behaviour

(standard library, sqlite3): with `x' OR '1'='1` the tool gave every customer's orders before; after, none.
For `Ann` it gives her orders in both, and for `O'Brien`, which raised `OperationalError` before, his.

## Test

Call the function with `x' OR '1'='1` for each value: no row comes back, or the text itself is stored. Before,
the query gave rows of others. Then once with a value that has a quote in it, such as `O'Brien`: it is found.

## Roll back

restart the process, which puts values into the query's text again. What was stored as NULL meanwhile stays
so.

## Does not close

Which rows may be asked for: the model may still name another customer. Check that against who is logged in.
"""

import re
from collections.abc import Iterator

from fixers.python.source import MODEL_WORDS, Argument, Call, Composed, Piece, PythonFile, composed
from fixers.rule import Changes, Edit, Finding, Refusal, Safety, Severity, Span, Threat, rule

_STYLES = (
    (re.compile(r"(?:sqlite3|aiosqlite|duckdb)\.connect\(\).*"), "?"),
    (re.compile(r"(?:psycopg2?|pymysql|MySQLdb|mysql\.connector)\.(?:\w+\.)*connect\(\).*"), "%s"),
)
_OTHERS = re.compile(
    r"(?:snowflake\.connector|pyodbc|oracledb|cx_Oracle|duckdb|clickhouse_connect\.get_client)\b.*"
    r"|asyncpg\.(?:connect|create_pool)\(\).*|google\.cloud\.bigquery\.Client\(\).*|sqlalchemy\..*"
    r"|langchain(?:_community)?\.(?:utilities(?:\.\w+)*\.)?SQLDatabase(?:\.from_uri)?\(\).*"
)
_METHODS = ("execute", "executescript", "fetch", "fetchrow", "fetchval", "query", "sql", "run")
_READERS = (
    "pandas.read_sql",
    "pandas.read_sql_query",
    "sqlalchemy.text",
    "sqlalchemy.sql.text",
    "duckdb.sql",
)
_RECEIVER = re.compile(
    r"(?:await\s+)?(?:\w+\.)*_?(?:cur|cursor|conn|connection|db|database|con|c|session|engine)\.execute"
)
_CONNECTIONS = (
    *("sqlite3.connect", "aiosqlite.connect", "duckdb.connect", "psycopg2.connect", "psycopg.connect"),
    *("psycopg.Connection.connect", "psycopg.AsyncConnection.connect", "pymysql.connect", "MySQLdb.connect"),
    *("mysql.connector.connect", "asyncpg.connect", "asyncpg.create_pool", "sqlalchemy.create_engine"),
    *("sqlalchemy.ext.asyncio.create_async_engine", "sqlalchemy.orm.sessionmaker"),
)
_READ_ONLY = re.compile(r"mode=ro\b|read_only=True|READ ONLY|query_only|readonly=True", re.I)
_VALUE = re.compile(
    r"(?:[=<>]|\bI?LIKE|\bBETWEEN(?:\s+\?\s+AND)?|\b(?:VALUES|IN)\s*\((?:[^()]*,)?)\s*$", re.I
)
_ONLY = re.compile(r"\b(?:VALUES|IN)\s*\(\s*$", re.I)
_QUOTES = ("'", '"')
_MOVABLE = re.compile(r"[A-Za-z_][\w.]*(?:\[[\w\"']+\])*(?:\.\w+)*(?:\(\))?")


@rule(
    PythonFile,
    severity=Severity.HIGH,
    safety=Safety.REVIEW,
    threat=Threat.UNSAFE_OUTPUT,
    references=("CWE-89", "CWE-1426", "LLM05:2025", "LLM10:2026", "AML.T0053", "ASI02", "bandit:B608"),
    mentions=("execute", "read_sql", "sql", "SQLDatabase"),
    alongside=MODEL_WORDS,
)
def check(file: PythonFile) -> Iterator[Finding]:
    for call, query, style in () if file.is_test else _queries(file):
        flow = file.flows.into(query)
        if flow is None or file.flows.asks_a_person(call, flow):
            continue
        who = f"passes to `{flow.tool}`" if flow.tool else "answered"
        if flow.is_whole:
            if not _READ_ONLY.search(file.text.content):
                message = f"the database runs the query that a model {who}"
                yield Finding(message, call.span, severity=Severity.MEDIUM, notes=(flow.note,))
            continue
        message = f"what a model {who} is part of a query's text"
        yield Finding(message, call.span, _parametrised(call, query, style), notes=(flow.note,))


def _queries(file: PythonFile) -> Iterator[tuple[Call, Argument, str]]:
    """The calls that run a query, with its text and how the driver writes a placeholder, by place."""
    connections = [f"{call.name}()" for call in file.calls_to(*_CONNECTIONS)]
    found = {call.span: (call, "") for call in file.calls_to(*_READERS)}
    for method in _METHODS:
        for call in file.method_calls(method):
            is_likely = not call.name and bool(connections) and bool(_RECEIVER.match(_code(call)))
            style = _style(connections if is_likely else [call.name])
            if style or is_likely or _OTHERS.fullmatch(call.name):
                found[call.span] = call, style if method == "execute" else ""
    for _, (call, style) in sorted(found.items()):
        query = call.positional(0) or call.keyword("query") or call.keyword("sql")
        if query is not None:
            yield call, query, style


def _code(call: Call) -> str:
    return call.file.text.content[call.span.start : call.span.end]


def _style(names: list[str]) -> str:
    """How the driver writes a placeholder, as far as the file shows which it is."""
    styles = {style for pattern, style in _STYLES for name in names if pattern.fullmatch(name)}
    return styles.pop() if len(styles) == 1 else ""


def _parametrised(call: Call, query: Argument, style: str) -> Changes:
    """Pass the values beside the query, whose text keeps a sign for each."""
    text = composed(query)
    if not style:
        return (Refusal("which placeholders its driver takes can't be seen in this file"),)
    if text is None:
        return (Refusal("the query isn't written as one f-string"),)
    before = call.file.text.content[call.span.start : query.span.start].rstrip()
    if call.positional(1) or call.node.keywords or not re.search(r"\.execute\s*\($", before):
        return (Refusal("it has parameters or other arguments already"),)
    written_out = "".join(piece.text for piece in text.pieces)
    if (style == "%s" and "%" in written_out) or re.search(r"--|/\*", written_out):
        return (Refusal("the query has a comment or a `%` in it"),)
    written, instead, quote = "", {}, 0
    for index, piece in enumerate(text.pieces):
        if not piece.code:
            written, quote = written + piece.text[quote:], 0
            continue
        place = _place(text, index, written, style)
        if place is None and text.flow(piece):
            return (Refusal(f"`{piece.code}` stands where no parameter can"),)
        if place is not None:
            instead[piece] = (place, style)
            quote = int(place != piece.outer)
        written = written[: len(written) - quote] + "?"
    return _passed(text, query, instead)


def _place(text: Composed, index: int, written: str, style: str) -> Span | None:
    """Where the sign goes if a value stands here: its quotes go with it."""
    piece = text.pieces[index]
    behind = text.pieces[index + 1] if index + 1 < len(text.pieces) else None
    following = behind.text if behind else ""
    opening, closing = written[-1:], following[:1]
    span, is_joined = piece.outer, behind is not None and behind.span.start == piece.outer.end
    # between double quotes PostgreSQL reads a name
    if opening and opening == closing and opening in ("'" if style == "%s" else "'\""):
        if not is_joined:
            return None
        written, following = written[:-1], following[1:]
        span = Span(span.start - 1, span.end + 1)
    elif _ONLY.search(written) and closing == ")" and text.is_text(piece):
        return None  # a list of values, perhaps
    is_inside = any(written.count(quote) % 2 for quote in _QUOTES)
    is_apart = not following or following[0] in " \r\n\t),;\\"
    is_movable = piece.is_plain and bool(_MOVABLE.fullmatch(piece.code))
    return span if _VALUE.search(written) and is_apart and is_movable and not is_inside else None


def _passed(text: Composed, query: Argument, instead: dict[Piece, tuple[Span, str]]) -> Changes:
    if not instead:
        return (Refusal("the model's words come from elsewhere than its placeholders"),)
    values = ", ".join(piece.code for piece in instead)
    parameters = f", ({values}{',' if len(instead) == 1 else ''})"
    return (*text.fill(instead), Edit(Span(query.span.end, query.span.end), parameters))

"""Rows of a table, read and written: every write may be done again."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

MAX_TEXT = 2_000
"""Characters of one text: a name or a reason in it may be as long as a file."""


def rows(engine: sa.Engine, query: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
    with engine.connect() as connection:
        return connection.execute(query).all()


def put(
    engine: sa.Engine,
    table: sa.Table,
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    keep: Sequence[str] = (),
) -> None:
    """Insert the row, or update what isn't to be kept of the one that is there."""
    changed = {name: value for name, value in values.items() if name not in keep}
    if change(engine, table, key, changed):
        return
    try:
        with engine.begin() as connection:
            connection.execute(sa.insert(table).values({**key, **values}))
    except sa.exc.IntegrityError:  # somebody else was faster
        change(engine, table, key, changed)


def change(engine: sa.Engine, table: sa.Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> int:
    """How many rows there were to change."""
    where = sa.and_(*(table.c[name] == value for name, value in key.items()))
    with engine.begin() as connection:
        return connection.execute(sa.update(table).where(where).values(dict(values))).rowcount


def short(text: str) -> str:
    """The text as every database takes it: bounded, without NUL and lone surrogates."""
    return text[:MAX_TEXT].replace("\0", "\\0").encode("utf-8", "backslashreplace").decode("utf-8")

"""What the ledger holds in the end."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from bot.ledger.tables import jobs, pull_requests, repositories


def outcomes_of(url: str) -> dict[str, tuple[str, str]]:
    """Delivery → outcome and reason."""
    with _reading(url) as connection:
        rows = connection.execute(sa.select(jobs.c.id, jobs.c.outcome, jobs.c.reason)).all()
    return {row.id: (row.outcome, row.reason) for row in rows}


def pull_requests_of(url: str, name: str) -> list[int]:
    """The numbers of a repository's pull requests."""
    query = (
        sa.select(pull_requests.c.number)
        .join(repositories, pull_requests.c.repository == repositories.c.id)
        .where(repositories.c.name == name)
        .order_by(pull_requests.c.number)
    )
    with _reading(url) as connection:
        return list(connection.execute(query).scalars())


@contextmanager
def _reading(url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()

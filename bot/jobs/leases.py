"""Who works on a database: a lock that goes when its process does, so that others notice a death.

On PostgreSQL it is a session's advisory lock: the server frees it when the connection ends (through a
pooler it would not: connect directly, or in session mode). On SQLite, where one process works, it is a
lock on a file beside the database.
"""

import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

_KEEPALIVE = ("tcp_keepalives_idle = 15", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3")
"""A machine that lost its power says nothing: the server asks, and gives it up after half a minute."""


class InUse(Exception):
    """Another process works on this SQLite database."""


class Lease(Protocol):
    def hold(self) -> None: ...
    def is_held(self) -> bool: ...
    def is_dead(self, worker: str) -> bool: ...
    def release(self) -> None: ...


def lease_of(url: str, worker: str) -> Lease:
    """The lease of a worker, not yet held."""
    made = sa.make_url(url)
    if made.get_backend_name() == "sqlite":
        return FileLease(Path(made.database or ""))
    return SessionLease(url, worker)


class FileLease:
    """The one worker of an SQLite database; it also has that read while somebody writes (WAL)."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._path = database.with_name(f"{database.name}.lock")
        self._connection: sqlite3.Connection | None = None

    def hold(self) -> None:
        """Makes the database's folder; raises InUse where another process holds it."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=0, check_same_thread=False, isolation_level=None)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            connection.close()
            raise InUse(
                f"another process works on {self._database}: end it, or give several "
                "processes one PostgreSQL by SUTURE_DATABASE_URL"
            ) from None
        self._connection = connection
        with closing(sqlite3.connect(self._database)) as writing:
            writing.execute("PRAGMA journal_mode = WAL")

    def is_held(self) -> bool:
        return self._connection is not None

    def is_dead(self, worker: str) -> bool:
        """There is no other worker that could be alive."""
        return True

    def release(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class SessionLease:
    """One of several workers on a PostgreSQL database."""

    def __init__(self, url: str, worker: str) -> None:
        self._engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self._worker = worker
        self._session: sa.Connection | None = None

    def hold(self) -> None:
        session = self._engine.connect()
        for setting in _KEEPALIVE:
            session.execute(sa.text(f"SET {setting}"))
        session.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": _key(self._worker)})
        self._session = session

    def is_held(self) -> bool:
        """Asks the server: after a lost connection the lock is gone, and is taken anew by `hold`."""
        if self._session is None:
            return False
        try:
            self._session.execute(sa.text("SELECT 1"))
        except sa.exc.DBAPIError:
            self.release()
            return False
        return True

    def is_dead(self, worker: str) -> bool:
        """Its lock can be had. Another session asks: a session's own locks never refuse it."""
        with self._engine.connect() as asking:
            freed = asking.execute(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": _key(worker)})
            return bool(freed.scalar_one())

    def release(self) -> None:
        if self._session is not None:
            with closing(self._session) as session:
                session.invalidate()
            self._session = None


def _key(worker: str) -> int:
    return int.from_bytes(sha256(f"suture-worker:{worker}".encode()).digest()[:8], signed=True)

"""A PostgreSQL of the test's own, reached by a socket in its folder; without its programs, a loud skip."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest


def programs() -> Path:
    found = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if found is None and not folders:
        pytest.skip("NOT TESTED ON POSTGRESQL: its programs (initdb, pg_ctl) are not on this machine")
    return Path(found).resolve().parent if found else folders[0]


def _user() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@dataclass
class Server:
    folder: Path
    databases: int = 0

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://suture@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """The URL of an empty database."""
        self.databases += 1
        name = f"suture{self.databases}"
        with psycopg.connect(self.url().replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)


@contextmanager
def postgres(*, fsync: bool = False) -> Iterator[Server]:
    bin_folder, user = programs(), _user()
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    if user:
        shutil.chown(folder, user)
    data, options = folder / "data", f"-k {folder} -c listen_addresses='' -c fsync={fsync}"

    def run(program: str, *arguments: str) -> None:
        command = [str(bin_folder / program), *arguments]
        done = subprocess.run(
            command, cwd=folder, user=user, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
        )
        assert done.returncode == 0, done.stderr.decode()

    try:
        run("initdb", "-D", str(data), "-U", "suture", "-A", "trust", "-N")
        run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield Server(folder)
        finally:
            run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)

"""A commit's tarball, read while it arrives, from a GitHub that may send anything."""

import gzip
import io
import random
import tarfile
import tracemalloc
import zlib
from collections.abc import Iterator

import httpx
import pytest
from github_bench import REPO, SHA, TOKEN, Bench, Pieces, bench, no, token

from bot.github import Missing, Oversized, Problem, Unavailable
from bot.snapshot import Limits

__all__ = ["bench"]
CODELOAD = "https://codeload.github.com/acme/service/legacy.tar.gz/x?token=ABCDEF"
LIMITS = Limits(files=100, file_bytes=1_000, total_bytes=10_000_000, depth=5)


def member(
    name: str, content: bytes = b"", kind: bytes = tarfile.REGTYPE, mode: int = 0o644, link: str = ""
) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.mode, made.linkname = kind, mode, link
    made.size = len(content) if kind in (tarfile.REGTYPE, tarfile.AREGTYPE) else 0
    return made


def archive(
    *files: tuple[str, bytes] | tarfile.TarInfo, comment: str = SHA, form: int = tarfile.PAX_FORMAT
) -> bytes:
    made = io.BytesIO()
    headers = {"comment": comment} if comment else {}
    with tarfile.open(fileobj=made, mode="w", format=form, pax_headers=headers) as tar:
        for one in files:
            name, content = one if isinstance(one, tuple) else ("", b"")
            tar.addfile(member(name, content) if isinstance(one, tuple) else one, io.BytesIO(content))
    return made.getvalue()


def serve(bench: Bench, packed: bytes | tuple[bytes | Exception, ...], status: int = 200) -> None:
    bench.on("GET", f"{REPO}/tarball/{SHA}", no(302, location=CODELOAD))
    pieces = (
        packed
        if isinstance(packed, tuple)
        else tuple(packed[at : at + 1000] for at in range(0, len(packed), 1000))
    )
    bench.on("GET", CODELOAD, httpx.Response(status, stream=Pieces(*pieces)))


def read(bench: Bench, limits: Limits = LIMITS) -> dict[str, tuple[int, bytes]]:
    found: dict[str, tuple[int, bytes]] = {}
    for path, mode, content in bench.repo.tarball(SHA, limits):
        assert path not in found
        found[path] = mode, content
    return found


def test_files_with_their_modes_and_without_the_top_folder(bench: Bench) -> None:
    long = "/".join(["folder"] * 5 + ["n" * 180 + ".py"])
    run = member("top/run.sh", mode=0o775)
    tar = archive(
        ("top/ü 日本.py", b"\xff\r\n"), run, member("top/docs/", kind=tarfile.DIRTYPE), (f"top/{long}", b"x")
    )
    serve(bench, gzip.compress(tar))
    assert read(bench) == {
        "ü 日本.py": (0o100644, b"\xff\r\n"),
        "run.sh": (0o100755, b""),
        long: (0o100644, b"x"),
    }
    assert bench.sent("GET", f"{REPO}/tarball/{SHA}")[0].headers["authorization"] == f"Bearer {TOKEN}"
    (asked,) = bench.sent("GET", "/acme/service/legacy.tar.gz/x")
    assert "authorization" not in asked.headers


def test_a_name_that_is_not_utf_8_keeps_its_bytes(bench: Bench) -> None:
    info = member("top/x")
    info.name = "top/\udcff.py"
    made = io.BytesIO()
    with tarfile.open(
        fileobj=made, mode="w", format=tarfile.GNU_FORMAT, encoding="utf-8", errors="surrogateescape"
    ) as tar:
        tar.addfile(info)
    serve(bench, gzip.compress(made.getvalue()))
    assert list(read(bench)) == ["\udcff.py"]


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "top/../../etc/passwd",
        "../x",
        "top/./x",
        "top//x",
        "x",
        "top/a/b/c/d/e/f/g.py",
        ".",
        "top/..",
    ],
)
def test_names_that_lead_elsewhere_are_left_out(bench: Bench, name: str) -> None:
    serve(bench, gzip.compress(archive((name, b"x"), ("top/ok.py", b"y"))))
    assert list(read(bench)) == ["ok.py"]


@pytest.mark.parametrize(
    "kind",
    [
        tarfile.SYMTYPE,
        tarfile.LNKTYPE,
        tarfile.CHRTYPE,
        tarfile.BLKTYPE,
        tarfile.FIFOTYPE,
        tarfile.CONTTYPE,
        b"?",
    ],
)
def test_what_is_no_plain_file_is_left_out(bench: Bench, kind: bytes) -> None:
    serve(
        bench, gzip.compress(archive(member("top/bad", kind=kind, link="/etc/passwd"), ("top/ok.py", b"y")))
    )
    assert list(read(bench)) == ["ok.py"]


def test_a_path_comes_once_and_what_is_too_large_not_at_all(bench: Bench) -> None:
    files = [
        ("top/a", b"1"),
        ("top/a", b"2"),
        ("top/large", bytes(1_001)),
        ("top/fits", bytes(1_000)),
        ("top/z", b""),
    ]
    serve(bench, gzip.compress(archive(*files)))
    assert read(bench) == {
        "a": (0o100644, b"1"),
        "fits": (0o100644, bytes(1_000)),
        "z": (0o100644, b""),
    }


def test_no_more_files_than_the_limit(bench: Bench) -> None:
    serve(bench, gzip.compress(archive(*((f"top/{n}", b"") for n in range(200)))))
    assert len(read(bench)) == 100


def test_a_bomb_is_stopped_without_being_held(bench: Bench) -> None:
    """A hundred megabytes of zeros, packed into one of the answer's pieces."""

    def bomb() -> Iterator[bytes]:
        pack = zlib.compressobj(9, wbits=31)
        yield pack.compress(archive(("top/a", b""))[:1024])
        info = member("top/bomb")
        info.size = 100_000_000
        yield pack.compress(info.tobuf())
        for _ in range(100):
            yield pack.compress(bytes(1_000_000))
        yield pack.flush()

    packed = b"".join(bomb())
    serve(bench, (packed,))
    tracemalloc.start()
    with pytest.raises(Oversized):
        read(bench)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_a_header_that_claims_to_be_large_is_not_read(bench: Bench, kind: bytes) -> None:
    info = member("top/header", kind=kind)
    info.size = 9_000_000
    serve(bench, gzip.compress(archive(("top/a", b"1"))[:-10240] + info.tobuf() + bytes(9_000_000)))
    with pytest.raises((Oversized, Unavailable)):
        read(bench)


def test_a_sparse_file_is_left_out(bench: Bench) -> None:
    """Old GNU's way to say: a terabyte, of which nothing is here."""
    info = member("top/sparse")
    info.type = tarfile.GNUTYPE_SPARSE
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[483:495] = b"77777777777\0"
    header[148:156] = b"%06o\0 " % (sum(header[:148]) + 8 * 32 + sum(header[156:512]))
    ok = archive(("top/ok", b""), comment="")
    serve(bench, gzip.compress(bytes(header) + ok))
    assert list(read(bench)) == ["ok"]


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9, 0.99])
def test_half_of_a_tarball_is_none(bench: Bench, at: float) -> None:
    noise = random.Random(1)
    packed = gzip.compress(archive(*((f"top/{n}", noise.randbytes(500)) for n in range(50))))
    serve(bench, (packed[: int(len(packed) * at)],))
    with pytest.raises(Unavailable):
        read(bench)


def test_a_tarball_that_ends_between_two_files_is_none_either(bench: Bench) -> None:
    tar = archive(("top/a", b"1"), ("top/b", b"2"), comment="")
    pack = zlib.compressobj(wbits=31)
    serve(bench, (pack.compress(tar[:1024]) + pack.flush(zlib.Z_SYNC_FLUSH),))
    with pytest.raises(Unavailable, match="broke off"):
        read(bench)


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"<html>oops</html>",
        gzip.compress(b"no tar at all" * 100, mtime=0),
        gzip.compress(bytes(100), mtime=0)[:-8] + b"12345678",
    ],
    ids=["nothing", "page", "no tar", "wrong sum"],
)
def test_what_is_no_tarball(bench: Bench, packed: bytes) -> None:
    serve(bench, (packed,))
    with pytest.raises(Unavailable) as caught:
        read(bench)
    assert "ABCDEF" not in str(caught.value)


def test_an_empty_commit_has_an_empty_tarball(bench: Bench) -> None:
    serve(bench, gzip.compress(archive(member("top/", kind=tarfile.DIRTYPE))))
    assert read(bench) == {}


def test_a_tarball_of_another_commit_is_not_taken(bench: Bench) -> None:
    serve(bench, gzip.compress(archive(("top/a", b"1"), comment="b" * 40)))
    with pytest.raises(Unavailable, match="another commit"):
        read(bench)


@pytest.mark.parametrize(
    "fault", [httpx.ReadError("x"), httpx.ReadTimeout("x"), httpx.RemoteProtocolError("x")]
)
def test_a_connection_that_breaks_in_the_middle(bench: Bench, fault: Exception) -> None:
    packed = gzip.compress(archive(("top/a", b"1"), ("top/b", b"2")))
    serve(bench, (packed[:100], fault))
    with pytest.raises(Unavailable):
        read(bench)


def test_whoever_has_seen_enough_may_leave(bench: Bench) -> None:
    serve(bench, gzip.compress(archive(("top/a", b"1"), ("top/b", b"2"))))
    files = bench.repo.tarball(SHA, LIMITS)
    assert next(files)[0] == "a"
    assert isinstance(files, Iterator)
    del files


@pytest.mark.parametrize(
    ("status", "kind"), [(404, Missing), (500, Unavailable), (403, Problem), (204, Unavailable)]
)
def test_a_tarball_that_is_not_to_be_had(bench: Bench, status: int, kind: type[Problem]) -> None:
    bench.on("GET", f"{REPO}/tarball/{SHA}", no(status))
    with pytest.raises(kind):
        read(bench)


def test_a_token_that_ended_is_renewed(bench: Bench) -> None:
    bench.on("POST", "/app/installations/7/access_tokens", token("ghs_1"), token("ghs_2"))
    packed = gzip.compress(archive(("top/a", b"1")))
    bench.on("GET", f"{REPO}/tarball/{SHA}", no(401), httpx.Response(200, stream=Pieces(packed)))
    assert list(read(bench)) == ["a"]
    bench.on("GET", f"{REPO}/tarball/{SHA}", no(401))


def test_a_token_that_stays_refused_is_told(bench: Bench) -> None:
    bench.on("GET", f"{REPO}/tarball/{SHA}", no(401))
    with pytest.raises(Problem, match="401"):
        read(bench)
    assert len(bench.sent("GET")) == 2

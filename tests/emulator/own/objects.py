"""git's objects: commits that GitHub signs, raw blobs, cut trees, tarballs, comparisons with forks."""

import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from pathspec import GitIgnoreSpec

from emulator import merging
from emulator.routes import Args, route
from emulator.wire import Answer, Data, Refusal, Request, answer

if TYPE_CHECKING:
    from emulator.hub import Hub

LARGEST_BLOB = 100 * 1024 * 1024


def commit(hub: "Hub", request: Request, args: Args) -> Answer:
    """With an installation's token and nobody named, the commit is GitHub's to sign (docs.github.com:
    "Signature verification for bots")."""
    asked = request.data()
    is_signed = request.token in hub.state.tokens and not {"author", "committer", "signature"} & asked.keys()
    if is_signed:
        github = {"name": "GitHub", "email": "noreply@github.com", "date": hub.now()}
        request = replace(request, body=json.dumps(asked | {"committer": github}).encode())
    made = hub.forward(request)
    if is_signed and made.status == 201:
        hub.state.verified.add(made.value["sha"])
    return made


def blob(hub: "Hub", request: Request, args: Args) -> Answer:
    """The bytes themselves where the raw media type is asked for."""
    found = hub.forward(request)
    if found.status != 200 or "raw" not in request.accept:
        return found
    content = merging.blob(hub, f"{args['owner']}/{args['repo']}", args["sha"])
    return Answer(200, content, {"Content-Type": "application/vnd.github.raw; charset=utf-8"})


def tree(hub: "Hub", request: Request, args: Args) -> Answer:
    """Cut after `tree_limit` entries where it is recursive, as GitHub's at 100,000."""
    found = hub.forward(request)
    if found.status != 200 or "recursive" not in request.query:
        return found
    limit, value = hub.behaviour.tree_limit, found.value
    if len(value["tree"]) <= limit:
        return found
    return answer(value | {"tree": value["tree"][:limit], "truncated": True}, headers=found.headers)


def tarball(hub: "Hub", request: Request, args: Args) -> Answer:
    """A redirect to where the archive is, as GitHub does."""
    name = f"{args['owner']}/{args['repo']}"
    found = hub.forward(replace(request, target=f"/repos/{name}/commits/{args['ref']}"))
    if found.status != 200:
        return found
    ticket = hub.state.ticket(f"{name}/{found.value['sha']}")
    location = f"{hub.base_url}/codeload/{name}/legacy.tar.gz/{found.value['sha']}?token={ticket}"
    return Answer(302, b"", {"Location": location})


def archive(hub: "Hub", request: Request, args: Args) -> Answer:
    name, sha = f"{args['owner']}/{args['repo']}", args["sha"]
    if hub.state.tickets.get(request.query.get("token", "")) != f"{name}/{sha}":
        raise Refusal(404, "Not Found")
    root = f"{args['owner']}-{args['repo']}-{sha[:7]}"
    packed = io.BytesIO()
    headers = {"comment": sha}
    with tarfile.open(fileobj=packed, mode="w:gz", format=tarfile.PAX_FORMAT, pax_headers=headers) as tar:
        for member, content in _members(hub, name, sha, root):
            tar.addfile(member, io.BytesIO(content))
    shown = {
        "Content-Type": "application/x-gzip",
        "Content-Disposition": f"attachment; filename={root}.tar.gz",
    }
    return Answer(200, packed.getvalue(), shown)


def _members(hub: "Hub", name: str, sha: str, root: str) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    entries = merging.entries(hub, name, sha)
    left_out = _left_out(hub, name, entries)
    folder = tarfile.TarInfo(f"{root}/")
    folder.type, folder.mode = tarfile.DIRTYPE, 0o775
    yield folder, b""
    for path, (mode, oid) in entries.items():
        if left_out.match_file(path):
            continue
        member = tarfile.TarInfo(f"{root}/{path}")
        member.mode = 0o775 if mode in {"100755", "160000"} else 0o664
        if mode == "160000":
            member.type = tarfile.DIRTYPE
            yield member, b""
            continue
        content = merging.blob(hub, name, oid)
        if mode == "120000":
            member.type, member.linkname, content = tarfile.SYMTYPE, content.decode(), b""
        member.size = len(content)
        yield member, content


def _left_out(hub: "Hub", name: str, entries: dict[str, merging.Entry]) -> GitIgnoreSpec:
    """`export-ignore` of the root's .gitattributes, as `git archive` reads it."""
    found = entries.get(".gitattributes")
    lines = merging.blob(hub, name, found[1]).decode().splitlines() if found else []
    return GitIgnoreSpec.from_lines(line.split()[0] for line in lines if "export-ignore" in line.split()[1:])


def compare(hub: "Hub", request: Request, args: Args) -> Answer:
    """`owner:branch` of a fork stands for its commit, which its parent can see."""
    name = f"{args['owner']}/{args['repo']}"
    base, dots, head = args["basehead"].partition("...")
    ends = [_end(hub, name, end) for end in (base, head)]
    query = request.target.partition("?")[2]
    target = f"/repos/{name}/compare/{dots.join(ends)}" + (f"?{query}" if query else "")
    return hub.forward(replace(request, target=target))


def _end(hub: "Hub", name: str, end: str) -> str:
    owner, colon, branch = end.partition(":")
    if not colon:
        return end
    at = next(
        (fork for fork, parent in hub.state.forks.items() if parent == name and fork.startswith(f"{owner}/")),
        name,
    )
    found: str = hub.read(f"/repos/{at}/git/ref/heads/{branch}")["object"]["sha"]
    return found


def big_blob(hub: "Hub", request: Request, args: Args) -> Answer:
    if len(request.body) > LARGEST_BLOB:
        raise Refusal(422, "Sorry, your input was too large to process.")
    return hub.forward(request)


def commit_pulls(hub: "Hub", request: Request, args: Args) -> Answer:
    """Pull requests with that commit as their head (GitHub also lists those that contain it)."""
    name = f"{args['owner']}/{args['repo']}"
    number = hub.state.repositories.get(name, 0)
    heads = {one for (at, one), sha in hub.state.heads.items() if at == number and sha == args["ref"]}
    found: list[Data] = [hub.read(f"/repos/{name}/pulls/{one}") for one in sorted(heads)]
    return answer(found)


ROUTES = (
    route("POST", "/repos/{owner}/{repo}/git/commits", commit),
    route("POST", "/repos/{owner}/{repo}/git/blobs", big_blob),
    route("GET", "/repos/{owner}/{repo}/git/blobs/{sha}", blob),
    route("GET", "/repos/{owner}/{repo}/git/trees/{sha+}", tree),
    route("GET", "/repos/{owner}/{repo}/tarball", tarball),
    route("GET", "/repos/{owner}/{repo}/tarball/{ref+}", tarball),
    route("GET", "/codeload/{owner}/{repo}/legacy.tar.gz/{sha}", archive),
    route("GET", "/repos/{owner}/{repo}/compare/{basehead+}", compare),
    route("GET", "/repos/{owner}/{repo}/commits/{ref+}/pulls", commit_pulls),
)

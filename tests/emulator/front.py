"""The HTTP server before it all: reads requests, writes answers, and breaks connections when told to."""

import contextlib
import select
import socket
import struct
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from emulator.faults import Manner
from emulator.hub import Hub, Reply
from emulator.upstream import Broken
from emulator.wire import Refusal, Request

HELD_SECONDS = 60.0
"""The longest that a request goes without an answer on purpose."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Server"

    def do_GET(self) -> None:
        request = Request(
            self.command,
            self.path,
            {name.lower(): value for name, value in self.headers.items()},
            self._body(),
        )
        try:
            reply = self.server.hub.serve(request)
        except Broken as problem:
            reply = Reply(Refusal(500, str(problem)).answer())
        self._write(reply)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_GET

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline(100), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline(2)
        self.rfile.readline(2)
        return b"".join(parts)

    def _write(self, reply: Reply) -> None:
        if reply.manner is Manner.HANG:
            self.server.hold(self.connection)
        if reply.manner in {Manner.RESET, Manner.HANG}:
            self._reset()
            return
        answer = reply.answer
        body = answer.body
        self.send_response(answer.status, HTTPStatus(answer.status).phrase)
        for name, value in ({"X-GitHub-Request-Id": "EMULATOR"} | dict(answer.headers)).items():
            self.send_header(name, value)
        if answer.status not in {204, 304}:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if reply.manner is Manner.TRUNCATE:
            body = body[: len(body) // 2]
            self.close_connection = True
        if self.command != "HEAD":
            self.wfile.write(body)

    def _reset(self) -> None:
        """Closing a socket that lingers for no time sends a reset."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: what was asked is in `Hub.seen`."""


class Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 256
    hub: Hub

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self._lock = threading.Condition()
        self._open: set[socket.socket] = set()
        self._held: set[socket.socket] = set()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), name="emulator-front")

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def start(self, hub: Hub) -> None:
        self.hub = hub
        self._thread.start()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def close_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().close_request(request)

    def hold(self, connection: socket.socket) -> None:
        """Until the client leaves, `release` is called, or the bound is reached."""
        here, there = socket.socketpair()
        with self._lock:
            self._held.add(there)
            self._lock.notify_all()
        with here, there:
            select.select([connection, here], [], [], HELD_SECONDS)
            with self._lock:
                self._held.discard(there)

    def wait_until_held(self, count: int, seconds: float) -> None:
        with self._lock:
            if not self._lock.wait_for(lambda: len(self._held) >= count, seconds):
                raise TimeoutError(f"{len(self._held)} requests are held, not {count}")

    def release(self) -> None:
        """Lets go of all requests that are held."""
        with self._lock:
            for one in self._held:
                one.send(b"!")

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that left is no error of ours; anything else is told on stderr."""
        if not isinstance(sys.exception(), OSError | ValueError):
            super().handle_error(request, client_address)

    def close(self) -> None:
        self.release()
        self.shutdown()
        self._thread.join()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

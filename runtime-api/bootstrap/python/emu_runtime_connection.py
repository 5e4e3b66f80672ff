"""One keep-alive HTTP/1.1 connection to the Runtime API; used by emu_runtime_loop and emu_runtime_snapstart.

Built on the C module below `socket`: importing `socket` itself costs some 3 ms of every cold start, and user code
that replaces it (gevent) must not catch ours. Replies must carry Content-Length.
"""

import _socket
import os
import sys

_BASE = "/2018-06-01/runtime/"


class _Closed(Exception):
    pass


class Connection:
    def __init__(self, address):
        self._address = address
        host, _, port = address.rpartition(":")
        self._peer = (host, int(port)) if host else (address, 80)
        self._socket = None
        self._used = False  # a reply has come over this socket
        self._connect()

    def get(self, path):
        return self._request(f"GET {_BASE}{path} HTTP/1.1\r\nHost: {self._address}\r\n\r\n".encode())

    def post(self, path, body, content_type="application/json", error_type=None):
        more = ""
        if error_type is not None:
            printable = "".join(c if " " <= c <= "~" else "?" for c in error_type)
            more = f"Lambda-Runtime-Function-Error-Type: {printable}\r\n"
        head = (
            f"POST {_BASE}{path} HTTP/1.1\r\nHost: {self._address}\r\nContent-Type: {content_type}\r\n{more}"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return self._request(head.encode() + body)

    def _connect(self):
        connection = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
        try:
            connection.connect(self._peer)
        except OSError as error:
            self._gone(error)
        connection.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
        self._socket = connection
        self._used = False

    def _close(self):
        self._socket.close()
        self._socket = None

    def _gone(self, error):
        sys.stderr.write(f"The Runtime API at {self._address} is gone: {error}\n")
        sys.stderr.flush()
        os._exit(1)

    def _request(self, data):
        if self._socket is None:
            self._connect()
        try:
            return self._exchange(data)
        except (OSError, _Closed) as error:
            # The peer may close an idle keep-alive connection just as we write: then nobody has seen this request.
            if not self._used:
                self._gone(error)
            self._close()
            self._connect()
        try:
            return self._exchange(data)
        except (OSError, _Closed) as error:
            self._gone(error)

    def _exchange(self, data):
        self._socket.sendall(data)
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._receive(65536)
        lines = received[:end].decode("utf-8", "replace").split("\r\n")
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body = received[end + 4 :]
        missing = int(headers.get("content-length", 0)) - len(body)
        if missing > 0:
            parts = [body]
            while missing > 0:
                parts.append(self._receive(min(missing, 1 << 20)))
                missing -= len(parts[-1])
            body = b"".join(parts)
        self._used = True
        if headers.get("connection") == "close":
            self._close()
        return int(lines[0][9:12]), headers, body

    def _receive(self, size):
        data = self._socket.recv(size)
        if not data:
            raise _Closed("the connection was closed")
        return data

"""Ask what becomes of a packet: many connections at once, each from a namespace of its choice, and the servers that answer.

Everything runs in this one process: a socket stays in the namespace in which it was made. The kernel answers a SYN at once
or never, so that a short wait tells a drop from a refusal. So that a machine that is busy with other things loses nothing, only
that time counts as waiting in which this process has run; and what seems to be lost counts when it is lost again and again.
"""

import contextlib
import errno
import resource
import select
import socket
import ssl
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from lab import fixed
from lab.fixed import NODE_HOSTS, PODS, SERVERS, Host
from lab.namespaces import LEFT_PORT, inside

#: How long an unanswered SYN or datagram is waited for.
DROP_SECONDS = 0.45
#: How long it is waited for when it is asked again, how many are then on their way at once, and how often.
_PATIENT_SECONDS = 0.85
_PATIENT_AT_ONCE = 600
_PATIENT_ROUNDS = 3
#: The most that counts as waiting between two looks at the sockets.
_LOOK_SECONDS = 0.05
#: As long as Azure waits for an answer to a probe, with its default interval.
_ANSWER_SECONDS = 5.0
_AT_ONCE = 1500
_REQUEST = b"GET %s HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n"
_LOST, _SILENT = "dropped", "no answer"
#: What a busy machine may have made.
_DOUBTFUL = frozenset({_LOST, _SILENT})
_ERRORS = {
    errno.ECONNREFUSED: "refused",
    # An answer that says so may be lost; for who waits it is the same.
    errno.EHOSTUNREACH: _LOST,
    errno.ENETUNREACH: _LOST,
    errno.ECONNRESET: "closed",
    errno.EPIPE: "closed",
}


class Ask(NamedTuple):
    """One packet: from where, to where, and what is asked of who answers."""

    namespace: str
    address: str
    port: int
    #: "who": which pod answers and whom it sees; "status": what an HTTP probe reads, "status and who": both; "tcp": whether
    #: a connection is made.
    question: str = "who"
    protocol: str = "TCP"
    #: The source address, where the namespace has several.
    source: str = ""
    #: Which node the load balancer chooses, 1 for the first; 0 leaves it to the routes.
    node: int = 0
    #: The interface of a link-local source.
    link: str = ""
    tls: bool = False
    path: str = "/"

    @property
    def family(self) -> socket.AddressFamily:
        """IPv6 by the colon in the address."""
        return socket.AF_INET6 if ":" in self.address else socket.AF_INET


class Loop:
    """An event loop over sockets in many namespaces."""

    def __init__(self) -> None:
        self._poll = select.epoll()
        self._handlers: dict[int, tuple[socket.socket, Callable[[int], None]]] = {}
        #: The seconds that it has looked at its sockets: while something else has the processor, they stand still.
        self.time = 0.0
        self._looked = time.monotonic()

    def watch(self, one: socket.socket, events: int, handler: Callable[[int], None]) -> None:
        """Call *handler* at these events of the socket."""
        if one.fileno() in self._handlers:
            self._poll.modify(one, events)
        else:
            self._poll.register(one, events)
        self._handlers[one.fileno()] = (one, handler)

    def close(self, one: socket.socket) -> None:
        """Close a socket and forget it."""
        if one.fileno() in self._handlers:
            del self._handlers[one.fileno()]
            self._poll.unregister(one)
        one.close()

    def turn(self, seconds: float) -> None:
        """Handle what has happened; wait for it that long at most."""
        for number, events in self._poll.poll(seconds, 512):
            found = self._handlers.get(number)
            if found is not None:
                found[1](events)
        now = time.monotonic()
        self.time += min(now - self._looked, _LOOK_SECONDS)
        self._looked = now


# Servers ------------------------------------------------------------------------------------------------------------


class Servers:
    """The servers of a host, one for each port of ``fixed.SERVERS``."""

    def __init__(self, loop: Loop, host: Host, tls: ssl.SSLContext) -> None:
        self._loop, self._host, self._tls = loop, host, tls
        self.sockets: list[socket.socket] = []
        with inside(host.name):
            for port in SERVERS:
                if port != fixed.NOBODY:
                    self._listen(port)

    def _listen(self, port: int) -> None:
        kind = socket.SOCK_DGRAM if port == fixed.UDP else socket.SOCK_STREAM
        for family, address in self._host.addresses.items():
            one = socket.socket(socket.AF_INET if family == 4 else socket.AF_INET6, kind)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            loopback = "127.0.0.1" if family == 4 else "::1"
            one.bind((loopback if port == fixed.LOOPBACK else address, port))
            one.setblocking(False)
            self.sockets.append(one)
            if kind == socket.SOCK_DGRAM:
                self._loop.watch(one, select.EPOLLIN, lambda _, one=one: self._datagrams(one))  # type: ignore[misc]
            else:
                one.listen(4096)
                self._loop.watch(one, select.EPOLLIN, lambda _, one=one, port=port: self._accept(one, port))  # type: ignore[misc]

    def _datagrams(self, one: socket.socket) -> None:
        while True:
            try:
                _, peer = one.recvfrom(64)
                one.sendto(f"{self._host.name} from {peer[0]}".encode(), peer)
            except OSError:
                return

    def _accept(self, one: socket.socket, port: int) -> None:
        while True:
            try:
                accepted, peer = one.accept()
            except OSError:
                return
            accepted.setblocking(False)
            tls = Tls(self._tls.wrap_bio, server_side=True) if port == fixed.TLS else None
            self._loop.watch(
                accepted,
                select.EPOLLIN | select.EPOLLHUP,
                lambda _, accepted=accepted, peer=peer, tls=tls: self._answer(accepted, port, peer[0], tls),  # type: ignore[misc]
            )

    def _answer(self, one: socket.socket, port: int, peer: str, tls: "Tls | None") -> None:
        try:
            asked = one.recv(4096)
            said = answer(port, f"{self._host.name} from {peer}")
            if asked and tls is not None:
                if tls.turn(asked, said):
                    one.sendall(tls.out())
                else:
                    one.sendall(tls.out())
                    return
            elif asked and port == fixed.SLOW:
                return
            elif asked and (port != fixed.PROXY or asked.startswith(b"PROXY ")):
                one.sendall(said)
        except OSError:  # also what TLS does not understand
            pass
        self._loop.close(one)

    def close(self) -> None:
        """Stop all of them."""
        for one in self.sockets:
            self._loop.close(one)


class Tls:
    """One side of a TLS connection over a socket that does not block."""

    def __init__(self, wrap: Callable[..., ssl.SSLObject], **options: object) -> None:
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = wrap(self._in, self._out, **options)
        self._shaken = False
        self.received = b""

    def turn(self, data: bytes, said: bytes) -> bool:
        """Take what has come; when the other side has spoken (or the handshake is done, for a client) say it."""
        self._in.write(data)
        try:
            if not self._shaken:
                self._tls.do_handshake()
                self._shaken = True
                if not self._tls.server_side:
                    self._tls.write(said)
            while True:
                more = self._tls.read(4096)
                self.received += more
                if b"\r\n\r\n" in self.received or not more:
                    break
            if self._tls.server_side:
                self._tls.write(said)
        except ssl.SSLWantReadError:
            return False
        return True

    def out(self) -> bytes:
        """What is to be sent."""
        return self._out.read()


_STATUS = {
    fixed.NO_CONTENT: "204 No Content",
    fixed.REDIRECT: "301 Moved Permanently\r\nLocation: /elsewhere",
    fixed.ELSEWHERE: "302 Found\r\nLocation: http://elsewhere.example.test/",
    fixed.UNAUTHORIZED: "401 Unauthorized",
    fixed.NOT_FOUND: "404 Not Found",
    fixed.UNAVAILABLE: "503 Service Unavailable",
}


def answer(port: int, who: str) -> bytes:
    """What the server of a port says; the header ``X-Lab`` tells which pod it was and whom it saw."""
    return f"HTTP/1.1 {_STATUS.get(port, '200 OK')}\r\nX-Lab: {who}\r\nConnection: close\r\n\r\n".encode()


def left(loop: Loop) -> list[socket.socket]:
    """The fabric's own answer to a packet that has left its node for the load balancer."""
    made = []
    for family in (socket.AF_INET, socket.AF_INET6):
        tcp = socket.socket(family, socket.SOCK_STREAM)
        udp = socket.socket(family, socket.SOCK_DGRAM)
        for one in (tcp, udp):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind(("::" if family == socket.AF_INET6 else "0.0.0.0", LEFT_PORT))  # noqa: S104 - inside the lab
            one.setblocking(False)
            made.append(one)
        tcp.listen(4096)
        loop.watch(tcp, select.EPOLLIN, lambda _, one=tcp: _left_accept(loop, one))  # type: ignore[misc]
        loop.watch(udp, select.EPOLLIN, lambda _, one=udp: _left_datagram(one))  # type: ignore[misc]
    return made


def _left_accept(loop: Loop, one: socket.socket) -> None:
    accepted, peer = one.accept()

    def said(_: int) -> None:
        try:
            accepted.recv(4096)
            accepted.sendall(answer(0, f"left from {peer[0]}"))
        except OSError:
            pass
        loop.close(accepted)

    loop.watch(accepted, select.EPOLLIN, said)


def _left_datagram(one: socket.socket) -> None:
    try:
        _, peer = one.recvfrom(64)
        one.sendto(f"left from {peer[0]}".encode(), peer)
    except OSError:
        return


# Questions ----------------------------------------------------------------------------------------------------------


_TRUSTING = ssl.create_default_context()
_TRUSTING.check_hostname = False
_TRUSTING.verify_mode = ssl.CERT_NONE  # as Azure's probes do


class _Asking:
    """One question on its way."""

    def __init__(
        self, loop: Loop, ask: Ask, done: Callable[["_Asking", str], None], patience: float = DROP_SECONDS
    ) -> None:
        self._loop, self.ask, self._done, self._patience = loop, ask, done, patience
        self.finished = False
        self._request = _REQUEST % ask.path.encode()
        self._connected = False
        self._received = b""
        self._tls: Tls | None = None
        self.until = 0.0

    def start(self) -> None:
        ask = self.ask
        kind = socket.SOCK_DGRAM if ask.protocol == "UDP" else socket.SOCK_STREAM
        self.socket = one = socket.socket(ask.family, kind)
        one.setblocking(False)
        if ask.node:
            level, option = (
                (socket.IPPROTO_IPV6, socket.IPV6_TCLASS)
                if ask.family == socket.AF_INET6
                else (socket.IPPROTO_IP, socket.IP_TOS)
            )
            one.setsockopt(level, option, ask.node << 2)
        if kind == socket.SOCK_STREAM:
            # Ends with a reset, so that no port and no entry of conntrack is kept.
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.until = self._loop.time + self._patience
        try:
            if ask.source:
                scope = socket.if_nametoindex(ask.link) if ask.link else 0
                one.bind((ask.source, 0, 0, scope) if ask.family == socket.AF_INET6 else (ask.source, 0))
            code = one.connect_ex((ask.address, ask.port))
            if code not in {0, errno.EINPROGRESS}:
                self.finish(_ERRORS.get(code, errno.errorcode[code]))
                return
            if kind == socket.SOCK_DGRAM:
                # Refused or dropped by the sender's own rules: which of them, the ICMP message tells.
                with contextlib.suppress(PermissionError):
                    one.send(b"who")
            self._loop.watch(one, select.EPOLLIN if kind == socket.SOCK_DGRAM else select.EPOLLOUT, self._event)
        except OSError as error:
            self.finish(_ERRORS.get(error.errno or 0, str(error)))

    def _event(self, _: int) -> None:
        one = self.socket
        try:
            if self.ask.protocol == "UDP":
                self.finish(one.recv(256).decode())
                return
            if not self._connected:
                code = one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if code:
                    self.finish(_ERRORS.get(code, errno.errorcode[code]))
                    return
                self._connected = True
                if self.ask.question == "tcp":
                    self.finish("open")
                    return
                self._say()
                return
            data = one.recv(4096)
            if self._tls is not None and data:
                self._tls.turn(data, self._request)
                one.sendall(self._tls.out())
                self._received = self._tls.received
            else:
                self._received += data
            if not data or b"\r\n\r\n" in self._received:
                self.finish(self._read())
        except ssl.SSLError:
            self.finish("closed")
        except OSError as error:
            self.finish(_ERRORS.get(error.errno or 0, str(error)))

    def _say(self) -> None:
        self.until = self._loop.time + _ANSWER_SECONDS
        if self.ask.tls:
            self._tls = Tls(_TRUSTING.wrap_bio, server_side=False)
            self._tls.turn(b"", self._request)
            self.socket.sendall(self._tls.out())
        else:
            self.socket.send(self._request)
        self._loop.watch(self.socket, select.EPOLLIN, self._event)

    def _read(self) -> str:
        lines = self._received.decode("latin-1").split("\r\n")
        if len(lines) < 2:
            return "closed"
        status = lines[0].split(" ")[1]
        who = next((line[7:] for line in lines if line.startswith("X-Lab: ")), "")
        if self.ask.question == "status and who":
            return f"{status} {who}".rstrip()
        return status if self.ask.question == "status" else who or status

    def expired(self) -> None:
        """Nothing has come in time; but a refusal that came while connect() held the socket is kept as a soft error."""
        if self._connected:
            self.finish(_SILENT)
            return
        code = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        self.finish(_ERRORS.get(code, errno.errorcode[code]) if code else _LOST)

    def finish(self, outcome: str) -> None:
        if not self.finished:
            self.finished = True
            self._loop.close(self.socket)
            self._done(self, outcome)


def ask_all(loop: Loop, asks: Mapping[Ask, int]) -> dict[Ask, list[str]]:
    """The different outcomes of each question, asked as often as it says, in order.

    A loss counts only if it comes each time when the same is asked once more: as often, where others were answered.
    """
    outcomes = _asked(loop, asks, DROP_SECONDS, _AT_ONCE)
    doubtful = [ask for ask, found in outcomes.items() if found & _DOUBTFUL]
    for _ in range(_PATIENT_ROUNDS):
        times = {ask: asks[ask] if len(outcomes[ask]) > 1 else min(asks[ask], 2) for ask in doubtful}
        for ask, again in _asked(loop, times, _PATIENT_SECONDS, _PATIENT_AT_ONCE).items():
            outcomes[ask] = confirmed(outcomes[ask], again)
        # Whom nobody has answered in two rounds, nobody answers.
        doubtful = [ask for ask in doubtful if outcomes[ask] & _DOUBTFUL and len(outcomes[ask]) > 1]
    return {ask: sorted(found) for ask, found in outcomes.items()}


def confirmed(found: set[str], again: set[str]) -> set[str]:
    """All that was seen by either asking, but what a busy machine may have made only where both have seen it."""
    seen = found | again
    return seen - (_DOUBTFUL - (found & again)) or again


def _asked(loop: Loop, asks: Mapping[Ask, int], patience: float, at_once: int) -> dict[Ask, set[str]]:
    outcomes: dict[Ask, set[str]] = {ask: set() for ask in asks}
    waiting: set[_Asking] = set()

    def done(asking: _Asking, outcome: str) -> None:
        waiting.discard(asking)
        outcomes[asking.ask].add(outcome)

    queue = sorted(
        (ask for ask, times in asks.items() for _ in range(times)),
        key=lambda ask: ask.namespace,
    )
    position = 0
    while position < len(queue) or waiting:
        while position < len(queue) and len(waiting) < at_once:
            namespace = queue[position].namespace
            started = 0
            with inside(namespace):
                while (
                    position < len(queue)
                    and queue[position].namespace == namespace
                    and len(waiting) < at_once
                    and started < 100
                ):
                    asking = _Asking(loop, queue[position], done, patience)
                    waiting.add(asking)
                    asking.start()
                    position += 1
                    started += 1
            loop.turn(0)
        loop.turn(0.02)
        late = [asking for asking in waiting if asking.until < loop.time]
        if late:
            # What has arrived in the meantime counts.
            for _ in range(10):
                loop.turn(0)
            for asking in late:
                if not asking.finished and asking.until < loop.time:
                    asking.expired()
    return outcomes


def certificate() -> ssl.SSLContext:
    """A server's side of TLS with a certificate that it has signed itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        key, made = Path(folder) / "key.pem", Path(folder) / "certificate.pem"
        subprocess.run(
            [
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=lab",
                "-keyout",
                key,
                "-out",
                made,
            ],
            check=True,
            capture_output=True,
        )
        context.load_cert_chain(made, key)
    return context


class World:
    """All servers, and the questions to them."""

    def __init__(self) -> None:
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.loop = Loop()
        self._left = left(self.loop)
        self._servers: list[Servers] = []
        self.tls = certificate()

    def start_servers(self) -> None:
        """Start them in the namespaces of pods and nodes, which are new."""
        hosts: Iterable[Host] = (*PODS.values(), *NODE_HOSTS.values())
        self._servers = [Servers(self.loop, host, self.tls) for host in hosts]

    def stop_servers(self) -> None:
        """Stop them: a namespace lives as long as a socket in it."""
        for servers in self._servers:
            servers.close()
        self._servers = []

    def ask(self, asks: Mapping[Ask, int]) -> dict[Ask, list[str]]:
        """What becomes of them."""
        return ask_all(self.loop, asks)

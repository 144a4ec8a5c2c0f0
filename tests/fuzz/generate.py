"""Random streams of Kubernetes objects, written in all the ways that YAML has, and then damaged a little.

Each comment and each text is of its own number, so that one that gets lost is missed.
"""

from random import Random
from typing import Any

BETA = "service.beta.kubernetes.io/"
KEYS = (
    "a", "example.com/b", f"{BETA}port_80_health-probe_protocol", f"{BETA}azure-load-balancer-health-probe-request-path",
    f"{BETA}azure-load-balancer-internal", f"{BETA}azure-load-balancer-health-probe-protocol", f"{BETA}port_443_no_probe_rule",
)  # fmt: skip
VALUES = (
    "true",
    "/",
    "/x",
    "80",
    "tcp",
    "http",
    "",
    "yes",
    "0x1f",
    "1e3",
    "a: b",
    "a #b",
    "é",
    "null",
    "~",
    "it's",
    "-",
    "[x]",
    "a\tb",
)
PROTOCOLS = ("http", "https", "HTTP", "tcp", "grpc", None)
TYPES = ("LoadBalancer", "LoadBalancer", "LoadBalancer", "ClusterIP")
#: What tends to break readers and writers of YAML.
PIECES = (
    "", "", "\n", "\t", "\t", " ", "  ", "\r", "\r\n", "#", " # x", "\t# x", "'", '"', "{", "}", "[", "]", ",", ",,", ":", ": ",
    "- ", "? ", "&a ", "*a", "<<: *a", "!!str ", "!!binary ", "!x ", "|", ">-", "|+\n", "---\n", "\n---\n", "\n...\n", "%YAML 1.3\n",
    "%YAML 1.1\n", "\ufeff", "\x85", "\u2028", "\x00", "\x1b[2J", "~", "9" * 5000, "\\", "\\u0053", "{{ .x }}", "\u00a0",
)  # fmt: skip


class Writer:
    """Writes values as YAML, each time in another way."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - for tests
        self.count = 0
        #: How much of a stream is unusual: most streams are written by programs.
        self.oddity = self.random.choice((0.0, 0.05, 0.3))

    def odd(self) -> bool:
        """Whether something unusual is to be done now."""
        return self.random.random() < self.oddity

    def comment(self) -> str:
        """A comment of its own number."""
        self.count += 1
        return f"# c{self.count}."

    def end(self) -> str:
        """The end of a line: blanks, a comment, blank lines."""
        text = ""
        if self.odd():
            text += self.random.choice((" ", "\t", "  \t", "\t "))
        if self.odd():
            text += self.random.choice((" ", "\t", " \t")) + self.comment()
        text += "\n"
        while self.odd():
            text += (
                self.random.choice(("", " ", "   ", "\t", self.comment(), "  " + self.comment(), "\t" + self.comment()))
                + "\n"
            )
        return text

    def scalar(self, value: Any, *, key: bool = False) -> str:
        """A single value, in quotes or without."""
        if value is None:
            return "null" if key else self.random.choice(("null", "~", "null"))
        if isinstance(value, (bool, int)):
            return str(value).lower()
        text = str(value)
        plain = (
            text.replace("/", "").replace(".", "").replace("-", "").replace("_", "").isalnum() and text[:1].isalpha()
        )
        if plain and not self.odd() and text not in ("true", "yes", "null"):
            return str(text)
        if self.odd():
            return '"' + "".join(f"\\u{ord(c):04x}" if self.odd() else c.replace("\t", "\\t") for c in text) + '"'
        if "\t" in text or self.random.random() < 0.5:
            return (
                '"'
                + text.replace("\\", "\\\\")
                .replace('"', '\\"')
                .replace("\t", "\\t" if self.random.random() < 0.5 else "\t")
                + '"'
            )
        return "'" + text.replace("'", "''") + "'"

    def flow(self, value: Any, indent: str) -> str:
        """A value in flow style, on one line or several."""
        if isinstance(value, dict):
            pairs = [f"{self.scalar(k, key=True)}:{self.gap()}{self.flow(v, indent)}" for k, v in value.items()]
            return "{" + self.joined(pairs, indent) + "}"
        if isinstance(value, list):
            return "[" + self.joined([self.flow(one, indent) for one in value], indent) + "]"
        return self.scalar(value)

    def gap(self) -> str:
        """What stands between a key and its value."""
        return self.random.choice(("\t", "  ", " \t")) if self.odd() else " "

    def joined(self, pieces: list[str], indent: str) -> str:
        """The entries of a flow collection, in a line or in several."""
        if not self.odd():
            return ", ".join(pieces)
        lead = self.random.choice(
            (" ", "\t", "  ", "\n" + indent + "  ", "\n" + indent + "\t", "\n\t", f" {self.comment()}\n{indent}  ")
        )
        comma = self.random.choice(
            (", ", ",", " , ", ",\t", ",\n" + indent + "  ", ",\n\t", f", {self.comment()}\n{indent}   ")
        )
        tail = self.random.choice(
            ("", " ", "\t", ",", f" {self.comment()}\n{indent} ", "\n" + indent, "\n" + indent + " ")
        )
        return lead + comma.join(pieces) + tail

    def block(self, value: Any, indent: str) -> str:
        """The lines of a mapping or a list in block style, at *indent*."""
        step = self.random.choice(("  ", "  ", "    ", " ")) if self.oddity else "  "
        if isinstance(value, dict):
            return "".join(
                f"{indent}{self.scalar(k, key=True)}:{self.below(v, indent, step)}" for k, v in value.items()
            )
        return "".join(self.item(one, indent) for one in value)

    def item(self, value: Any, indent: str) -> str:
        """An item of a list."""
        if isinstance(value, dict) and value and not self.odd():
            inner = self.block(value, indent + "  ")
            return f"{indent}- {inner[len(indent) + 2 :]}"
        return f"{indent}- {self.flow(value, indent + '  ')}{self.end()}"

    def below(self, value: Any, indent: str, step: str) -> str:
        """A value behind its key, or below it."""
        if isinstance(value, (dict, list)) and value and self.random.random() > 0.15 + self.oddity:
            anchor = f" &n{self.count}" if self.odd() else ""
            tag = " !!map" if self.odd() and isinstance(value, dict) else ""
            inner = indent if isinstance(value, list) and self.random.random() < 0.5 else indent + step
            return f"{anchor}{tag}{self.end()}{self.block(value, inner)}"
        if isinstance(value, str) and self.odd() and value.isprintable() and value.strip() == value and value:
            return f" {self.random.choice('|>')}{self.random.choice(('', '-', '+'))}\n{indent}{step}{value}{self.random.choice(('', chr(9)))}\n"
        return f"{self.gap()}{self.flow(value, indent)}{self.end()}"


def stream(seed: int) -> bytes:
    """A stream of some objects."""
    writer = Writer(seed)
    random = writer.random
    parts = []
    for number in range(random.choice((1, 1, 2, 3))):
        value = _object(random, f"n{number}")
        if random.random() < 0.2:
            kind = random.choice(("List", "ServiceList", "List"))
            value = {
                "apiVersion": "v1",
                "kind": kind,
                "items": [value, *(_object(random, f"i{i}") for i in range(random.choice((0, 1, 2))))],
            }
        parts.append(
            writer.flow(value, "") + "\n"
            if random.random() < 0.1
            else writer.block(value, random.choice(("", "", "", "  ")))
        )
    marker = random.choice(
        ("---\n", "---\n# Source: a/b.yaml\n", "--- # c\n", "---\t\n", "...\n---\n") if writer.oddity else ("---\n",)
    )
    text = random.choice(("", marker)) + marker.join(parts)
    for _ in range(random.choice((0, 0, 1, 1, 2, 3))):
        text = _damaged(random, text)
    if writer.odd():
        text = text.replace("\n", random.choice(("\r\n", "\r\n", "\r")))
    return text.encode("utf-8", "replace")


def _damaged(random: Random, text: str) -> str:
    start = random.randrange(len(text) + 1)
    if random.random() < 0.5:  # at the beginning or the end of a line, where it matters most
        start = text.find("\n", start) + random.choice((0, 1))
    end = min(len(text), start + random.choice((0, 0, 0, 1, 2, 10)))
    return text[:start] + random.choice((random.choice(PIECES), text[start:end] * 2)) + text[end:]


def _object(random: Random, name: str) -> dict[str, Any]:
    kind = random.random()
    if kind < 0.75:
        return _service(random, name)
    if kind < 0.85:
        return _gateway(random, name)
    if kind < 0.92:
        return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": {"p": "x"}}
    container = {
        "name": "c",
        "ports": [{"containerPort": 8080, "name": "http"}],
        "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}},
    }
    return {
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name},
        "spec": {"template": {"metadata": {"labels": {"app": "n0"}}, "spec": {"containers": [container]}}},
    }  # fmt: skip


def _metadata(random: Random, name: str) -> dict[str, Any]:
    metadata: dict[str, Any] = {"name": name}
    if random.random() < 0.5:
        metadata["labels"] = {"app": name}
    if random.random() < 0.6:
        keys = random.sample(KEYS, random.choice((0, 1, 1, 2, 3)))
        metadata["annotations"] = {key: random.choice(VALUES) for key in keys} if random.random() < 0.9 else None
    return metadata


def _service(random: Random, name: str) -> dict[str, Any]:
    ports = []
    for number in random.sample((80, 443, 8080), random.choice((1, 1, 2))):
        port: dict[str, Any] = {"name": f"p{number}", "port": number, "targetPort": random.choice(("http", 8080))}
        protocol = random.choice(PROTOCOLS)
        if protocol is not None:
            port["appProtocol"] = protocol
        ports.append(port)
    return {
        "apiVersion": "v1", "kind": "Service", "metadata": _metadata(random, name),
        "spec": {"type": random.choice(TYPES), "selector": {"app": name}, "ports": ports},
    }  # fmt: skip


def _gateway(random: Random, name: str) -> dict[str, Any]:
    spec: dict[str, Any] = {"gatewayClassName": "istio", "listeners": [{"name": "a", "port": 80, "protocol": "HTTP"}]}
    if random.random() < 0.3:
        spec["infrastructure"] = {"annotations": {random.choice(KEYS): random.choice((*VALUES, 8))}}
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "Gateway",
        "metadata": _metadata(random, name),
        "spec": spec,
    }

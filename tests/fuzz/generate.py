"""Random streams of Kubernetes objects, written in all the ways that YAML has, and then damaged a little.

Each comment and each text is of its own number, so that one that gets lost is missed.
"""

import json
from base64 import b64encode
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
    "a\tb", "1.10", "0o17", "1_000", "1:20", "2001-01-01", ".inf", ".nan", "=", "<<", "|", "%x", "@x", "9223372036854775808", "1e400",
    "a\nb", "a\n\n b\n", "\ufeffx", "\u2028", "x\x85y", "\U0001f600", "---", "...", "# no comment", "x" * 5000,
)  # fmt: skip
PROTOCOLS = ("http", "https", "HTTP", "tcp", "grpc", None)
TYPES = ("LoadBalancer", "LoadBalancer", "LoadBalancer", "ClusterIP")
#: What tends to break readers and writers of YAML.
PIECES = (
    "", "", "\n", "\t", "\t", " ", "  ", "\r", "\r\n", "#", " # x", "\t# x", "'", '"', "{", "}", "[", "]", ",", ",,", ":", ": ",
    "- ", "? ", "&a ", "*a", "<<: *a", "!!str ", "!!binary ", "!x ", "|", ">-", "|+\n", "---\n", "\n---\n", "\n...\n", "%YAML 1.3\n",
    "%YAML 1.1\n", "%YAML 1.2\n---\n", "%TAG ! tag:yaml.org,2002:\n", "%x\n", "\n%YAML 1.2\n", "---\n---\n", "--- |\n", "\n\n", "\ufeff",
    "kind: ConfigMap\n", "\nkind: Secret\n", "\n? kind\n: Service\n", '"k\\x69nd": ', "<<: {kind: Service}\n", "!<tag:yaml.org,2002:str> ", "&a\n",
    "|2-", ">1+", "- - ", "-\t", "-\n", "? - ", ":\n", "#\n", "\n#", "\u2029", "\x7f", "\ud800", "\ufffe", "0x" + "f" * 400, "annotations:\n", "name: x\n",
    "  \n", "\t\n", "\n\t#", "!!null ", "!!map ", "!!seq ", "!!int ", "!!float ", "!!bool ", "!!merge ", "{}", "[]", "''", '""', "\x85", "\u2028", "\x00", "\x1b[2J", "~", "9" * 5000, "\\", "\\u0053", "{{ .x }}", "\u00a0",
)  # fmt: skip


HELM = "# Source: web/templates/service.yaml\n"


class Writer:
    """Writes values as YAML, each time in another way."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - for tests
        self.count = 0
        self.anchors: list[tuple[str, Any]] = []
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

    def shared(self, value: Any, text: str) -> str:
        """A value with an anchor, or as the alias of one before that is the same."""
        if not self.odd() or not self.oddity:
            return text
        for name, one in self.anchors:
            if one == value and type(one) is type(value):
                return f"*{name} "
        if text[:1] in "|>" or "\n" in text[:2]:
            return text
        name = f"v{len(self.anchors)}"
        self.anchors.append((name, value))
        return f"&{name} {text}"

    def tagged(self, value: Any, text: str) -> str:
        """A value with a tag that it may have."""
        if not self.odd():
            return text
        if isinstance(value, str) and self.random.random() < 0.3:
            return f"!!binary {b64encode(value.encode('utf-8', 'replace')).decode()}"
        tags = {str: ("!!str", "!local", "!", "!<tag:yaml.org,2002:str>"), bool: ("!!bool",), int: ("!!int",)}
        return f"{self.random.choice(tags.get(type(value), ('!!null',)))} {text}"

    def scalar(self, value: Any, *, key: bool = False) -> str:
        """A single value, in quotes or without."""
        text = self.bare(value, key=key)
        return text if key else self.shared(value, self.tagged(value, text))

    def bare(self, value: Any, *, key: bool = False) -> str:
        """A single value without anchor and tag."""
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
        if (
            self.odd()
            and not key
            and " " not in text
            and text.isprintable()
            and text[:1] not in ("", *"-?:,[]{}#&*!|>'\"%@`")
        ):
            return text  # whatever it then stands for
        if not text.isprintable() and "\t" not in text:
            return json.dumps(text)
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
            if self.odd() and pairs:
                merged = self.random.randrange(len(pairs))
                pairs[merged] = f"<<: {{{pairs[merged]}}}" if self.random.random() < 0.5 else f"? {pairs[merged]}"
            return self.shared(value, "{" + self.joined(pairs, indent) + "}")
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
            return "".join(self.entry(k, v, indent, step) for k, v in value.items())
        return "".join(self.item(one, indent) for one in value)

    def entry(self, key: str, value: Any, indent: str, step: str) -> str:
        """A key with its value, now and then as YAML's specification has it and nobody writes it."""
        if not self.odd() or self.random.random() < 0.5:
            return f"{indent}{self.scalar(key, key=True)}:{self.below(value, indent, step)}"
        form = self.random.randrange(4)
        if form == 0:
            return f"{indent}? {self.scalar(key, key=True)}{self.end()}{indent}:{self.below(value, indent, step)}"
        if form == 1:
            return f"{indent}<<: {{{self.scalar(key, key=True)}: {self.flow(value, indent)}}}\n"
        if form == 2:
            twice = f"{indent}{self.scalar(key, key=True)}: x\n" if self.random.random() < 0.2 else ""
            return f"{twice}{indent}{self.scalar(key, key=True)}:{self.end()}{indent}{step}{self.flow(value, indent + step)}{self.end()}"
        return f"{indent}{self.random.choice(('&k ', '!!str ', '!k '))}{self.scalar(key, key=True)}:{self.below(value, indent, step)}"

    def item(self, value: Any, indent: str) -> str:
        """An item of a list."""
        if isinstance(value, dict) and value and not self.odd():
            inner = self.block(value, indent + "  ")
            return f"{indent}- {inner[len(indent) + 2 :]}"
        if isinstance(value, dict) and value and self.odd():
            return f"{indent}-{self.end()}{self.block(value, indent + '   ')}"
        return f"{indent}- {self.flow(value, indent + '  ')}{self.end()}"

    def below(self, value: Any, indent: str, step: str) -> str:
        """A value behind its key, or below it."""
        if isinstance(value, (dict, list)) and value and self.random.random() > 0.15 + self.oddity:
            anchor = f" &n{self.count}" if self.odd() else ""
            tag = " !!map" if self.odd() and isinstance(value, dict) else ""
            inner = indent if isinstance(value, list) and self.random.random() < 0.5 else indent + step
            return f"{anchor}{tag}{self.end()}{self.block(value, inner)}"
        if isinstance(value, str) and self.odd() and value.isprintable() and value.strip() == value and value:
            chomping, width = self.random.choice(("", "-", "+")), self.random.choice(("", "", str(len(step))))
            header = self.random.choice((width + chomping, chomping + width)) + self.random.choice(
                ("", "", " ", "\t", " # c")
            )
            blank = self.random.choice(("", "", "", "\n", f"{indent}{step}\n", " \n", "\t\n"))
            return f" {self.random.choice('|>')}{header}\n{blank}{indent}{step}{value}{self.random.choice(('', chr(9)))}\n{blank}"
        return f"{self.gap()}{self.flow(value, indent)}{self.end()}"


def stream(seed: int) -> bytes:
    """A stream of some objects."""
    writer = Writer(seed)
    random = writer.random
    values: list[Any] = []
    for number in range(random.choice((1, 1, 2, 3))):
        value = _object(random, f"n{number}")
        if random.random() < 0.2:
            value = _list(random, value)
            if random.random() < 0.2:
                value = _list(random, value)
        values.append(value)
    if random.random() < 0.03:
        return _json(random, values)
    parts = [
        writer.flow(value, "") + "\n"
        if random.random() < 0.1
        else random.choice(("", "", HELM)) + writer.block(value, random.choice(("", "", "", "  ")))
        for value in values
    ]
    marker = random.choice(
        (
            "---\n",
            "---\n# Source: a/b.yaml\n",
            "--- # c\n",
            "---\t\n",
            "...\n---\n",
            "---\n---\n",
            "...\n",
            "%YAML 1.2\n---\n",
        )
        if writer.oddity
        else ("---\n",)
    )
    text = random.choice(("", marker)) + marker.join(parts)
    for _ in range(random.choice((0, 0, 1, 1, 2, 3))):
        text = _damaged(random, text)
    if writer.odd():
        text = text.replace("\n", random.choice(("\r\n", "\r\n", "\r", "\x85", "\u2028")))
    if writer.odd():
        text = "\ufeff" + text
    return _as_bytes(random, text) if writer.odd() and writer.odd() else text.encode("utf-8", "replace")


def _as_bytes(random: Random, text: str) -> bytes:
    """What is no UTF-8, or only almost."""
    data = text.encode("utf-8", "replace")
    at = random.randrange(len(data) + 1)
    return random.choice(
        (
            text.encode("utf-16", "replace"),
            text.encode("utf-16-be", "replace"),
            text.encode("utf-32", "replace"),
            data[:at]
            + random.choice((b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80"))
            + data[at:],
            data.replace(b"n0", b"n" * 1_000_000, 1),
        )
    )


def _list(random: Random, value: dict[str, Any]) -> dict[str, Any]:
    """A list of some kind with an object in it."""
    return {
        "apiVersion": "v1",
        "kind": random.choice(("List", "ServiceList", "List", "FooList")),
        "items": [value, *(_object(random, f"i{i}") for i in range(random.choice((0, 1, 2))))],
    }


def _json(random: Random, values: list[Any]) -> bytes:
    """Objects as JSON behind each other, as kubectl reads them too."""
    texts = [
        json.dumps(one, indent=random.choice((None, None, 2)), ensure_ascii=random.random() < 0.5) for one in values * 2
    ]
    text = random.choice(("", "", "\n", "\n\n", " ", "\n---\n", "\n# c\n")).join(texts)
    for _ in range(random.choice((0, 0, 0, 1))):
        text = _damaged(random, text)
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
    if kind < 0.88:
        return {
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": name},
            "spec": {"versions": [{"schema": {"example": _service(random, name), "default": {"kind": "Service", "type": "LoadBalancer"}}}]},
        }  # fmt: skip
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
        if keys and metadata["annotations"] and random.random() < 0.1:
            metadata["annotations"]["helm.sh/hook"] = "post-install,post-upgrade"
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

"""The configuration of the linter: a file found upwards from where one is, read through a function that is given."""

import posixpath
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from kubectl_akslb.errors import AkslbError, InputError, did_you_mean
from kubectl_akslb.lint.diagnostic import SEVERITIES, Severity
from kubectl_akslb.lint.engine import NEVER, LintOptions, check_id
from kubectl_akslb.manifest.load import offset_of
from kubectl_akslb.manifest.nodes import Node, Path, Source
from kubectl_akslb.manifest.parse import fail, parse_data
from kubectl_akslb.named_tuple import NamedTuple

FILE_NAMES = (".akslb.yaml", ".akslb.yml")
MAX_LEVELS = 64
MAX_BYTES = 1024 * 1024

_LISTS = ("select", "ignore")
_KEYS = ("select", "ignore", "severity", "failOn", "profile", "verifyImage", "producers")

if TYPE_CHECKING:
    from kubectl_akslb.evidence.service_templates import ServiceTemplate

Reader = Callable[[str], bytes | None]
"""The bytes of a file, None where there is none."""


class Config(NamedTuple):
    """What a configuration file says, and where it stands. *profile* is the path of a cluster profile, or "".

    *fail_on* is "" where the file does not say it. *image* is what ``verify`` runs, "" where the file does not say it.
    *templates* are fields of other objects that hold a Service.
    """

    path: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severities: tuple[tuple[str, Severity], ...] = ()
    fail_on: str = ""
    profile: str = ""
    image: str = ""
    templates: "tuple[ServiceTemplate, ...]" = ()


def find_config(folder: str, read: Reader, is_root: Callable[[str], bool]) -> Config:
    """The configuration in *folder* or the nearest folder above it that has one; an empty one where none has.

    *folder* is an absolute path with slashes; the search ends with the root of a repository, which *is_root* knows.
    InputError where the file is not as it should be.
    """
    for _ in range(MAX_LEVELS):
        for name in FILE_NAMES:
            path = posixpath.join(folder, name)
            data = read(path)
            if data is not None:
                return read_config(data, path)
        if is_root(folder):
            break
        above = posixpath.dirname(folder)
        if above == folder:
            break
        folder = above
    return Config()


def read_config(data: bytes, path: str) -> Config:
    """The configuration in *data*; InputError with the place where it is not as it should be."""
    source = Source(_text(data, path), path)
    root, content = parse_data(source)
    if content is None:
        return Config(path)
    if not isinstance(content, dict):
        fail(source, root.start, "the configuration is no mapping", f"Write keys such as {', '.join(_KEYS)}.")
    reading = _Reading(source, root, content)
    unknown = next((key for key in content if key not in _KEYS), None)
    if unknown is not None:
        reading.fail((unknown,), f"there is no setting {unknown!r}", did_you_mean(unknown, _KEYS) or "Remove it.")
    lists = {key: reading.rules(key) for key in _LISTS}
    fail_on, profile = reading.text("failOn"), reading.text("profile")
    if fail_on and fail_on not in (*SEVERITIES, NEVER):
        reading.fail(("failOn",), f"{fail_on!r} is no severity", f"Write {', '.join(SEVERITIES)} or {NEVER}.")
    if profile:
        folder = posixpath.dirname(path)
        if posixpath.isabs(profile) or ".." in profile.replace("\\", "/").split("/") or ":" in profile:
            reading.fail(("profile",), "profile names a file that is not below this one", "Name a file beside it.")
        profile = posixpath.join(folder, profile)
    image = reading.text("verifyImage")
    templates = reading.producers()
    return Config(path, lists["select"], lists["ignore"], reading.severities(), fail_on, profile, image, templates)


def with_config(options: LintOptions, config: Config, *, fail_on: str = "") -> LintOptions:
    """The options of a command line, completed by a configuration file. *fail_on* is the command line's own, or ""."""
    return LintOptions(
        options.select or config.select,
        (*config.ignore, *options.ignore),
        (*config.severities, *options.severities),
        fail_on or config.fail_on or options.fail_on,
        templates=config.templates,
    )


class _Reading(NamedTuple):
    source: Source
    root: Node
    content: Mapping[str, Any]

    def fail(self, path: Path, message: str, hint: str) -> NoReturn:
        fail(self.source, offset_of(self.root, path), message, hint)

    def text(self, key: str) -> str:
        value = self.content.get(key, "")
        if not isinstance(value, str):
            self.fail((key,), f"{key} must be a text", "Write a single value.")
        return str(value)

    def rules(self, key: str) -> tuple[str, ...]:
        """A list of ids or patterns of rules, every one of which means a rule."""
        value = self.content.get(key)
        items: Sequence[Any] = [value] if isinstance(value, str) else value or []
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            self.fail((key,), f"{key} must be a list of rules", "Write ids, as in - open-to-the-internet.")
        for index, item in enumerate(items):
            self._check(item, (key, index))
        return tuple(items)

    def severities(self) -> tuple[tuple[str, Severity], ...]:
        value = self.content.get("severity") or {}
        if not isinstance(value, dict):
            self.fail(("severity",), "severity must be a mapping", "Write an id and a severity, as in a-rule: warning.")
        for rule, severity in value.items():
            self._check(rule, ("severity", rule))
            if severity not in SEVERITIES:
                self.fail(("severity", rule), f"{severity!r} is no severity", f"Write {', '.join(SEVERITIES)}.")
        return tuple(value.items())

    def producers(self) -> "tuple[ServiceTemplate, ...]":
        """Fields that hold a Service, as in a policy."""
        if self.content.get("producers") is None:
            return ()
        from kubectl_akslb.lint.annotation_policy import templates_of
        from kubectl_akslb.lint.policy_file import schema
        from kubectl_akslb.profile.check import Text, conform

        wanted = {
            "type": "object",
            "properties": {"producers": schema()["properties"]["spec"]["properties"]["producers"]},
        }
        given = {"producers": self.content["producers"]}
        conform(given, wanted, Text(self.root, self.source, "configuration"))
        return templates_of(given["producers"])

    def _check(self, rule: str, path: Path) -> None:
        try:
            check_id(rule)
        except AkslbError as error:
            self.fail(path, error.message, error.hint)


def _text(data: bytes, path: str) -> str:
    if len(data) > MAX_BYTES:
        raise InputError("the configuration has more than a megabyte", path=path, hint="Is it the right file?")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise InputError("the configuration is not UTF-8", path=path, hint="Save it as UTF-8.") from error

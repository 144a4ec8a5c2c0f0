"""What the pods of a well-known workload are told: by arguments, by variables, and by the ConfigMaps that are there."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kubectl_akslb.evidence.evidence import Pods, words_of
from kubectl_akslb.evidence.objects import Objects, mapping, mappings, name_of, text, texts
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider.workload_settings import FILES, SETTINGS, Decides, WorkloadSetting, scheme_of
from kubectl_akslb.provider.workloads import KnownPort

_LONGEST = 200
"""No longer words are looked at: a manifest is not trusted."""
_ADDRESS = re.compile(r"(?:[a-z]+://)?(?P<host>.*?):?(?P<port>\d{1,5})(?:/(?:tcp|udp))?\Z")
_LOOPBACK = re.compile(r"127\.\d+\.\d+\.\d+\Z|localhost\Z|\[?::1\]?\Z")
_QUOTES = "'\""
_NOWHERE = ("", "off")
_LINE = r"^[ \t]*[\"']?{key}[\"']?[ \t]*[:=][ \t]*['\"]?([^\s'\",#;]*)"


class Told(NamedTuple):
    """A setting with which a port is not what the table says, and the *word* that shows it.

    *value* is what it is set to, None where it is not read, or where nothing sets what is *needed*.
    *loopback*: the port is open, and to its own pod only.
    """

    decides: Decides
    word: str
    value: str | None = None
    needed: bool = False
    loopback: bool = False

    @property
    def answers_as_known(self) -> bool:
        """Whether it only speaks another scheme, and which is known."""
        return self.decides is Decides.SPEAKS and self.value is not None


def told_otherwise(
    name: str, known: KnownPort, number: int, pods: Sequence[Pods], objects: Objects
) -> tuple[Told, ...]:
    """The settings that make the port of a workload, with that *number* in its containers, another one than known."""
    usual = number in known.numbers
    rows = [
        one._replace(needed=one.needed or not usual) for one in SETTINGS.get(name, ()) if one.port == known.names[0]
    ]
    found = (_told(name, one, number, each, objects) for one in rows for each in pods)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _told(name: str, setting: WorkloadSetting, number: int, pods: Pods, objects: Objects) -> Told | None:
    given = [*_given(setting, pods, objects), *_in_files(name, setting, pods, objects)]
    if not given:
        return _not_told(setting, pods)
    word, value = given[0]
    if value is None:
        return Told(setting.decides, word)
    if "$(" in value or "${" in value:
        return Told(setting.decides, word)  # a variable whose value is not in the template
    if setting.decides is Decides.LISTENS:
        # What is given several times has it listen on each; what is given elsewhere is overridden.
        alike = [each for each in given if _setting_of(each[0]) == _setting_of(word) and each[1] is not None]
        found = [_listening(each, own, number) for each, own in alike if own is not None]
        return None if None in found else found[0]
    return None if value.lower() in setting.usual else Told(setting.decides, word, value)


def _setting_of(word: str) -> str:
    return word.partition("=")[0].partition(" ")[0]


def _not_told(setting: WorkloadSetting, pods: Pods) -> Told | None:
    """What is needed and nowhere given, unless a configuration that is not read may have it."""
    words = [word for one in pods.containers for word in words_of(one)]
    if setting.decides is not Decides.LISTENS or not setting.needed or (setting.by_itself and not words):
        return None
    return Told(setting.decides, (setting.options or setting.variables)[0], needed=True)


def _listening(word: str, value: str, number: int) -> Told | None:
    """None where the value has it listen on *number* to everybody; Kong takes several addresses with words behind."""
    found = [match for one in re.split(r"[,\s]+", value[:_LONGEST]) if (match := _ADDRESS.match(one)) is not None]
    if not found and value.lower() not in _NOWHERE:
        return Told(Decides.LISTENS, word)
    here = [one["host"] for one in found if int(one["port"]) == number]
    if any(not _LOOPBACK.match(host) for host in here):
        return None
    return Told(Decides.LISTENS, word, value, loopback=bool(here))


def _given(setting: WorkloadSetting, pods: Pods, objects: Objects) -> Iterator[tuple[str, str | None]]:
    """The words by which it is set, with its value, None where that is not read; of several the first counts."""
    for container in pods.containers:
        words = [part for word in _words(container) for part in _expanded(word[:_LONGEST], container).split()]
        for index, word in enumerate(words):
            option, equals, value = word.partition("=")
            if option.lower() not in setting.options:
                continue
            following = next(iter(words[index + 1 : index + 2]), "")
            if equals or following.startswith("-") or not following:
                yield word, value.strip(_QUOTES) if equals else "true"
            else:
                yield f"{word} {following}", following.strip(_QUOTES)
        for name, content in _environment(container, pods, objects):
            if name in setting.variables:
                yield name if content is None else f"{name}={content}", content


def _expanded(word: str, container: Mapping[str, Any]) -> str:
    """A word with the variables of the container in it, as Kubernetes puts them there."""
    for one in mappings(container.get("env")) if "$(" in word else ():
        if "valueFrom" not in one:
            word = word.replace(f"$({text(one.get('name'))})", text(one.get("value")))[:_LONGEST]
    return word


def _words(container: Mapping[str, Any]) -> Iterator[str]:
    """Its arguments, and those that variables hold for a script to hand on, as Jenkins' do."""
    yield from words_of(container)
    for one in mappings(container.get("env")):
        if text(one.get("name")).endswith(("_OPTS", "_ARGS")):
            yield text(one.get("value"))


def _environment(container: Mapping[str, Any], pods: Pods, objects: Objects) -> Iterator[tuple[str, str | None]]:
    """The variables of a container, its own first: they win over those of a whole ConfigMap."""
    for one in mappings(container.get("env")):
        if "valueFrom" not in one:
            yield text(one.get("name")), text(one.get("value"))[:_LONGEST]
            continue
        refers = mapping(mapping(one.get("valueFrom")).get("configMapKeyRef"))
        yield text(one.get("name")), _data_of(text(refers.get("name")), pods, objects).get(text(refers.get("key")))
    for one in mappings(container.get("envFrom")):
        prefix = text(one.get("prefix"))
        data = _data_of(text(mapping(one.get("configMapRef")).get("name")), pods, objects)
        yield from ((prefix + key, value[:_LONGEST]) for key, value in data.items())


def _data_of(name: str, pods: Pods, objects: Objects) -> Mapping[str, str]:
    for one in objects.of("ConfigMap") if name else ():
        if name_of(one) == name and _same_namespace(one, pods, objects):
            return texts(one.get("data"))
    return {}


def _same_namespace(one: Mapping[str, Any], pods: Pods, objects: Objects) -> bool:
    return objects.namespace_of(one) == (pods.namespace or objects.namespace)


def _in_files(name: str, setting: WorkloadSetting, pods: Pods, objects: Objects) -> Iterator[tuple[str, str | None]]:
    """The lines of its configuration files that set it."""
    if not setting.keys:
        return
    for one in objects.of("ConfigMap"):
        data = texts(one.get("data")) if _same_namespace(one, pods, objects) else {}
        for file in FILES[name]:
            for key in setting.keys:
                line = re.search(_LINE.format(key=re.escape(key)), data.get(file, ""), re.MULTILINE)
                if line is not None:
                    yield f"{key} = {line[1]} in {file}", line[1][:_LONGEST]


def told_scheme(told: Sequence[Told]) -> str:
    """What the port is told to speak, "" where that is not known."""
    return next((scheme_of(one.value) for one in told if one.decides is Decides.SPEAKS and one.value is not None), "")

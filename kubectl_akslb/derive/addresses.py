"""IP addresses and ranges as Go reads them, because the provider's error texts quote Go's.

Upstream: Go's net/netip and net packages; pkg/util/iputil of the provider.
"""

from functools import lru_cache

from kubectl_akslb.derive.readers import go_integer, quote
from kubectl_akslb.model.service import IPV4, IPV6, IPFamily
from kubectl_akslb.named_tuple import NamedTuple

_HEX = "0123456789abcdefABCDEF"
#: The same few addresses are read for each rule, client and node.
_KNOWN = 1024


class AddressError(ValueError):
    """Text that is no address or range; the message is Go's."""


class Address(NamedTuple):
    """An IP address; *bits* is 32 or 128."""

    bits: int
    value: int

    @property
    def family(self) -> IPFamily:
        """Its IP family (an IPv4 address mapped into IPv6 is an IPv6 address)."""
        return IPV6 if self.bits == 128 else IPV4

    def __str__(self) -> str:
        """The canonical text, as netip.Addr writes it."""
        return _ipv6_text(self.value) if self.family is IPV6 else _ipv4_text(self.value)


class Prefix(NamedTuple):
    """A range of addresses, with the host bits as they were written."""

    address: Address
    length: int

    @property
    def family(self) -> IPFamily:
        """The IP family of the range."""
        return self.address.family

    @property
    def masked(self) -> "Prefix":
        """The same range with its host bits cleared."""
        host = self.address.bits - self.length
        return Prefix(self.address._replace(value=self.address.value >> host << host), self.length)

    def contains(self, other: "Prefix") -> bool:
        """Whether *other* lies within this range."""
        if self.address.bits != other.address.bits or self.length > other.length:
            return False
        host = self.address.bits - self.length
        return self.address.value >> host == other.address.value >> host

    def __str__(self) -> str:
        """``10.0.0.0/8``."""
        return f"{self.address}/{self.length}"


def _ipv4_text(value: int) -> str:
    return f"{value >> 24}.{value >> 16 & 255}.{value >> 8 & 255}.{value & 255}"


def _ipv6_text(value: int) -> str:
    if value >> 32 == 0xFFFF:
        return "::ffff:" + _ipv4_text(value & 0xFFFFFFFF)
    groups = [value >> shift & 0xFFFF for shift in range(112, -1, -16)]
    start, length = _longest_zeros(groups)
    texts = [f"{group:x}" for group in groups]
    if length < 2:
        return ":".join(texts)
    return ":".join(texts[:start]) + "::" + ":".join(texts[start + length :])


def _longest_zeros(groups: list[int]) -> tuple[int, int]:
    best = (0, 0)
    index = 0
    while index < len(groups):
        end = index
        while end < len(groups) and groups[end] == 0:
            end += 1
        if end - index > best[1]:
            best = (index, end - index)
        index = end + 1
    return best


def _fault(text: str, message: str, at: str = "") -> AddressError:
    tail = f" (at {quote(at)})" if at else ""
    return AddressError(f"ParseAddr({quote(text)}): {message}{tail}")


@lru_cache(_KNOWN)
def parse_address(text: str) -> Address:
    """Read an address as netip.ParseAddr does; a zone is dropped. AddressError with Go's message."""
    for character in text:
        if character == ".":
            return Address(32, _parse_ipv4(text, text))
        if character == ":":
            return _parse_ipv6(text)
        if character == "%":
            raise _fault(text, "missing IPv6 address")
    raise _fault(text, "unable to parse IP")


def _parse_ipv4(text: str, part: str) -> int:
    fields: list[int] = []
    value = digits = 0
    for index, character in enumerate(part):
        if "0" <= character <= "9":
            if digits == 1 and value == 0:
                raise _fault(text, "IPv4 field has octet with leading zero")
            value = value * 10 + int(character)
            digits += 1
            if value > 255:
                raise _fault(text, "IPv4 field has value >255")
        elif character == ".":
            if index in {0, len(part) - 1} or part[index - 1] == ".":
                raise _fault(text, "IPv4 field must have at least one digit", part[index:])
            if len(fields) == 3:
                raise _fault(text, "IPv4 address too long")
            fields.append(value)
            value = digits = 0
        else:
            raise _fault(text, "unexpected character", part[index:])
    if len(fields) < 3:
        raise _fault(text, "IPv4 address too short")
    fields.append(value)
    return fields[0] << 24 | fields[1] << 16 | fields[2] << 8 | fields[3]


def _parse_ipv6(text: str) -> Address:  # noqa: C901 - one branch per error text of Go
    rest, percent, zone = text.partition("%")
    if percent and not zone:
        raise _fault(text, "zone must be a non-empty string")
    groups: list[int] = []
    ellipsis = -1
    if rest.startswith("::"):
        ellipsis = 0
        rest = rest[2:]
        if not rest:
            return Address(128, 0)
    while len(groups) < 8:
        group, length = _hex_group(text, rest)
        if rest[length : length + 1] == ".":
            groups += _embedded_ipv4(text, rest, groups, ellipsis)
            rest = ""
            break
        groups.append(group)
        rest = rest[length:]
        if not rest:
            break
        if rest[0] != ":":
            raise _fault(text, "unexpected character, want colon", rest)
        if len(rest) == 1:
            raise _fault(text, "colon must be followed by more characters", rest)
        rest = rest[1:]
        if rest[0] == ":":
            if ellipsis >= 0:
                raise _fault(text, "multiple :: in address", rest)
            ellipsis = len(groups)
            rest = rest[1:]
            if not rest:
                break
    if rest:
        raise _fault(text, "trailing garbage after address", rest)
    return Address(128, _joined(text, groups, ellipsis))


def _hex_group(text: str, rest: str) -> tuple[int, int]:
    length = 0
    while length < len(rest) and rest[length] in _HEX:
        if length > 3:
            raise _fault(text, "each group must have 4 or fewer digits", rest)
        length += 1
    if length == 0:
        raise _fault(text, "each colon-separated field must have at least one digit", rest)
    return int(rest[:length], 16), length


def _embedded_ipv4(text: str, rest: str, groups: list[int], ellipsis: int) -> list[int]:
    if ellipsis < 0 and len(groups) != 6:
        raise _fault(text, "embedded IPv4 address must replace the final 2 fields of the address", rest)
    if len(groups) > 6:
        raise _fault(text, "too many hex fields to fit an embedded IPv4 at the end of the address", rest)
    value = _parse_ipv4(text, rest)
    return [value >> 16, value & 0xFFFF]


def _joined(text: str, groups: list[int], ellipsis: int) -> int:
    if len(groups) < 8:
        if ellipsis < 0:
            raise _fault(text, "address string too short")
        groups = groups[:ellipsis] + [0] * (8 - len(groups)) + groups[ellipsis:]
    elif ellipsis >= 0:
        raise _fault(text, "the :: must expand to at least one field of zeros")
    value = 0
    for group in groups:
        value = value << 16 | group
    return value


def parse_prefix(text: str) -> Prefix:
    """Read a range as netip.ParsePrefix does, host bits kept. AddressError with Go's message."""

    def fault(message: str) -> AddressError:
        return AddressError(f"netip.ParsePrefix({quote(text)}): {message}")

    head, slash, tail = text.rpartition("/")
    if not slash:
        raise fault("no '/'")
    try:
        address = parse_address(head)
    except AddressError as error:
        raise fault(str(error)) from None
    if "%" in head:
        raise fault("IPv6 zones cannot be present in a prefix")
    if not (tail.isascii() and tail.isdigit()) or (len(tail) > 1 and tail[0] == "0") or go_integer(tail, 64) is None:
        raise fault(f"bad bits after slash: {quote(tail)}")
    if int(tail) > address.bits:
        raise fault("prefix length out of range")
    return Prefix(address, int(tail))


def parse_network(text: str) -> Prefix:
    """Read a range whose host bits must be clear. Upstream: iputil.ParsePrefix."""
    try:
        prefix = parse_prefix(text)
    except AddressError as error:
        message = f"invalid CIDR `{text}`: {error}"
        raise AddressError(message) from None
    if prefix.masked != prefix:
        message = f"invalid CIDR `{text}`: not a valid network prefix, should be properly masked like {prefix.masked}"
        raise AddressError(message)
    return prefix


@lru_cache(_KNOWN)
def parse_cidr(text: str) -> Prefix:
    """Read a range as Go's net.ParseCIDR does: host bits are cleared, an IPv4 address may have leading zeros.

    Upstream: k8s.io/utils/net ParseCIDRSloppy. AddressError with Go's message.
    """
    head, slash, tail = text.partition("/")
    address = _sloppy_address(head)
    if not slash or address is None or not (tail.isascii() and tail.isdigit()) or len(tail) > 6:
        message = f"invalid CIDR address: {text}"
        raise AddressError(message)
    if int(tail) > address.bits:
        message = f"invalid CIDR address: {text}"
        raise AddressError(message)
    prefix = Prefix(address, int(tail)).masked
    if prefix.family is IPV6 and prefix.address.value >> 32 == 0xFFFF and prefix.length >= 96:
        return Prefix(Address(32, prefix.address.value & 0xFFFFFFFF), prefix.length - 96)
    return prefix


def _sloppy_address(text: str) -> Address | None:
    if ":" not in text:
        text = ".".join(part.lstrip("0") or part[:1] for part in text.split("."))
    if "%" in text:
        return None
    try:
        return parse_address(text)
    except AddressError:
        return None


def is_ipv4(text: str) -> bool:
    """Whether Go's net.ParseIP(text).To4() is an address: IPv4, or IPv4 mapped into IPv6."""
    if "%" in text:
        return False
    try:
        address = parse_address(text)
    except AddressError:
        return False
    return address.family is IPV4 or address.value >> 32 == 0xFFFF


def allows_all(prefixes: tuple[Prefix, ...]) -> bool:
    """Whether a range covers every address of its family. Upstream: iputil.IsPrefixesAllowAll."""
    return any(prefix.length == 0 for prefix in prefixes)


def aggregate(prefixes: tuple[Prefix, ...]) -> tuple[Prefix, ...]:
    """The same addresses in as few ranges, IPv4 first. Upstream: iputil.AggregatePrefixes."""
    kept: list[Prefix] = []
    for prefix in sorted(prefixes, key=lambda p: (p.address.bits, p.address.value, p.length)):
        if kept and kept[-1].contains(prefix):
            continue
        kept.append(prefix)
        while len(kept) > 1 and _siblings(kept[-2], kept[-1]):
            kept.pop()
            last = kept.pop()
            kept.append(Prefix(last.address, last.length - 1))
    return tuple(kept)


def _siblings(low: Prefix, high: Prefix) -> bool:
    if low.address.bits != high.address.bits or low.length != high.length or low.length == 0:
        return False
    host = low.address.bits - low.length
    return low.address.value >> host ^ high.address.value >> host == 1


def is_address(text: str) -> bool:
    """Whether *text* is one IP address."""
    try:
        parse_address(text)
    except AddressError:
        return False
    return True


def is_private(text: str) -> bool:
    """Whether an address can be no public IP: private, or not for single hosts."""
    try:
        address = parse_address(text)
    except AddressError:
        return False
    if address.family is IPV6:
        return address.value >> 121 == 0xFC >> 1 or address.value >> 118 == 0xFE80 >> 6 or address.value in (0, 1)
    return (
        address.value >> 24 in (0, 10, 127) or address.value >> 20 == 0xAC1 or address.value >> 16 in (0xC0A8, 0xA9FE)
    )

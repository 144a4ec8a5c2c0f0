"""Sets of addresses as intervals: what is in both of two, and what is in one alone.

A client is such a set, and so is what a rule, a policy or a source range holds.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from kubectl_akslb.derive.addresses import Address, AddressError, Prefix, parse_address, parse_cidr

Interval: TypeAlias = tuple[int, int, int]
"""Bits of the family, first and last address."""


def interval(prefix: Prefix) -> Interval:
    """A range, from its first address to its last."""
    first = prefix.masked.address
    return first.bits, first.value, first.value + (1 << (first.bits - prefix.length)) - 1


def interval_of(text: str) -> Interval:
    """The addresses of a range, or of one address; AddressError where *text* is neither."""
    width = "" if "/" in text else "/128" if ":" in text else "/32"
    return interval(parse_cidr(f"{text}{width}"))


def intervals(texts: Iterable[str]) -> tuple[Interval, ...]:
    """The ranges that can be read."""
    found = []
    for text in texts:
        try:
            found.append(interval(parse_cidr(text.strip())))
        except AddressError:
            continue
    return tuple(found)


def address_interval(text: str) -> tuple[Interval, ...]:
    """One address as a range of its own; nothing where *text* is none."""
    try:
        address = parse_address(text)
    except AddressError:
        return ()
    return ((address.bits, address.value, address.value),)


def merged(ranges: Iterable[Interval]) -> tuple[Interval, ...]:
    """*ranges* in order, those that touch as one."""
    found: list[Interval] = []
    for bits, first, last in sorted(ranges):
        if found and found[-1][0] == bits and first <= found[-1][2] + 1:
            found[-1] = (bits, found[-1][1], max(last, found[-1][2]))
        else:
            found.append((bits, first, last))
    return tuple(found)


def common(ranges: Iterable[Interval], others: Iterable[Interval]) -> tuple[Interval, ...]:
    """What is in both."""
    return tuple(_common(merged(ranges), merged(others)))


def _common(ranges: Sequence[Interval], others: Sequence[Interval]) -> Iterator[Interval]:
    """Both are in order, so that each is walked once."""
    index = 0
    for bits, first, last in ranges:
        while index < len(others) and (others[index][0], others[index][2]) < (bits, first):
            index += 1
        at = index
        while at < len(others) and (others[at][0], others[at][1]) <= (bits, last):
            yield bits, max(first, others[at][1]), min(last, others[at][2])
            at += 1


def without(ranges: Iterable[Interval], excepted: Iterable[Interval]) -> tuple[Interval, ...]:
    """*ranges* with what is *excepted* cut out."""
    left = merged(ranges)
    for bits, first, last in merged(excepted):
        cut: list[Interval] = []
        for one in left:
            if one[0] != bits or last < one[1] or first > one[2]:
                cut.append(one)
                continue
            if one[1] < first:
                cut.append((bits, one[1], first - 1))
            if one[2] > last:
                cut.append((bits, last + 1, one[2]))
        left = tuple(cut)
    return left


def cidrs(ranges: Iterable[Interval]) -> Iterator[str]:
    """*ranges* as texts: each as the prefixes, or the one address, that make it up."""
    for bits, first, last in ranges:
        at = first
        while at <= last:
            size = min((at & -at).bit_length() - 1 if at else bits, (last - at + 1).bit_length() - 1)
            length = bits - size
            yield f"{Address(bits, at)}" if length == bits else f"{Address(bits, at)}/{length}"
            at += 1 << size

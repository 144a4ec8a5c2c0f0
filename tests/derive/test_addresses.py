"""IP addresses and ranges as Go reads them: what is read, and the texts for what is not."""

from ipaddress import ip_address

import pytest

from kubectl_akslb.derive.addresses import (
    AddressError,
    aggregate,
    allows_all,
    is_ipv4,
    is_private,
    parse_address,
    parse_cidr,
    parse_network,
    parse_prefix,
)
from kubectl_akslb.model.service import IPV4, IPV6
from tests.given.derived import text_of


@pytest.mark.parametrize(
    ("text", "bits", "canonical"),
    [
        ("0.0.0.1", 32, "0.0.0.1"),
        ("255.255.255.255", 32, "255.255.255.255"),
        ("20.0.10.200", 32, "20.0.10.200"),
        ("::", 128, "::"),
        ("::1", 128, "::1"),
        ("1::", 128, "1::"),
        ("0::0", 128, "::"),
        ("2001:0DB8::00aB", 128, "2001:db8::ab"),
        ("1:2:3:4:5:6:7:8", 128, "1:2:3:4:5:6:7:8"),
        ("1:0:2:3:4:5:6:7", 128, "1:0:2:3:4:5:6:7"),
        ("1:0:0:2:0:0:0:3", 128, "1:0:0:2::3"),
        ("0:0:1:0:0:1:0:0", 128, "::1:0:0:1:0:0"),
        ("1:2:3:4:5:6:7::", 128, "1:2:3:4:5:6:7:0"),
        ("1:2:3:4:5:6:1.2.3.4", 128, "1:2:3:4:5:6:102:304"),
        ("64:ff9b::192.0.2.1", 128, "64:ff9b::c000:201"),
        ("::ffff:1.2.3.4", 128, "::ffff:1.2.3.4"),
        ("::ffff:102:304", 128, "::ffff:1.2.3.4"),
        ("fe80::1%eth0", 128, "fe80::1"),
        ("::%eth0", 128, "::"),
    ],
)
def test_address(text: str, bits: int, canonical: str) -> None:
    address = parse_address(text)
    assert (bits, canonical) == (address.bits, str(address))
    assert (IPV6 if bits == 128 else IPV4) is address.family


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", 'ParseAddr(""): unable to parse IP'),
        ("web", 'ParseAddr("web"): unable to parse IP'),
        ("%eth0", 'ParseAddr("%eth0"): missing IPv6 address'),
        (" 1.2.3.4", 'ParseAddr(" 1.2.3.4"): unexpected character (at " 1.2.3.4")'),
        ("1.2.3.4 ", 'ParseAddr("1.2.3.4 "): unexpected character (at " ")'),
        ("1.2.3.4/24", 'ParseAddr("1.2.3.4/24"): unexpected character (at "/24")'),
        ("1.2.3", 'ParseAddr("1.2.3"): IPv4 address too short'),
        ("1.2.3.4.5", 'ParseAddr("1.2.3.4.5"): IPv4 address too long'),
        ("1.2.3.256", 'ParseAddr("1.2.3.256"): IPv4 field has value >255'),
        ("01.2.3.4", 'ParseAddr("01.2.3.4"): IPv4 field has octet with leading zero'),
        (".1.2.3", 'ParseAddr(".1.2.3"): IPv4 field must have at least one digit (at ".1.2.3")'),
        ("1.2.3.", 'ParseAddr("1.2.3."): IPv4 field must have at least one digit (at ".")'),
        ("1..2.3", 'ParseAddr("1..2.3"): IPv4 field must have at least one digit (at ".2.3")'),
        ("1.\u0662.3.4", 'ParseAddr("1.\u0662.3.4"): unexpected character (at "\u0662.3.4")'),
        (":", 'ParseAddr(":"): each colon-separated field must have at least one digit (at ":")'),
        (":1::", 'ParseAddr(":1::"): each colon-separated field must have at least one digit (at ":1::")'),
        (":::", 'ParseAddr(":::"): each colon-separated field must have at least one digit (at ":")'),
        ("1:", 'ParseAddr("1:"): colon must be followed by more characters (at ":")'),
        ("1:2:3:4:5:6:7", 'ParseAddr("1:2:3:4:5:6:7"): address string too short'),
        ("1:2:3:4:5:6:7:8:9", 'ParseAddr("1:2:3:4:5:6:7:8:9"): trailing garbage after address (at "9")'),
        ("1:2:3:4::5:6:7:8", 'ParseAddr("1:2:3:4::5:6:7:8"): the :: must expand to at least one field of zeros'),
        ("1::2::3", 'ParseAddr("1::2::3"): multiple :: in address (at ":3")'),
        ("12345::", 'ParseAddr("12345::"): each group must have 4 or fewer digits (at "12345::")'),
        ("1::g", 'ParseAddr("1::g"): each colon-separated field must have at least one digit (at "g")'),
        ("1::2g", 'ParseAddr("1::2g"): unexpected character, want colon (at "g")'),
        ("::1%", 'ParseAddr("::1%"): zone must be a non-empty string'),
        ("1:2:1.2.3.4", 'ParseAddr("1:2:1.2.3.4"): embedded IPv4 address must replace the final 2 fields of the address (at "1.2.3.4")'),
        ("1:2:3:4:5:6::1.2.3.4", 'ParseAddr("1:2:3:4:5:6::1.2.3.4"): the :: must expand to at least one field of zeros'),
        ("::2:3:4:5:6:7:8:1.2.3.4", 'ParseAddr("::2:3:4:5:6:7:8:1.2.3.4"): too many hex fields to fit an embedded IPv4 at the end of the address (at "1.2.3.4")'),
        ("::1.2.3", 'ParseAddr("::1.2.3"): IPv4 address too short'),
        ("::1.2.3.400", 'ParseAddr("::1.2.3.400"): IPv4 field has value >255'),
    ],
)  # fmt: skip
def test_no_address_has_the_text_of_go(text: str, message: str) -> None:
    assert message == text_of(lambda: parse_address(text), AddressError)


@pytest.mark.parametrize(
    ("text", "canonical", "masked"),
    [
        ("10.0.0.0/8", "10.0.0.0/8", "10.0.0.0/8"),
        ("10.1.2.3/8", "10.1.2.3/8", "10.0.0.0/8"),
        ("0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/0"),
        ("10.0.0.1/32", "10.0.0.1/32", "10.0.0.1/32"),
        ("2001:DB8::1/32", "2001:db8::1/32", "2001:db8::/32"),
        ("::/0", "::/0", "::/0"),
        ("::ffff:10.0.0.1/104", "::ffff:10.0.0.1/104", "::ffff:10.0.0.0/104"),
    ],
)
def test_prefix_keeps_host_bits(text: str, canonical: str, masked: str) -> None:
    prefix = parse_prefix(text)
    assert (canonical, masked) == (str(prefix), str(prefix.masked))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("10.0.0.0", "netip.ParsePrefix(\"10.0.0.0\"): no '/'"),
        ("", "netip.ParsePrefix(\"\"): no '/'"),
        ("/8", 'netip.ParsePrefix("/8"): ParseAddr(""): unable to parse IP'),
        ("10.0.0.0/", 'netip.ParsePrefix("10.0.0.0/"): bad bits after slash: ""'),
        ("10.0.0.0/a", 'netip.ParsePrefix("10.0.0.0/a"): bad bits after slash: "a"'),
        ("10.0.0.0/+8", 'netip.ParsePrefix("10.0.0.0/+8"): bad bits after slash: "+8"'),
        ("10.0.0.0/-1", 'netip.ParsePrefix("10.0.0.0/-1"): bad bits after slash: "-1"'),
        ("10.0.0.0/08", 'netip.ParsePrefix("10.0.0.0/08"): bad bits after slash: "08"'),
        ("10.0.0.0/8 ", 'netip.ParsePrefix("10.0.0.0/8 "): bad bits after slash: "8 "'),
        ("10.0.0.0/33", 'netip.ParsePrefix("10.0.0.0/33"): prefix length out of range'),
        ("10.0.0.0/9999", 'netip.ParsePrefix("10.0.0.0/9999"): prefix length out of range'),
        ("::/129", 'netip.ParsePrefix("::/129"): prefix length out of range'),
        ("fe80::%eth0/64", 'netip.ParsePrefix("fe80::%eth0/64"): IPv6 zones cannot be present in a prefix'),
        (" 10.0.0.0/8", 'netip.ParsePrefix(" 10.0.0.0/8"): ParseAddr(" 10.0.0.0"): unexpected character (at " 10.0.0.0")'),
        ("1.2.3/8", 'netip.ParsePrefix("1.2.3/8"): ParseAddr("1.2.3"): IPv4 address too short'),
    ],
)  # fmt: skip
def test_no_prefix_has_the_text_of_go(text: str, message: str) -> None:
    assert message == text_of(lambda: parse_prefix(text), AddressError)


def test_prefix_length_beyond_64_bits_is_no_number_in_go() -> None:
    text = "10.0.0.0/" + "9" * 20
    message = f'netip.ParsePrefix("{text}"): bad bits after slash: "{"9" * 20}"'
    assert message == text_of(lambda: parse_prefix(text), AddressError)


@pytest.mark.parametrize("text", ["10.0.0.0/8", "10.0.0.1/32", "0.0.0.0/0", "2001:db8::/32"])
def test_network_has_no_host_bits(text: str) -> None:
    assert text == str(parse_network(text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("10.0.0.1/24", "invalid CIDR `10.0.0.1/24`: not a valid network prefix, should be properly masked like 10.0.0.0/24"),
        ("2001:db8::1/32", "invalid CIDR `2001:db8::1/32`: not a valid network prefix, should be properly masked like 2001:db8::/32"),
        ("", "invalid CIDR ``: netip.ParsePrefix(\"\"): no '/'"),
        ("10.0.0.0/33", 'invalid CIDR `10.0.0.0/33`: netip.ParsePrefix("10.0.0.0/33"): prefix length out of range'),
    ],
)  # fmt: skip
def test_no_network(text: str, message: str) -> None:
    assert message == text_of(lambda: parse_network(text), AddressError)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("10.1.2.3/8", "10.0.0.0/8"),
        ("010.001.002.003/08", "10.0.0.0/8"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("00.0.0.0/000000", "0.0.0.0/0"),
        ("2001:db8::1/32", "2001:db8::/32"),
        ("::ffff:10.1.2.3/104", "10.0.0.0/8"),
        ("::ffff:10.1.2.3/90", "::ffc0:0:0/90"),
    ],
)
def test_cidr_of_kubernetes_clears_host_bits(text: str, canonical: str) -> None:
    found = parse_cidr(text)
    assert (canonical, 128 if ":" in canonical else 32) == (str(found), found.address.bits)


@pytest.mark.parametrize(
    "text",
    [
        "10.0.0.0", "10.0.0.0/", "/8", "", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/1000000",
        "10.0.0/8", "10.0.0.256/8", "fe80::%eth0/64", "10.0.0.0/8/8", " 10.0.0.0/8", "10..0.0/8",
    ],
)  # fmt: skip
def test_no_cidr_of_kubernetes(text: str) -> None:
    assert f"invalid CIDR address: {text}" == text_of(lambda: parse_cidr(text), AddressError)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.0.0.4", True), ("::ffff:10.0.0.4", True), ("fd00::1", False), ("", False), ("10.0.0.4 ", False),
        ("::ffff:10.0.0.4%eth0", False), ("10.0.0.04", False),
    ],
)  # fmt: skip
def test_is_ipv4(text: str, expected: bool) -> None:
    assert expected == is_ipv4(text)


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        ("10.0.0.0/8", "10.1.0.0/16", True),
        ("10.0.0.0/8", "10.0.0.0/8", True),
        ("10.1.0.0/16", "10.0.0.0/8", False),
        ("10.0.0.0/8", "11.0.0.0/16", False),
        ("0.0.0.0/0", "::/0", False),
        ("::/0", "fd00::/8", True),
    ],
)
def test_contains(outer: str, inner: str, expected: bool) -> None:
    assert expected == parse_prefix(outer).contains(parse_prefix(inner))


@pytest.mark.parametrize(
    ("texts", "merged"),
    [
        ([], []),
        (["192.168.0.0/25", "192.168.0.128/25"], ["192.168.0.0/24"]),
        (["192.168.0.128/25", "192.168.0.0/25"], ["192.168.0.0/24"]),
        (["10.0.1.0/24", "10.0.2.0/24"], ["10.0.1.0/24", "10.0.2.0/24"]),
        (["10.0.0.0/24", "10.0.1.0/25"], ["10.0.0.0/24", "10.0.1.0/25"]),
        (["10.0.0.0/8", "10.1.0.0/16", "10.0.0.0/8"], ["10.0.0.0/8"]),
        (["10.0.0.0/26", "10.0.0.64/26", "10.0.0.128/25"], ["10.0.0.0/24"]),
        (["0.0.0.0/1", "128.0.0.0/1"], ["0.0.0.0/0"]),
        (["::/1", "8000::/1"], ["::/0"]),
        (["0.0.0.0/0", "::/0"], ["0.0.0.0/0", "::/0"]),
        (["fd00::/9", "10.0.0.0/8", "fd80::/9", "9.0.0.0/8"], ["9.0.0.0/8", "10.0.0.0/8", "fd00::/8"]),
    ],
)
def test_aggregate(texts: list[str], merged: list[str]) -> None:
    assert merged == [str(prefix) for prefix in aggregate(tuple(parse_prefix(text) for text in texts))]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["0.0.0.0/0"], True),
        (["10.0.0.0/8", "::/0"], True),
        (["0.0.0.0/1", "128.0.0.0/1"], False),
        ([], False),
    ],
)
def test_only_a_length_of_zero_allows_all(texts: list[str], expected: bool) -> None:
    assert expected == allows_all(tuple(parse_prefix(text) for text in texts))


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("0.0.0.0", "0.255.255.255"),  # noqa: S104 - nothing binds to it
        ("10.0.0.0", "10.255.255.255"), ("127.0.0.0", "127.255.255.255"),
        ("169.254.0.0", "169.254.255.255"), ("172.16.0.0", "172.31.255.255"), ("192.168.0.0", "192.168.255.255"),
        ("::", "::1"), ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ],
)  # fmt: skip
def test_what_can_be_no_public_ip_begins_and_ends_there(first: str, last: str) -> None:
    beside = [ip_address(first) - 1] if int(ip_address(first)) else []
    assert [True, True, False] == [*map(is_private, (first, last)), is_private(str(ip_address(last) + 1))]
    assert [False] * len(beside) == [is_private(str(one)) for one in beside]


def test_what_is_no_address_is_not_private() -> None:
    assert not is_private("web")

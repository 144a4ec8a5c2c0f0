"""The indexes of a load balancer say what looking at all its frontends would say, whatever is done to it."""

import random

import pytest

from kubectl_akslb.derive.load_balancer.frontends import as_read_back
from kubectl_akslb.derive.state.load_balancer import LoadBalancerState
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration, PublicIPKey
from kubectl_akslb.model.provenance import PROVIDER, Derived, Origin

NAMES = tuple(f"{prefix}{number}" for prefix in "ab" for number in range(4))
ADDRESSES = ("10.0.0.4", "10.0.0.5", "20.1.2.3")
PUBLIC_IPS = ("Pip", "pip", "other")


def derived(value: str) -> Derived[str]:
    return Derived(value, Origin(PROVIDER, "test", value))


def frontend(chance: random.Random) -> FrontendIPConfiguration:
    name, address = derived(chance.choice(NAMES)), chance.choice(ADDRESSES)
    if chance.random() < 0.5:
        return FrontendIPConfiguration(name, subnet=derived("subnet"), address=address)
    public = derived(chance.choice(PUBLIC_IPS))
    return FrontendIPConfiguration(name, public, address=address, public_ip_resource_group="RG")


def changed(state: LoadBalancerState, chance: random.Random) -> LoadBalancerState:
    there = list(state.frontends)
    kind = chance.randrange(8)
    if kind == 0 and there:
        state.drop_frontend(chance.choice(there))
    elif kind == 1 and there:
        state.remove_frontend(state.frontends[chance.choice(there)])
    elif kind == 2:
        gone = chance.sample(there, len(there) // 3)
        state.remove_frontends([name for name in there if name not in gone], gone)
    elif kind == 3:
        state.read_back(as_read_back)
    elif kind == 4:
        copied = state.copy()
        changed(state, chance)  # what becomes of the first leaves the copy alone
        return copied
    else:
        one = frontend(chance)
        state.put_frontend(one.name.value[0], one)
    return state


@pytest.mark.parametrize("seed", range(40))
def test_frontends_are_found_as_if_all_were_looked_at(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a seed, so that a failure comes again
    state = LoadBalancerState(derived("kubernetes"), derived("Standard"))
    for _ in range(60):
        state = changed(state, chance)
        everything = list(state.frontends.values())
        asked = chance.sample(ADDRESSES, 2)
        assert [one for one in everything if one.address in asked] == state.frontends_at(asked)
        keys: set[PublicIPKey] = {("rg", name.lower()) for name in chance.sample(PUBLIC_IPS, 2)}
        assert [one for one in everything if one.public_ip_key in keys] == state.frontends_at(keys)
        some = chance.sample(everything, len(everything) // 2)
        assert [one for one in everything if one in some] == state.in_order((*some[::-1], *some))
        assert [] == state.in_order(one for one in [frontend(chance)] if one.name.value not in state.frontends)

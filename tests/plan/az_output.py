"""What stands, as ``az network … list -o json`` prints it: from the shape of the recordings to ARM's own."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from conformance.by_hand import ROOT
from tests.conformance.adapter import state
from tests.recorded.addresses import GivingAzure

Json = dict[str, Any]
_GROUP = "rg"

_REFERENCES = {
    "frontend": ("frontendIPConfiguration", "frontendIPConfigurations"),
    "backendPool": ("backendAddressPool", "backendAddressPools"),
    "probe": ("probe", "probes"),
}


def of_azure(azure: GivingAzure) -> dict[str, Json]:
    """What stands, with each public IP in its own resource group: names are unique in a group alone."""
    stands = state(azure)
    groups = (group for (group, _), _ in sorted(azure.public_ips.items()))
    public_ips = [{**body, "resourceGroup": group} for body, group in zip(stands["publicIPs"], groups, strict=True)]
    balancers = []
    for body in stands["loadBalancers"]:
        frontends = azure.load_balancers[body["name"]].frontends
        told = [
            {**one, "resourceGroup": frontends[one["name"]].public_ip_resource_group.lower()}
            for one in body["frontendIPConfigurations"]
        ]
        balancers.append({**body, "frontendIPConfigurations": told})
    return resources({**stands, "loadBalancers": balancers, "publicIPs": public_ips}, azure.addresses)


def resources(state: Json, addresses: Mapping[str, str]) -> dict[str, Json]:
    """The resources by kind and name, ``loadBalancers/kubernetes``; *addresses* are those of frontends by name.

    Behind the name of a public IP in another resource group than the others stands which.
    """
    found: dict[str, Json] = {}
    groups: dict[str, str] = {}
    for balancer in state["loadBalancers"]:
        found[f"loadBalancers/{balancer['name']}"] = _load_balancer(balancer, addresses)
    for address in state["publicIPs"]:
        group = address.get("resourceGroup", _GROUP)
        key = f"publicIPAddresses/{address['name']}" + (f"@{group}" if group != _GROUP else "")
        groups[key] = group
        found[key] = _public_ip(address)
    rules = [_item(rule, {}) for rule in state["securityRules"]]
    found["networkSecurityGroups/nsg"] = {"properties": {"securityRules": rules}}
    for key, body in found.items():
        kind, _, name = key.partition("@")[0].partition("/")
        body.update(
            {
                "id": f"{_root(groups.get(key))}{kind}/{name}",
                "name": name,
                "type": f"Microsoft.Network/{kind}",
                "etag": 'W/"1"',
            }
        )
    return found


def _root(group: str | None) -> str:
    return ROOT.replace(f"/{_GROUP}/", f"/{group or _GROUP}/")


def files(found: Mapping[str, Json]) -> list[tuple[str, bytes]]:
    """The output of ``az network lb list``, ``nsg list`` and ``public-ip list``."""
    kinds = ("loadBalancers", "networkSecurityGroups", "publicIPAddresses")
    return [
        (f"{kind}.json", json.dumps([body for key, body in found.items() if key.startswith(kind)]).encode())
        for kind in kinds
    ]


def _item(body: Json, properties: Json) -> Json:
    own = {key: value for key, value in body.items() if key != "name" and value is not None}
    return {"name": body["name"], "properties": {**own, **properties}}


def _load_balancer(balancer: Json, addresses: Mapping[str, str]) -> Json:
    home = f"{ROOT}loadBalancers/{balancer['name']}/"
    frontends = []
    for frontend in balancer["frontendIPConfigurations"]:
        properties: Json = {}
        if frontend.get("publicIPAddress"):
            name = frontend["publicIPAddress"]
            properties["publicIPAddress"] = {"id": f"{_root(frontend.get('resourceGroup'))}publicIPAddresses/{name}"}
        if frontend.get("subnet"):
            properties["subnet"] = {"id": f"{ROOT}virtualNetworks/vnet/subnets/{frontend['subnet']}"}
            properties["privateIPAddress"] = frontend.get("privateIPAddress") or addresses.get(frontend["name"])
        item = _item({key: value for key, value in frontend.items() if key != "resourceGroup"}, properties)
        zones = item["properties"].pop("zones", None)
        frontends.append({**item, "zones": zones} if zones else item)
    rules = []
    for rule in balancer["loadBalancingRules"]:
        properties = {
            field: {"id": f"{home}{kind}/{rule[key]}"} for key, (field, kind) in _REFERENCES.items() if rule.get(key)
        }
        own = {key: value for key, value in rule.items() if key not in _REFERENCES}
        own["enableTcpReset"] = own.pop("enableTCPReset", None)
        rules.append(_item(own, properties))
    return {
        "sku": {"name": balancer["sku"]},
        "properties": {
            "frontendIPConfigurations": frontends,
            "backendAddressPools": [{"name": name, "properties": {}} for name in balancer["backendPools"]],
            "loadBalancingRules": rules,
            "probes": [_item(probe, {}) for probe in balancer["probes"]],
        },
    }


def _public_ip(address: Json) -> Json:
    properties = {
        "ipAddress": address["ipAddress"],
        "publicIPAllocationMethod": address["allocation"],
        "publicIPAddressVersion": address["ipVersion"],
        "ipTags": address.get("ipTags") or [],
    }
    if address.get("dnsLabel"):
        properties["dnsSettings"] = {"domainNameLabel": address["dnsLabel"]}
    body: Json = {"properties": properties, "tags": address.get("tags"), "zones": address.get("zones")}
    return {**body, "sku": {"name": address["sku"]}} if address.get("sku") else body


def edit(found: dict[str, Json], change: Json) -> None:
    """What a person does, as the recorder does it: items of lists by name, or by their place among the names."""
    body = found.get(change["resource"])
    if body is None:
        return
    if not change["at"]:
        del found[change["resource"]]
    else:
        found[change["resource"]] = _edited(body, change["at"], change.get("value"))[0]


def _edited(value: Any, at: Sequence[str], given: Any) -> tuple[Any, bool]:
    if not at:
        return given, True
    if isinstance(value, dict):
        inner, changed = _edited(value.get(at[0]), at[1:], given)
        if not changed:
            return value, False
        left = {key: one for key, one in value.items() if key != at[0]}
        return ({**left, at[0]: inner} if inner is not None else left), True
    if isinstance(value, list):
        names = [one["name"] for one in value]
        step = at[0]
        if step.startswith("#"):
            ordered = sorted(names)
            if int(step[1:]) >= len(ordered):
                return value, False
            step = ordered[int(step[1:])]
        if step not in names:
            return (value, False) if len(at) > 1 or given is None or at[0].startswith("#") else ([*value, given], True)
        place = names.index(step)
        inner, changed = _edited(value[place], at[1:], given)
        if not changed:
            return value, False
        return [*value[:place], *([inner] if inner is not None else []), *value[place + 1 :]], True
    return value, False

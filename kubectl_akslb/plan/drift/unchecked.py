"""What could not be compared, and why."""

from collections.abc import Iterator, Sequence

from kubectl_akslb.derive.security_group.shared_rules import END_PRIORITY
from kubectl_akslb.derive.state.security_group import FIRST_PRIORITY
from kubectl_akslb.model.count import counted
from kubectl_akslb.model.derivation import LOAD_BALANCER_STAGE
from kubectl_akslb.model.service import Service
from kubectl_akslb.plan.drift.comparison import ReconcileComparison, number_of
from kubectl_akslb.plan.drift.difference import ALL_OF_IT, Unchecked
from kubectl_akslb.plan.drift.unfinished import GENERATED
from kubectl_akslb.plan.items import ItemKind, plain


def unchecked(compared: ReconcileComparison, asked: Sequence[Service]) -> Iterator[Unchecked]:
    """What was not compared, and why."""
    yield from _unchecked_services(compared, asked)
    if compared.chosen.no_security_group:
        yield Unchecked("security rules", compared.chosen.no_security_group)
    if compared.chosen.public_ips is None:
        yield Unchecked("public IPs", "no file of --azure holds them: az network public-ip list -o json")
    elif compared.not_given:
        names_of = ", ".join(one.name for one in compared.not_given[:3])
        yield Unchecked(
            f"{counted(len(compared.not_given), 'public IP')} ({names_of})", "no file of --azure holds them"
        )
    if not compared.chosen.load_balancers:
        why = f"none of those in the files is named {compared.cluster.cluster_name}, as the cluster's are"
        yield Unchecked("load balancers", why)
    if compared.chosen.security_group is not None:
        yield from _priorities(compared)
    others = [one for one in compared.comes.values() if not compared.owner(one)]
    count = sum(bool(one.services or GENERATED.match(one.name)) for one in others)
    if count and not compared.complete:
        why = "they are named after Services that were not given; --complete says that there are no others"
        yield Unchecked(f"{counted(count, 'thing')} in Azure", why)
    yield Unchecked("members of backend pools", "which node is in which pool is not in az network lb list")


def _unchecked_services(compared: ReconcileComparison, asked: Sequence[Service]) -> Iterator[Unchecked]:
    for service in asked:
        if service.uid is None:
            why = "its manifest has no uid, of which all names in Azure are made: give kubectl get svc -o yaml"
            yield Unchecked(ALL_OF_IT, why, service.full_name)
        elif service.deleting:
            why = "it is being deleted: the provider puts nothing right, and removes it or fails to"
            yield Unchecked(ALL_OF_IT, why, service.full_name)
        elif any(port.node_port is None for port in service.ports):
            why = "the manifest does not say them: give kubectl get svc -o yaml"
            yield Unchecked("node ports", why, service.full_name)
    for name, refusal in compared.refused.items():
        what = ALL_OF_IT if refusal.stage == LOAD_BALANCER_STAGE else f"what comes after the {refusal.stage}"
        yield Unchecked(what, f"the provider refuses it: {refusal.message}", name)


def _priorities(compared: ReconcileComparison) -> Iterator[Unchecked]:
    """Rules below which a number is free: each had the lowest free one when it was made, whoever had the others."""
    taken = {rule.priority.value for rule in compared.after.security_rules.values()}
    free = next(number for number in range(FIRST_PRIORITY, END_PRIORITY + 2) if number not in taken)
    for item in compared.comes.values():
        owner = compared.owner(item)
        allows = item.kind is ItemKind.SECURITY_RULE and plain(item.values["access"]) == "Allow"
        if owner and allows and free < number_of(item) <= END_PRIORITY:
            why = f"{number_of(item)} stands, and {free} is free now; a rule keeps the number that it got"
            yield Unchecked(f"the priority of {item.name}", why, owner)

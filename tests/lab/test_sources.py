"""Whom pods see: the source that their NetworkPolicies meet, as path/policy.py takes it."""

from tests.lab.adapter import recorded, service_of

#: The question by who asks, and the source where the client's own address is kept.
KEPT = {"internet": "internet", "vnet": "vnet", "probe http": "probe"}


def _pods_and_sources(answers: list[str]) -> list[tuple[str, str]]:
    seen = [one.rpartition(" from ") for one in answers if " from " in one and not one.startswith("left ")]
    return [(pod.rpartition(" ")[2], source) for pod, _, source in seen]


def test_with_cluster_pods_see_the_node_and_with_local_the_client() -> None:
    """But the node's own network sees clients always."""
    seen = 0
    for vector in recorded().values():
        local = service_of(vector.case)["spec"]["externalTrafficPolicy"] == "Local"
        for outcome, _ in vector.outcomes:
            for place, asked in outcome.items():
                for who, kept in KEPT.items() if place.endswith("/TCP") else ():
                    for node, answers in asked.get(who, {}).items():
                        for pod, source in _pods_and_sources(answers):
                            expected = kept if local or pod == node else node
                            assert expected == source, (vector.id, place, who, node)
                            seen += 1
    assert seen > 1000


def test_without_floating_ip_the_same_sources_are_seen() -> None:
    for vector in recorded().values():
        local = service_of(vector.case)["spec"]["externalTrafficPolicy"] == "Local"
        for outcome, _ in vector.outcomes:
            for place, asked in outcome.items():
                for node, answers in asked.get("internet to the node port", {}).items() if "/" in place else ():
                    for pod, source in _pods_and_sources(answers):
                        assert source == ("internet" if local or pod == node else node), (vector.id, place, node)


def test_a_pod_that_calls_the_frontend_of_its_own_service_gets_an_answer_where_it_is_let_in() -> None:
    """Itself too: kube-proxy gives such a packet another source, else the answer would never leave the pod."""
    answered = 0
    for vector in recorded().values():
        for outcome, _ in vector.outcomes:
            for place, asked in outcome.items():
                for pod, answers in asked.get("itself", {}).items() if "/" in place else ():
                    for other, source in _pods_and_sources(answers):
                        assert (other != pod) or source != pod, (vector.id, place, pod, answers)
                        answered += other == pod
    assert answered

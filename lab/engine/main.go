// Command engine asks the policy engine of sigs.k8s.io/kube-network-policies which packets NetworkPolicies let through.
//
// It reads one case on each line of standard input, {"id", "objects": [Pods, Namespaces, Nodes, NetworkPolicies],
// "packets": [{"source", "destination", "port", "protocol"}]}, and writes {"id", "allowed": [true, …]}.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"

	v1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/client-go/informers"
	"sigs.k8s.io/kube-network-policies/pkg/api"
	"sigs.k8s.io/kube-network-policies/pkg/network"
	"sigs.k8s.io/kube-network-policies/pkg/networkpolicy"
)

type packet struct {
	Source      string `json:"source"`
	Destination string `json:"destination"`
	Port        int    `json:"port"`
	Protocol    string `json:"protocol"`
}

type question struct {
	ID      string            `json:"id"`
	Objects []json.RawMessage `json:"objects"`
	Packets []packet          `json:"packets"`
}

type answer struct {
	ID      string `json:"id"`
	Allowed []bool `json:"allowed"`
}

// pods tells the engine which pod has an address. Pods on the host's network have none of their own.
type pods map[string]*api.PodInfo

func (p pods) GetPodInfoByIP(ip string) (*api.PodInfo, bool) {
	info, found := p[ip]
	return info, found
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			fail(err)
		}
		allowed, err := evaluate(asked)
		if err != nil {
			fail(fmt.Errorf("%s: %w", asked.ID, err))
		}
		if err := out.Encode(answer{asked.ID, allowed}); err != nil {
			fail(err)
		}
	}
	if err := lines.Err(); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// stored is the policy as the API server has it: with its defaults, and without empty lists.
func stored(one *networkingv1.NetworkPolicy) {
	if len(one.Spec.PolicyTypes) == 0 {
		one.Spec.PolicyTypes = []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}
		if len(one.Spec.Egress) > 0 {
			one.Spec.PolicyTypes = append(one.Spec.PolicyTypes, networkingv1.PolicyTypeEgress)
		}
	}
	if len(one.Spec.Ingress) == 0 {
		one.Spec.Ingress = nil
	}
	if len(one.Spec.Egress) == 0 {
		one.Spec.Egress = nil
	}
	tcp := v1.ProtocolTCP
	for rule := range one.Spec.Ingress {
		for port := range one.Spec.Ingress[rule].Ports {
			if one.Spec.Ingress[rule].Ports[port].Protocol == nil {
				one.Spec.Ingress[rule].Ports[port].Protocol = &tcp
			}
		}
	}
	for rule := range one.Spec.Egress {
		for port := range one.Spec.Egress[rule].Ports {
			if one.Spec.Egress[rule].Ports[port].Protocol == nil {
				one.Spec.Egress[rule].Ports[port].Protocol = &tcp
			}
		}
	}
}

func evaluate(asked question) ([]bool, error) {
	// The listers read what is put into the stores; nothing is started and nothing is asked of an API server.
	factory := informers.NewSharedInformerFactory(nil, 0)
	namespaces := factory.Core().V1().Namespaces()
	podInformer := factory.Core().V1().Pods()
	policies := factory.Networking().V1().NetworkPolicies()
	nodeLabels, namespaceLabels := map[string]map[string]string{}, map[string]map[string]string{}
	var all []*v1.Pod
	for _, raw := range asked.Objects {
		var kind struct {
			Kind string `json:"kind"`
		}
		if err := json.Unmarshal(raw, &kind); err != nil {
			return nil, err
		}
		switch kind.Kind {
		case "Namespace":
			one := &v1.Namespace{}
			if err := json.Unmarshal(raw, one); err != nil {
				return nil, err
			}
			namespaceLabels[one.Name] = one.Labels
			if err := namespaces.Informer().GetIndexer().Add(one); err != nil {
				return nil, err
			}
		case "Node":
			one := &v1.Node{}
			if err := json.Unmarshal(raw, one); err != nil {
				return nil, err
			}
			nodeLabels[one.Name] = one.Labels
		case "Pod":
			one := &v1.Pod{}
			if err := json.Unmarshal(raw, one); err != nil {
				return nil, err
			}
			all = append(all, one)
			if err := podInformer.Informer().GetIndexer().Add(one); err != nil {
				return nil, err
			}
		case "NetworkPolicy":
			one := &networkingv1.NetworkPolicy{}
			if err := json.Unmarshal(raw, one); err != nil {
				return nil, err
			}
			stored(one)
			if err := policies.Informer().GetIndexer().Add(one); err != nil {
				return nil, err
			}
		}
	}
	known := pods{}
	for _, pod := range all {
		if pod.Spec.HostNetwork {
			continue
		}
		for _, ip := range pod.Status.PodIPs {
			known[ip.IP] = api.NewPodInfo(pod, namespaceLabels[pod.Namespace], nodeLabels[pod.Spec.NodeName], "")
		}
	}
	standard := networkpolicy.NewStandardNetworkPolicy("", namespaces, podInformer, policies)
	engine := networkpolicy.NewPolicyEngine(known, []api.PolicyEvaluator{standard})
	allowed := []bool{}
	for _, one := range asked.Packets {
		source, destination := net.ParseIP(one.Source), net.ParseIP(one.Destination)
		family := v1.IPv6Protocol
		if destination.To4() != nil {
			family = v1.IPv4Protocol
		}
		passed, err := engine.EvaluatePacket(context.Background(), &network.Packet{
			Family: family, SrcIP: source, DstIP: destination, Proto: v1.Protocol(one.Protocol), SrcPort: 40000, DstPort: one.Port,
		})
		if err != nil {
			return nil, err
		}
		allowed = append(allowed, passed)
	}
	return allowed, nil
}

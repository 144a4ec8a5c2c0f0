package main

import (
	"fmt"
	"slices"
	"strings"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// zones is the part of the compute provider's description that the provider reads: this region has zones 1, 2 and 3.
func zones() object {
	id := "/subscriptions/" + subscription + "/providers/Microsoft.Compute"
	return object{"id": id, "namespace": "Microsoft.Compute", "resourceTypes": []object{{
		"resourceType": "virtualMachines", "locations": []string{"West US"},
		"zoneMappings": []object{{"location": "West US", "zones": []string{"1", "2", "3"}}},
	}}}
}

// machine is one node of a case.
type machine struct {
	Name       string            `json:"name"`
	Addresses  []string          `json:"addresses"`
	Labels     map[string]string `json:"labels"`
	Taints     []string          `json:"taints"`
	NotReady   bool              `json:"notReady"`
	Deleting   bool              `json:"deleting"`
	NoProvider bool              `json:"noProviderID"`
	NoInstance bool              `json:"noInstance"`      // a node that Azure knows no virtual machine of
	Set        string            `json:"availabilitySet"` // the availability set of a node that is in no scale set
}

// node is the machine as Kubernetes shows it: ready, an instance of its scale set, unless the case says otherwise.
func (c machine) node() *v1.Node {
	set, instance := c.place()
	node := &v1.Node{ObjectMeta: metav1.ObjectMeta{Name: c.Name, Labels: c.Labels}}
	switch {
	case c.NoProvider:
	case c.Set != "":
		node.Spec.ProviderID = "azure://" + groups + resourceGroup + compute + "virtualMachines/" + c.Name
	default:
		node.Spec.ProviderID = "azure://" + groups + resourceGroup + compute + "virtualMachineScaleSets/" + set + "/virtualMachines/" + instance
	}
	for _, key := range c.Taints {
		node.Spec.Taints = append(node.Spec.Taints, v1.Taint{Key: key, Effect: v1.TaintEffectNoSchedule})
	}
	if c.Deleting {
		now := metav1.Now()
		node.DeletionTimestamp, node.Finalizers = &now, []string{"recorder/held"}
	}
	ready := v1.ConditionTrue
	if c.NotReady {
		ready = v1.ConditionFalse
	}
	node.Status.Conditions = []v1.NodeCondition{{Type: v1.NodeReady, Status: ready}}
	for _, address := range c.Addresses {
		node.Status.Addresses = append(node.Status.Addresses, v1.NodeAddress{Type: v1.NodeInternalIP, Address: address})
	}
	return node
}

// place is the scale set and the instance of a node: of a name such as aks-pool1-vmss00000a, the last six characters are
// the instance, in base 36.
func (c machine) place() (set, instance string) {
	set, instance = scaleSet, c.Name
	if len(c.Name) > 6 {
		set, instance = c.Name[:len(c.Name)-6], c.Name[len(c.Name)-6:]
	}
	if instance = strings.TrimLeft(instance, "0"); instance == "" {
		instance = "0"
	}
	return set, instance
}

// setMachines makes the instances of the scale sets those of the nodes.
func (m *resourceManager) setMachines(nodes []machine) {
	m.lock.Lock()
	defer m.lock.Unlock()
	for id, stored := range m.resources {
		gone := !slices.ContainsFunc(nodes, func(node machine) bool {
			return text(stored.body, "properties", "osProfile", "computerName") == node.Name
		})
		if strings.HasSuffix(stored.kind, "/virtualMachines") && gone {
			delete(m.resources, strings.ToLower(groups+resourceGroup+network+"networkInterfaces/"+stored.name+"-nic"))
			delete(m.resources, id)
		}
	}
	for _, node := range nodes {
		switch {
		case node.NoInstance:
		case node.Set != "":
			m.putSingleMachine(node)
		default:
			m.putMachine(node)
		}
	}
}

// putSingleMachine makes a node that is in no scale set: its virtual machine, with a network interface, and its availability set.
func (m *resourceManager) putSingleMachine(node machine) {
	id := groups + resourceGroup + compute + "virtualMachines/" + node.Name
	if m.resources[strings.ToLower(id)] != nil {
		return
	}
	set := groups + resourceGroup + compute + "availabilitySets/" + node.Set
	m.put(set, object{"location": location, "properties": object{"virtualMachines": []any{}}})
	card := groups + resourceGroup + network + "networkInterfaces/" + node.Name + "-nic"
	m.put(id, object{"location": location, "properties": object{
		"osProfile":       object{"computerName": node.Name},
		"availabilitySet": object{"id": set},
		"networkProfile":  object{"networkInterfaces": []any{object{"id": card, "properties": object{"primary": true}}}},
	}})
	configurations := []any{}
	for number, address := range node.Addresses {
		version := "IPv4"
		if strings.Contains(address, ":") {
			version = "IPv6"
		}
		configurations = append(configurations, object{"name": strings.ToLower(version), "properties": object{
			"primary": number == 0, "privateIPAddressVersion": version, "privateIPAddress": address,
		}})
	}
	m.put(card, object{"location": location, "properties": object{
		"primary": true, "virtualMachine": object{"id": id}, "ipConfigurations": configurations,
	}})
	m.resources[strings.ToLower(id)].addresses = node.Addresses
}

// putMachine makes the scale set and the instance of a node.
func (m *resourceManager) putMachine(node machine) {
	set, instance := node.place()
	id := groups + resourceGroup + compute + "virtualMachineScaleSets/" + set
	if m.resources[strings.ToLower(id)] == nil {
		m.put(id, object{"location": location, "sku": object{"name": "Standard_D2s_v5", "capacity": 3}, "properties": object{
			"orchestrationMode":     "Uniform",
			"virtualMachineProfile": object{"networkProfile": networkProfile(), "osProfile": object{"computerNamePrefix": set}},
		}})
	}
	id += "/virtualMachines/" + instance
	if m.resources[strings.ToLower(id)] != nil {
		return
	}
	m.put(id, object{"location": location, "instanceId": instance, "properties": object{
		"osProfile":                   object{"computerName": node.Name},
		"networkProfileConfiguration": networkProfile(),
		"networkProfile": object{"networkInterfaces": []any{
			object{"id": id + "/networkInterfaces/nic", "properties": object{"primary": true}},
		}},
		"instanceView": object{"statuses": []any{object{"code": "PowerState/running"}}},
	}})
	stored := m.resources[strings.ToLower(id)]
	stored.name, stored.addresses = fmt.Sprintf("%s_%s", set, instance), node.Addresses
}

// networkInterface is the network interface of an instance, with its addresses.
func (m *resourceManager) networkInterface(id, instance string) any {
	stored := m.resources[strings.ToLower(instance)]
	if stored == nil {
		return nil
	}
	configurations := []any{}
	for number, address := range stored.addresses {
		version := "IPv4"
		if strings.Contains(address, ":") {
			version = "IPv6"
		}
		configurations = append(configurations, object{"name": strings.ToLower(version), "properties": object{
			"primary": number == 0, "privateIPAddressVersion": version, "privateIPAddress": address,
		}})
	}
	return object{"id": id, "name": "nic", "properties": object{"primary": true, "ipConfigurations": configurations}}
}

// networkProfile is a network interface with an IPv4 and an IPv6 configuration.
func networkProfile() object {
	configuration := func(name, version string, primary bool) object {
		return object{"name": name, "properties": object{
			"primary": primary, "privateIPAddressVersion": version, "loadBalancerBackendAddressPools": []any{},
			"subnet": object{"id": groups + resourceGroup + network + "virtualNetworks/vnet/subnets/subnet"},
		}}
	}
	return object{"networkInterfaceConfigurations": []any{object{"name": "nic", "properties": object{
		"primary":          true,
		"ipConfigurations": []any{configuration("ipv4", "IPv4", true), configuration("ipv6", "IPv6", false)},
	}}}}
}

// poolMembers are the IP configurations of a backend pool: those of all instances, of the pool's IP family.
//
// They are members as soon as the pool is there, as in a cluster that has run for a while. Releases up to 1.26 read the load
// balancer before they add the nodes of a new pool to it, and write a security rule without destinations the first time.
func (m *resourceManager) poolMembers(pool string) []any {
	family := "ipv4"
	if strings.HasSuffix(strings.ToLower(pool), "-ipv6") {
		family = "ipv6"
	}
	members := []any{}
	for _, card := range m.sorted() {
		for _, configuration := range items(card.body, "properties", "ipConfigurations") {
			if isIn(configuration, pool) {
				members = append(members, object{"id": card.id + "/ipConfigurations/" + text(configuration, "name")})
			}
		}
	}
	for _, stored := range m.sorted() {
		if strings.HasSuffix(stored.kind, "/virtualMachines") && stored.kind != "Microsoft.Compute/virtualMachines" && (!m.joining || m.hasCardIn(stored, pool)) {
			members = append(members, object{"id": stored.id + "/networkInterfaces/nic/ipConfigurations/" + family})
		}
	}
	return members
}

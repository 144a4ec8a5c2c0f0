package main

import (
	"slices"
	"strings"
)

// outcome is what the provider built, in ARM's own names and values: what it did not send is absent.
func (m *resourceManager) outcome() object {
	m.lock.Lock()
	defer m.lock.Unlock()
	loadBalancers, publicIPs, rules, assigned := []object{}, []object{}, []object{}, object{}
	for _, stored := range m.sorted() {
		switch strings.ToLower(stored.kind) {
		case "microsoft.network/loadbalancers":
			loadBalancers = append(loadBalancers, loadBalancerOutcome(stored))
			for _, frontend := range items(stored.body, "properties", "frontendIPConfigurations") {
				if address := stored.frontends[strings.ToLower(text(frontend, "name"))]; address != "" {
					assigned[text(frontend, "name")] = address
				}
			}
		case "microsoft.network/publicipaddresses":
			publicIPs = append(publicIPs, publicIPOutcome(stored))
			assigned[stored.name] = stored.address
		case "microsoft.network/networksecuritygroups":
			for _, rule := range items(stored.body, "properties", "securityRules") {
				rules = append(rules, named(rule, "access", "destinationAddressPrefix", "destinationAddressPrefixes",
					"destinationPortRange", "destinationPortRanges", "direction", "priority", "protocol", "sourceAddressPrefix",
					"sourceAddressPrefixes", "sourcePortRange", "sourcePortRanges"))
			}
		}
	}
	return object{
		"loadBalancers": byName(loadBalancers), "publicIPs": byName(publicIPs), "securityRules": byName(rules), "assigned": assigned,
	}
}

func loadBalancerOutcome(stored *resource) object {
	sku := text(stored.body, "sku", "name")
	if sku == "" {
		sku = "Basic"
	}
	pools, frontends, rules, probes := []string{}, []object{}, []object{}, []object{}
	properties := at(stored.body, "properties")
	for _, pool := range items(properties, "backendAddressPools") {
		pools = append(pools, text(pool, "name"))
	}
	slices.Sort(pools)
	for _, frontend := range items(properties, "frontendIPConfigurations") {
		shown := named(frontend, "privateIPAddress", "privateIPAddressVersion", "privateIPAllocationMethod")
		pick(shown, frontend, "zones")
		refer(shown, frontend, map[string]string{"subnet": "subnet", "publicIPAddress": "publicIPAddress"})
		frontends = append(frontends, shown)
	}
	for _, rule := range items(properties, "loadBalancingRules") {
		shown := named(rule, "backendPort", "disableOutboundSnat", "enableFloatingIP", "frontendPort", "idleTimeoutInMinutes",
			"loadDistribution", "protocol")
		// The SDKs of the two generations write it differently.
		for _, key := range []string{"enableTcpReset", "enableTCPReset"} {
			if reset := at(rule, "properties", key); reset != nil {
				shown["enableTCPReset"] = reset
			}
		}
		refer(shown, rule, map[string]string{
			"backendPool": "backendAddressPool", "frontend": "frontendIPConfiguration", "probe": "probe",
		})
		rules = append(rules, shown)
	}
	for _, probe := range items(properties, "probes") {
		probes = append(probes, named(probe, "intervalInSeconds", "numberOfProbes", "port", "probeThreshold", "protocol", "requestPath"))
	}
	return object{
		"name": stored.name, "sku": sku, "backendPools": pools, "frontendIPConfigurations": byName(frontends),
		"loadBalancingRules": byName(rules), "probes": byName(probes),
	}
}

func publicIPOutcome(stored *resource) object {
	properties := at(stored.body, "properties")
	shown := object{"name": stored.name, "ipAddress": stored.address}
	for key, value := range map[string]any{
		"allocation": at(properties, "publicIPAllocationMethod"),
		"dnsLabel":   at(properties, "dnsSettings", "domainNameLabel"),
		"ipTags":     at(properties, "ipTags"),
		"ipVersion":  at(properties, "publicIPAddressVersion"),
		"sku":        at(stored.body, "sku", "name"),
	} {
		if value != nil {
			shown[key] = value
		}
	}
	pick(shown, stored.body, "tags", "zones")
	return shown
}

// named is an item with its name and the given properties.
func named(item object, keys ...string) object {
	shown := object{"name": item["name"]}
	properties, _ := item["properties"].(object)
	pick(shown, properties, keys...)
	return shown
}

func pick(shown, from object, keys ...string) {
	for _, key := range keys {
		if value := from[key]; value != nil {
			shown[key] = value
		}
	}
}

// refer adds the names, the last parts of the IDs, of what an item refers to.
func refer(shown, item object, fields map[string]string) {
	for key, field := range fields {
		if id := text(item, "properties", field, "id"); id != "" {
			shown[key] = lastPart(id)
		}
	}
}

func lastPart(id string) string { return id[strings.LastIndex(id, "/")+1:] }

// byName sorts by name; ARM keeps no order that matters.
func byName(list []object) []object {
	slices.SortStableFunc(list, func(a, b object) int { return strings.Compare(text(a, "name"), text(b, "name")) })
	return list
}

package main

import (
	"encoding/json"
	"fmt"
	"strings"
)

// parts are the lists inside a resource whose items Azure gives IDs.
var parts = []string{
	"backendAddressPools", "frontendIPConfigurations", "inboundNatRules", "ipConfigurations", "loadBalancingRules",
	"outboundRules", "probes", "securityRules",
}

// render is the resource as Azure shows it: what was PUT, and IDs, addresses, states and references back.
func (m *resourceManager) render(stored *resource) object {
	shown := clone(stored.body)
	shown["id"], shown["name"], shown["type"] = stored.id, stored.name, stored.kind
	shown["etag"] = fmt.Sprintf(`W/"%d"`, m.changes)
	properties := part(shown, "properties")
	properties["provisioningState"] = "Succeeded"
	for _, list := range parts {
		for _, item := range items(properties, list) {
			item["id"] = stored.id + "/" + list + "/" + text(item, "name")
			part(item, "properties")["provisioningState"] = "Succeeded"
		}
	}
	switch strings.ToLower(stored.kind) {
	case "microsoft.network/publicipaddresses":
		properties["ipAddress"] = stored.address
		delete(properties, "ipConfiguration")
		if user := m.frontendWith(stored.id); user != "" {
			properties["ipConfiguration"] = object{"id": user}
		}
	case "microsoft.network/loadbalancers":
		m.renderLoadBalancer(stored, properties)
	}
	return shown
}

func (m *resourceManager) renderLoadBalancer(stored *resource, properties object) {
	// Azure shows an empty list where nothing is; releases that prefer a load balancer by its rules count on that.
	for _, list := range []string{"loadBalancingRules", "probes"} {
		if properties[list] == nil {
			properties[list] = []any{}
		}
	}
	for _, frontend := range items(properties, "frontendIPConfigurations") {
		if address := stored.frontends[strings.ToLower(text(frontend, "name"))]; address != "" {
			part(frontend, "properties")["privateIPAddress"] = address
		}
		setReferences(frontend, properties, "frontendIPConfiguration")
	}
	for _, probe := range items(properties, "probes") {
		setReferences(probe, properties, "probe")
	}
	for _, pool := range items(properties, "backendAddressPools") {
		setReferences(pool, properties, "backendAddressPool")
		delete(part(pool, "properties"), "backendIPConfigurations")
		if at(pool, "properties", "loadBalancerBackendAddresses") == nil {
			part(pool, "properties")["backendIPConfigurations"] = m.poolMembers(text(pool, "id"))
		}
	}
}

// setReferences lists in a part of a load balancer the rules that use it.
func setReferences(used, loadBalancer object, field string) {
	users := []any{}
	for _, rule := range items(loadBalancer, "loadBalancingRules") {
		if strings.EqualFold(text(rule, "properties", field, "id"), text(used, "id")) {
			users = append(users, object{"id": rule["id"]})
		}
	}
	delete(part(used, "properties"), "loadBalancingRules")
	if len(users) > 0 {
		part(used, "properties")["loadBalancingRules"] = users
	}
}

// frontendWith is the ID of the frontend that uses a public IP.
func (m *resourceManager) frontendWith(publicIP string) string {
	for _, other := range m.sorted() {
		for _, frontend := range items(other.body, "properties", "frontendIPConfigurations") {
			if strings.EqualFold(text(frontend, "properties", "publicIPAddress", "id"), publicIP) {
				return other.id + "/frontendIPConfigurations/" + text(frontend, "name")
			}
		}
	}
	return ""
}

// at is the value under keys, nil where there is none.
func at(value any, keys ...string) any {
	for _, key := range keys {
		fields, _ := value.(object)
		value = fields[key]
	}
	return value
}

func text(value any, keys ...string) string {
	found, _ := at(value, keys...).(string)
	return found
}

// items are the objects of the list under keys; to change them changes the list.
func items(value any, keys ...string) []object {
	list, _ := at(value, keys...).([]any)
	found := []object{}
	for _, item := range list {
		if fields, ok := item.(object); ok {
			found = append(found, fields)
		}
	}
	return found
}

// part is the object under a key, made where there is none.
func part(value object, key string) object {
	found, ok := value[key].(object)
	if !ok {
		found = object{}
		value[key] = found
	}
	return found
}

func clone(value object) object {
	written, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	copied := object{}
	if err := json.Unmarshal(written, &copied); err != nil {
		panic(err)
	}
	return copied
}

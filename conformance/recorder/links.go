package main

// privateLinkServices are what stands of the private link services, in ARM's own names.
func (m *resourceManager) privateLinkServices() []object {
	m.lock.Lock()
	defer m.lock.Unlock()
	found := []object{}
	for _, stored := range m.sorted() {
		if stored.kind != "Microsoft.Network/privateLinkServices" && stored.kind != "Microsoft.Network/privatelinkservices" {
			continue
		}
		properties := at(stored.body, "properties")
		shown := object{"name": stored.name, "resourceGroup": stored.group}
		fields, _ := properties.(object)
		pick(shown, fields, "enableProxyProtocol", "fqdns")
		for _, list := range []string{"visibility", "autoApproval"} {
			if named := at(properties, list, "subscriptions"); named != nil {
				shown[list] = named
			}
		}
		addresses, frontends := []object{}, []string{}
		for _, configuration := range items(properties, "ipConfigurations") {
			address := named(configuration, "primary", "privateIPAddress", "privateIPAddressVersion", "privateIPAllocationMethod")
			refer(address, configuration, map[string]string{"subnet": "subnet"})
			addresses = append(addresses, address)
		}
		for _, frontend := range items(properties, "loadBalancerFrontendIpConfigurations") {
			frontends = append(frontends, lastPart(text(frontend, "id")))
		}
		shown["ipConfigurations"], shown["frontends"] = byName(addresses), frontends
		pick(shown, stored.body, "tags")
		found = append(found, shown)
	}
	return byName(found)
}

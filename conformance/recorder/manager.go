package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

type object = map[string]any

const securityGroup = "nsg"

// resourceManager is an Azure Resource Manager in memory: it stores what is PUT and serves it on GET, with what Azure adds
// to it, addresses, IDs, references back. It refuses nothing: a value that only Azure rejects is accepted here.
type resourceManager struct {
	lock      sync.Mutex
	resources map[string]*resource // by lower-case ID
	changes   int
	asked     int            // how many requests came so far
	joining   bool           // whether only those instances are in a pool that the provider has put there
	given     map[string]int // how many addresses of each kind have been given away
	unknown   []string       // requests that are not served
}

// resource is one ARM resource, as it was PUT last.
type resource struct {
	id, name, group string
	kind            string            // "Microsoft.Network/loadBalancers"
	body            object            // the last PUT
	address         string            // of a public IP
	frontends       map[string]string // private addresses of a load balancer, by lower-case frontend name
	addresses       []string          // of an instance
}

func newResourceManager() *resourceManager {
	m := &resourceManager{resources: map[string]*resource{}, given: map[string]int{}}
	m.put(groups+resourceGroup+network+"networkSecurityGroups/"+securityGroup,
		object{"location": location, "properties": object{"securityRules": []any{}}})
	return m
}

func (m *resourceManager) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.lock.Lock()
	defer m.lock.Unlock()
	m.asked++
	path := strings.TrimSuffix(strings.ReplaceAll(r.URL.Path, "//", "/"), "/")
	if serveGateway(w, r.Method, path) {
		return
	}
	text, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	switch r.Method {
	case http.MethodGet:
		if body := m.get(path); body != nil {
			reply(w, http.StatusOK, body)
			return
		}
		notFound(w, path)
	case http.MethodPut, http.MethodPatch:
		body := object{}
		if err := json.Unmarshal(text, &body); err != nil {
			panic(err)
		}
		reply(w, http.StatusOK, m.put(path, body))
	case http.MethodDelete:
		delete(m.resources, strings.ToLower(path))
		m.changes++
		reply(w, http.StatusOK, object{})
	default:
		m.unknown = append(m.unknown, r.Method+" "+path)
		notFound(w, path)
	}
}

func (m *resourceManager) requests() int {
	m.lock.Lock()
	defer m.lock.Unlock()
	return m.asked
}

func notFound(w http.ResponseWriter, path string) {
	message := fmt.Sprintf("The Resource '%s' was not found.", path)
	reply(w, http.StatusNotFound, object{"error": object{"code": "ResourceNotFound", "message": message}})
}

// get is what stands at path: a resource, a list of resources, or nil.
func (m *resourceManager) get(path string) any {
	if stored := m.resources[strings.ToLower(path)]; stored != nil {
		return m.render(stored)
	}
	segments := strings.Split(strings.Trim(path, "/"), "/")
	switch {
	case len(segments) == 3 && strings.EqualFold(segments[2], "providers"):
		return object{"value": []any{zones()}}
	case len(segments) == 4 && strings.EqualFold(segments[3], "Microsoft.Compute"):
		return zones()
	case len(segments) == 7:
		return m.list(segments[3], segments[5]+"/"+segments[6])
	case len(segments) == 9 && strings.EqualFold(segments[6], "virtualMachineScaleSets"):
		return m.list(segments[3], "Microsoft.Compute/virtualMachineScaleSets/"+segments[7]+"/virtualMachines")
	case len(segments) == 12 && strings.EqualFold(segments[10], "networkInterfaces"):
		return m.networkInterface(path, "/"+strings.Join(segments[:10], "/"))
	case len(segments) == 10 && strings.EqualFold(segments[8], "subnets"):
		return subnet(path, segments[9])
	case len(segments) == 10 && strings.EqualFold(segments[8], "backendAddressPools"):
		return m.backendPool("/"+strings.Join(segments[:8], "/"), segments[9])
	}
	return nil
}

// subnet exists under every name that is asked for.
func subnet(id, name string) object {
	return object{"id": id, "name": name, "properties": object{
		"addressPrefix": "10.224.0.0/16", "provisioningState": "Succeeded", "privateLinkServiceNetworkPolicies": "Disabled",
	}}
}

func (m *resourceManager) list(group, kind string) object {
	found := []any{}
	for _, stored := range m.sorted() {
		if strings.EqualFold(stored.kind, kind) && strings.EqualFold(stored.group, group) {
			found = append(found, m.render(stored))
		}
	}
	return object{"value": found}
}

func (m *resourceManager) sorted() []*resource {
	all := []*resource{}
	for _, stored := range m.resources {
		all = append(all, stored)
	}
	slices.SortFunc(all, func(a, b *resource) int { return strings.Compare(strings.ToLower(a.id), strings.ToLower(b.id)) })
	return all
}

// put stores body at path and returns the resource as Azure shows it.
func (m *resourceManager) put(path string, body object) any {
	m.changes++
	segments := strings.Split(strings.Trim(path, "/"), "/")
	if len(segments) == 10 && strings.EqualFold(segments[8], "backendAddressPools") {
		return m.putBackendPool("/"+strings.Join(segments[:8], "/"), segments[9], body)
	}
	key := strings.ToLower(path)
	stored := m.resources[key]
	if stored == nil {
		stored = &resource{id: path, name: segments[len(segments)-1], group: segments[3], kind: segments[5] + "/" + segments[6]}
		if len(segments) > 8 {
			stored.kind += "/" + segments[7] + "/" + segments[8]
		}
		m.resources[key] = stored
	}
	if strings.HasPrefix(stored.kind, "Microsoft.Compute/") || strings.EqualFold(stored.kind, "Microsoft.Network/networkInterfaces") {
		// Compute keeps what a PUT does not name; the provider PUTs an instance with its network profile only. Whose a network
		// interface is cannot be PUT.
		body = merged(stored.body, body)
	}
	stored.body = body
	m.giveAddresses(stored)
	return m.render(stored)
}

func merged(before, after object) object {
	all := object{}
	maps.Copy(all, before)
	maps.Copy(all, after)
	properties := object{}
	for _, body := range []object{before, after} {
		if set, ok := body["properties"].(object); ok {
			maps.Copy(properties, set)
		}
	}
	all["properties"] = properties
	return all
}

// backendPool is one pool of a load balancer.
func (m *resourceManager) backendPool(loadBalancer, name string) any {
	stored := m.resources[strings.ToLower(loadBalancer)]
	if stored == nil {
		return nil
	}
	for _, pool := range items(m.render(stored), "properties", "backendAddressPools") {
		if strings.EqualFold(text(pool, "name"), name) {
			return pool
		}
	}
	return nil
}

// putBackendPool replaces one pool of a load balancer: IP-based pools are written by themselves.
func (m *resourceManager) putBackendPool(loadBalancer, name string, body object) any {
	stored := m.resources[strings.ToLower(loadBalancer)]
	if stored == nil {
		return body
	}
	body["name"] = name
	properties := stored.body["properties"].(object)
	pools, _ := properties["backendAddressPools"].([]any)
	place := slices.IndexFunc(pools, func(pool any) bool { return strings.EqualFold(text(pool, "name"), name) })
	if place < 0 {
		properties["backendAddressPools"] = append(pools, body)
	} else {
		pools[place] = body
	}
	return m.backendPool(loadBalancer, name)
}

// giveAddresses assigns the addresses that a resource has not got yet: 20.0.0.1, … to public IPs, 10.224.0.100, … to
// internal frontends.
func (m *resourceManager) giveAddresses(stored *resource) {
	switch {
	case strings.EqualFold(stored.kind, "Microsoft.Network/publicIPAddresses"):
		if stored.address == "" {
			version := text(stored.body, "properties", "publicIPAddressVersion")
			stored.address = m.address(version, "20.0.0.%d", "2603:1030::%d", 1)
		}
	case strings.EqualFold(stored.kind, "Microsoft.Network/loadBalancers"):
		before := stored.frontends
		stored.frontends = map[string]string{}
		for _, frontend := range items(stored.body, "properties", "frontendIPConfigurations") {
			properties := frontend["properties"]
			if at(properties, "subnet") == nil {
				continue
			}
			name := strings.ToLower(text(frontend, "name"))
			stored.frontends[name] = text(properties, "privateIPAddress")
			if stored.frontends[name] == "" {
				stored.frontends[name] = before[name]
			}
			if stored.frontends[name] == "" {
				version := text(properties, "privateIPAddressVersion")
				stored.frontends[name] = m.address(version, "10.224.0.%d", "fd00:10:224::%d", 100)
			}
		}
	}
}

// address is the next one of a kind.
func (m *resourceManager) address(version, v4, v6 string, first int) string {
	kind := v4
	if strings.EqualFold(version, "IPv6") {
		kind = v6
	}
	m.given[kind]++
	return fmt.Sprintf(kind, first+m.given[kind]-1)
}

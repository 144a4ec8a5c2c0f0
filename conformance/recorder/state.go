package main

import (
	"slices"
	"strings"

	v1 "k8s.io/api/core/v1"
)

// saved is all that one release leaves to another: what stands in Azure, and the Services with their status.
type saved struct {
	Resources []savedResource `json:"resources"`
	Given     map[string]int  `json:"given"`
	Services  []*v1.Service   `json:"services"`
}

type savedResource struct {
	ID        string            `json:"id"`
	Name      string            `json:"name"`
	Group     string            `json:"group"`
	Kind      string            `json:"kind"`
	Body      object            `json:"body"`
	Address   string            `json:"address"`
	Frontends map[string]string `json:"frontends"`
	Addresses []string          `json:"addresses"`
}

func (m *resourceManager) save(services []*v1.Service) saved {
	m.lock.Lock()
	defer m.lock.Unlock()
	state := saved{Given: m.given, Services: services}
	for _, one := range m.sorted() {
		state.Resources = append(state.Resources, savedResource{
			one.id, one.name, one.group, one.kind, one.body, one.address, one.frontends, one.addresses,
		})
	}
	return state
}

func (m *resourceManager) load(state *saved) {
	m.resources, m.given = map[string]*resource{}, state.Given
	for _, one := range state.Resources {
		m.resources[strings.ToLower(one.ID)] = &resource{
			id: one.ID, name: one.Name, group: one.Group, kind: one.Kind, body: one.Body,
			address: one.Address, frontends: one.Frontends, addresses: one.Addresses,
		}
	}
}

// edit is what a person does in the portal. At leads from the resource to a field, items of lists by their name, or as #0, #1, …
// in the order of the names; without a value the field, the item or the resource is deleted. What is not there is not edited.
type edit struct {
	Resource string   `json:"resource"` // "loadBalancers/kubernetes"
	At       []string `json:"at"`
	Value    any      `json:"value"`
}

func (m *resourceManager) edit(e edit) {
	m.lock.Lock()
	defer m.lock.Unlock()
	id := groups + resourceGroup + network + e.Resource
	stored := m.resources[strings.ToLower(id)]
	if stored == nil {
		return
	}
	if len(e.At) == 0 {
		delete(m.resources, strings.ToLower(id))
		return
	}
	body := clone(m.render(stored))
	edited, changed := editedAt(body, e.At, e.Value)
	if changed {
		m.put(stored.id, edited.(object))
	}
}

// editedAt is the value with the edit made in it, and whether there was a place for it.
func editedAt(value any, at []string, set any) (any, bool) {
	if len(at) == 0 {
		return set, true
	}
	switch container := value.(type) {
	case object:
		inner, changed := editedAt(container[at[0]], at[1:], set)
		if !changed {
			return value, false
		}
		if inner == nil {
			delete(container, at[0])
		} else {
			container[at[0]] = inner
		}
		return container, true
	case []any:
		place := placeOf(container, at[0])
		if place < 0 {
			if len(at) > 1 || set == nil || strings.HasPrefix(at[0], "#") {
				return value, false
			}
			return append(container, set), true
		}
		inner, changed := editedAt(container[place], at[1:], set)
		if !changed {
			return value, false
		}
		if inner == nil {
			return slices.Delete(container, place, place+1), true
		}
		container[place] = inner
		return container, true
	}
	return value, false
}

func placeOf(list []any, step string) int {
	names := []string{}
	for _, item := range list {
		names = append(names, text(item, "name"))
	}
	if number, ordinal := strings.CutPrefix(step, "#"); ordinal {
		sorted := slices.Sorted(slices.Values(names))
		index := int(number[0] - '0')
		if index >= len(sorted) {
			return -1
		}
		step = sorted[index]
	}
	return slices.Index(names, step)
}

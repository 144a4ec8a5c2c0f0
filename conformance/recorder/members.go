package main

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"time"
	"unsafe"

	v1 "k8s.io/api/core/v1"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	cloudprovider "k8s.io/cloud-provider"
	servicecontroller "k8s.io/cloud-provider/controllers/service"
	"k8s.io/component-base/metrics"
	_ "k8s.io/controller-manager/pkg/features/register" // which the service controller asks for its features
)

// handedOver are the nodes that Kubernetes' own service controller, of the release that the provider is built with, gives
// the provider for a Service: it runs against an API server of its own that has this Service and these nodes.
func handedOver(cloud cloudprovider.Interface, service *v1.Service, nodes []*v1.Node) ([]*v1.Node, error) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	client := fake.NewSimpleClientset(service.DeepCopy())
	for _, node := range nodes {
		if err := client.Tracker().Add(node.DeepCopy()); err != nil {
			return nil, err
		}
	}
	shared := informers.NewSharedInformerFactory(client, 0)
	given := &taker{Interface: cloud, nodes: make(chan []*v1.Node, 1)}
	core := shared.Core().V1()
	controller, err := servicecontroller.New(given, client, core.Services(), core.Nodes(), clusterName, utilfeature.DefaultFeatureGate)
	if err != nil {
		return nil, err
	}
	shared.Start(ctx.Done())
	run := reflect.ValueOf(controller.Run)
	arguments := []reflect.Value{reflect.ValueOf(ctx), reflect.ValueOf(1)}
	if run.Type().NumIn() > len(arguments) {
		arguments = append(arguments, silentMetrics(run.Type().In(len(arguments))))
	}
	go run.Call(arguments)
	select {
	case taken := <-given.nodes:
		return taken, nil
	case <-time.After(10 * time.Second):
		return nil, errors.New("the service controller does not reconcile the Service")
	}
}

// silentMetrics is what newer service controllers count themselves in, of a type that older modules do not have.
func silentMetrics(kind reflect.Type) reflect.Value {
	made := reflect.New(kind.Elem())
	count := reflect.ValueOf(metrics.NewGaugeVec(&metrics.GaugeOpts{Name: "recorder"}, []string{"name", "manager"}))
	for index := range made.Elem().NumField() {
		if field := made.Elem().Field(index); field.Type() == count.Type() {
			reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem().Set(count)
		}
	}
	return made
}

// taker is the provider, but for its load balancers: of those it only takes the nodes.
type taker struct {
	cloudprovider.Interface
	nodes chan []*v1.Node
}

func (t *taker) LoadBalancer() (cloudprovider.LoadBalancer, bool) { return takingBalancer{t}, true }

type takingBalancer struct{ *taker }

func (t takingBalancer) GetLoadBalancer(context.Context, string, *v1.Service) (*v1.LoadBalancerStatus, bool, error) {
	return &v1.LoadBalancerStatus{}, false, nil
}

func (t takingBalancer) GetLoadBalancerName(context.Context, string, *v1.Service) string { return "" }

func (t takingBalancer) EnsureLoadBalancer(_ context.Context, _ string, _ *v1.Service, nodes []*v1.Node) (*v1.LoadBalancerStatus, error) {
	select {
	case t.nodes <- nodes:
	default:
	}
	return &v1.LoadBalancerStatus{}, nil
}

func (t takingBalancer) UpdateLoadBalancer(context.Context, string, *v1.Service, []*v1.Node) error {
	return nil
}

func (t takingBalancer) EnsureLoadBalancerDeleted(context.Context, string, *v1.Service) error {
	return nil
}

// members are the names of the nodes in each pool of each load balancer: those whose network card is in it, or whose address
// it lists.
func (m *resourceManager) members() object {
	m.lock.Lock()
	defer m.lock.Unlock()
	found := object{}
	for _, stored := range m.sorted() {
		for _, pool := range items(stored.body, "properties", "backendAddressPools") {
			names := []string{}
			for _, listed := range items(pool, "properties", "loadBalancerBackendAddresses") {
				names = append(names, m.nodeAt(text(listed, "properties", "ipAddress")))
			}
			for _, machine := range m.sorted() {
				if m.hasCardIn(machine, stored.id+"/backendAddressPools/"+text(pool, "name")) {
					names = append(names, text(machine.body, "properties", "osProfile", "computerName"))
				}
			}
			slices.Sort(names)
			found[stored.name+"/"+text(pool, "name")] = names
		}
	}
	return found
}

func (m *resourceManager) nodeAt(address string) string {
	for _, machine := range m.sorted() {
		if slices.Contains(machine.addresses, address) {
			return text(machine.body, "properties", "osProfile", "computerName")
		}
	}
	return address
}

// hasCardIn tells whether an instance was made a member of a pool by a PUT of its network profile.
func (m *resourceManager) hasCardIn(machine *resource, pool string) bool {
	for _, card := range items(machine.body, "properties", "networkProfileConfiguration", "networkInterfaceConfigurations") {
		for _, configuration := range items(card, "properties", "ipConfigurations") {
			if isIn(configuration, pool) {
				return true
			}
		}
	}
	card := m.resources[strings.ToLower(groups+resourceGroup+network+"networkInterfaces/"+machine.name+"-nic")]
	return card != nil && slices.ContainsFunc(items(card.body, "properties", "ipConfigurations"), func(one object) bool {
		return isIn(one, pool)
	})
}

// isIn tells whether an IP configuration lists a pool.
func isIn(configuration object, pool string) bool {
	return slices.ContainsFunc(items(configuration, "properties", "loadBalancerBackendAddressPools"), func(joined object) bool {
		return strings.EqualFold(text(joined, "id"), pool)
	})
}

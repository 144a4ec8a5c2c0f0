package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	cloudprovider "k8s.io/cloud-provider"
	"sigs.k8s.io/cloud-provider-azure/pkg/provider"
)

// testCase is one question: what stands in Azure after these Services were reconciled, one after the other?
type testCase struct {
	ID                string          `json:"id"`
	Config            object          `json:"config"`
	Nodes             []machine       `json:"nodes"`
	ExistingPublicIPs []publicIP      `json:"existingPublicIPs"`
	ExistingServices  []*v1.Service   `json:"existingServices"`
	Service           *v1.Service     `json:"service"`
	Steps             []step          `json:"steps"`
	State             *saved          `json:"state"`   // what another release has left; nil: nothing stands yet
	Keep              bool            `json:"keep"`    // whether the answer holds the state, for another release
	Whole             bool            `json:"whole"`   // whether every step counts, and what stands after a refused one
	Members           bool            `json:"members"` // whether the service controller chooses the nodes, and the answer holds the members of pools
	Links             bool            `json:"links"`   // whether the answer holds the private link services
	Ignored           json.RawMessage `json:"assigned"`
}

// publicIP is a public IP that somebody made before.
type publicIP struct {
	Name          string `json:"name"`
	IPAddress     string `json:"ipAddress"`
	ResourceGroup string `json:"resourceGroup"`
}

// step is one thing that happens: the service controller has one of the three Services reconciled, or a person edits Azure.
type step struct {
	Ensure *v1.Service `json:"ensure"`
	Update *v1.Service `json:"update"`
	Delete *v1.Service `json:"delete"`
	Edit   *edit       `json:"edit"`
	Nodes  []machine   `json:"nodes"` // the nodes from now on, where they change
}

func (c testCase) steps() []step {
	if c.Steps != nil {
		return c.Steps
	}
	steps := []step{}
	for _, service := range append(append([]*v1.Service{}, c.ExistingServices...), c.Service) {
		steps = append(steps, step{Ensure: service})
	}
	return steps
}

// run answers the case. An error of the provider is an answer; an error of the recorder is returned.
func (c testCase) run(azure *endpoint) (answer object, err error) {
	manager := newResourceManager()
	manager.joining = c.Members
	for _, address := range c.ExistingPublicIPs {
		manager.putPublicIP(address)
	}
	services := []*v1.Service{}
	if c.State != nil {
		manager.load(c.State)
		services = c.State.Services
	}
	azure.serve(manager)
	controller := &controller{azure: azure, config: c.Config, manager: manager, chooses: c.Members}
	defer func() { controller.stop() }()
	refused := controller.start(services, c.Nodes)
	if refused != nil {
		return object{"id": c.ID, "error": "the provider does not start: " + refused.Error()}, nil
	}
	failed := []string{}
	for _, step := range c.steps() {
		failed = append(failed, "")
		if step.Edit != nil {
			manager.edit(*step.Edit)
			// The provider keeps what it has read for minutes: who edits by hand is seen by it later.
			if err := controller.restart(); err != nil {
				return nil, err
			}
			continue
		}
		if step.Nodes != nil {
			if err := controller.setNodes(step.Nodes); err != nil {
				return nil, err
			}
		}
		controller.api.eventsSoFar(controller.cloud)
		if refused = controller.do(step); refused != nil {
			failed[len(failed)-1] = refused.Error()
		}
	}
	if len(manager.unknown) > 0 {
		return nil, fmt.Errorf("requests that are not served: %s", strings.Join(manager.unknown, ", "))
	}
	answer = object{"id": c.ID}
	if refused != nil && !c.Whole {
		answer["error"] = refused.Error()
	} else {
		answer = manager.outcome()
		answer["id"], answer["error"], answer["status"] = c.ID, nil, controller.status
		answer["events"] = controller.api.eventsSoFar(controller.cloud)
		if len(c.steps()) == 1 {
			delete(answer, "assigned")
		}
		if c.Members {
			answer["members"] = manager.members()
		}
		if c.Links {
			answer["privateLinkServices"] = manager.privateLinkServices()
		}
	}
	if c.Whole {
		answer["errors"] = failed
	}
	if c.Keep {
		answer["state"] = manager.save(controller.api.services())
	}
	return answer, nil
}

func (m *resourceManager) putPublicIP(existing publicIP) {
	group, version := existing.ResourceGroup, "IPv4"
	if group == "" {
		group = resourceGroup
	}
	if strings.Contains(existing.IPAddress, ":") {
		version = "IPv6"
	}
	id := groups + group + network + "publicIPAddresses/" + existing.Name
	m.resources[strings.ToLower(id)] = &resource{
		id: id, name: existing.Name, group: group, kind: "Microsoft.Network/publicIPAddresses", address: existing.IPAddress,
		body: object{"location": location, "sku": object{"name": "Standard"}, "properties": object{
			"publicIPAllocationMethod": "Static", "publicIPAddressVersion": version, "ipAddress": existing.IPAddress,
		}},
	}
}

// controller is Kubernetes' service controller as far as it matters: it calls the provider and stores the status.
type controller struct {
	azure    *endpoint
	config   object
	manager  *resourceManager
	cloud    *provider.Cloud
	api      *kubernetes
	machines []machine
	nodes    []*v1.Node
	status   []string // the addresses of the Service that was ensured last
	balancer cloudprovider.LoadBalancer
	gateway  bool // whether load balancers are those of a service gateway
	chooses  bool // whether the service controller chooses the nodes
	ctx      context.Context
	stop     context.CancelFunc
}

// start starts a provider that has seen nothing yet, in a cluster with these Services and nodes.
func (c *controller) start(services []*v1.Service, nodes []machine) (err error) {
	c.ctx, c.stop = context.WithCancel(context.Background())
	c.api = newKubernetes()
	// A provider that starts asks the API server for the Services that there are, besides what its informer tells.
	for _, service := range services {
		if _, err := c.api.client.CoreV1().Services(service.Namespace).Create(c.ctx, service, metav1.CreateOptions{}); err != nil {
			return err
		}
	}
	if c.cloud, err = startCloud(c.ctx, c.azure, c.config, c.api); err != nil {
		return err
	}
	if c.gateway, err = startGateway(c.ctx, c.cloud, c.api); err != nil {
		return err
	}
	c.balancer, _ = c.cloud.LoadBalancer()
	for _, service := range services {
		if err := c.api.setService(service); err != nil {
			return err
		}
	}
	return c.setNodes(nodes)
}

func (c *controller) restart() error {
	services := c.api.services()
	c.stop()
	return c.start(services, c.machines)
}

func (c *controller) setNodes(machines []machine) error {
	c.machines = machines
	c.manager.setMachines(machines)
	c.nodes = nil
	for _, machine := range machines {
		c.nodes = append(c.nodes, machine.node())
	}
	return c.api.setNodes(c.cloud, c.nodes)
}

// do takes one step, and what goes on after the provider's call has returned. A panic of the provider is its answer too: the controller manager would crash.
func (c *controller) do(step step) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			fmt.Fprintf(os.Stderr, "recorder: the provider panicked: %v\n%s", cause, debug.Stack())
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	if c.gateway {
		return c.doByGateway(step)
	}
	switch {
	case step.Ensure != nil:
		return c.ensure(c.ctx, c.api.withStatus(step.Ensure))
	case step.Update != nil:
		service := c.api.withStatus(step.Update)
		if err := c.api.setService(service); err != nil {
			return err
		}
		nodes, err := c.nodesFor(service)
		if err != nil {
			return err
		}
		return c.balancer.UpdateLoadBalancer(c.ctx, clusterName, service.DeepCopy(), nodes)
	case step.Delete != nil:
		service := c.api.withStatus(step.Delete)
		now := metav1.Now()
		service.DeletionTimestamp = &now
		if err := c.api.setService(service); err != nil {
			return err
		}
		if err := c.balancer.EnsureLoadBalancerDeleted(c.ctx, clusterName, service.DeepCopy()); err != nil {
			return err
		}
		return c.api.deleteService(service)
	}
	return fmt.Errorf("a step without a Service")
}

// nodesFor are the nodes that the provider is given for a Service: all, unless the service controller chooses.
func (c *controller) nodesFor(service *v1.Service) ([]*v1.Node, error) {
	if !c.chooses {
		return c.nodes, nil
	}
	return handedOver(c.cloud, service, c.nodes)
}

func (c *controller) ensure(ctx context.Context, service *v1.Service) error {
	if err := c.api.setService(service); err != nil {
		return err
	}
	nodes, err := c.nodesFor(service)
	if err != nil {
		return err
	}
	status, err := c.balancer.EnsureLoadBalancer(ctx, clusterName, service.DeepCopy(), nodes)
	if err != nil {
		return err
	}
	c.status = []string{}
	if status == nil {
		return nil
	}
	for _, ingress := range status.Ingress {
		c.status = append(c.status, ingress.IP)
	}
	stored := service.DeepCopy()
	stored.Status.LoadBalancer = *status.DeepCopy()
	return c.api.setService(stored)
}

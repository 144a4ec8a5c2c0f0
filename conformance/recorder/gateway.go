package main

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"

	v1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/cloud-provider-azure/pkg/provider"
)

// startGateway starts the provider's second implementation of load balancers, as its controller manager does, where the
// azure.json asks for it. By reflection: only the newest releases have it.
func startGateway(ctx context.Context, cloud *provider.Cloud, kubernetes *kubernetes) (started bool, err error) {
	method := reflect.ValueOf(cloud).MethodByName("ServiceGatewayRuntime")
	if !method.IsValid() {
		return false, nil
	}
	runtime := method.Call(nil)[0]
	if !runtime.MethodByName("Enabled").Call(nil)[0].Bool() {
		return false, nil
	}
	results := runtime.MethodByName("Start").Call([]reflect.Value{reflect.ValueOf(ctx), reflect.ValueOf(kubernetes.informers)})
	err, _ = results[0].Interface().(error)
	return true, err
}

// quiet is how long nothing must have been asked of Azure and of the API server for the work on a Service to be done: a
// service gateway works on it after the provider's call has returned, and tells nobody when it is ready.
const quietTime = 100 * time.Millisecond

// settle waits until the service gateway is done, and lets the provider's informer see what became of the Service.
func (c *controller) settle(service *v1.Service) error {
	for before := -1; ; time.Sleep(quietTime) {
		now := c.manager.requests() + len(c.api.client.Actions())
		if now == before {
			break
		}
		before = now
	}
	stored, err := c.api.client.CoreV1().Services(service.Namespace).Get(c.ctx, service.Name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	c.status = []string{}
	for _, ingress := range stored.Status.LoadBalancer.Ingress {
		c.status = append(c.status, ingress.IP)
	}
	return c.api.setService(stored)
}

// putService stores the Service in the API server itself, which a service gateway asks besides its informer.
func (k *kubernetes) putService(ctx context.Context, service *v1.Service) error {
	services := k.client.CoreV1().Services(service.Namespace)
	_, err := services.Update(ctx, service, metav1.UpdateOptions{})
	if apierrors.IsNotFound(err) {
		_, err = services.Create(ctx, service, metav1.CreateOptions{})
	}
	return err
}

// serveGateway serves what is asked of a service gateway: what is registered there is taken, and not shown again.
func serveGateway(w http.ResponseWriter, method, path string) bool {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	if len(segments) != 9 || !strings.EqualFold(segments[6], "serviceGateways") {
		return false
	}
	if method == http.MethodGet {
		reply(w, http.StatusOK, object{"value": []any{}})
	} else {
		w.WriteHeader(http.StatusNoContent)
	}
	return true
}

// doByGateway takes one step where a service gateway makes the load balancers.
func (c *controller) doByGateway(step step) error {
	for _, service := range []*v1.Service{step.Ensure, step.Update, step.Delete} {
		if service == nil {
			continue
		}
		service = c.api.withStatus(service)
		if step.Delete != nil {
			now := metav1.Now()
			service.DeletionTimestamp = &now
		}
		if err := c.api.setService(service); err != nil {
			return err
		}
		if err := c.api.putService(c.ctx, service); err != nil {
			return err
		}
		var refused error
		switch {
		case step.Ensure != nil:
			_, refused = c.balancer.EnsureLoadBalancer(c.ctx, clusterName, service.DeepCopy(), c.nodes)
		case step.Update != nil:
			refused = c.balancer.UpdateLoadBalancer(c.ctx, clusterName, service.DeepCopy(), c.nodes)
		default:
			refused = c.balancer.EnsureLoadBalancerDeleted(c.ctx, clusterName, service.DeepCopy())
		}
		if err := c.settle(service); err != nil {
			return err
		}
		if step.Delete != nil && refused == nil {
			return c.forget(service)
		}
		return refused
	}
	return fmt.Errorf("a step without a Service")
}

func (c *controller) forget(service *v1.Service) error {
	err := c.api.client.CoreV1().Services(service.Namespace).Delete(c.ctx, service.Name, metav1.DeleteOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		return err
	}
	return c.api.deleteService(service)
}

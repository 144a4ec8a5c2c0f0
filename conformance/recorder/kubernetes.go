package main

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/informers"
	clientset "k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/fake"
	restclient "k8s.io/client-go/rest"
	clienttesting "k8s.io/client-go/testing"
	"sigs.k8s.io/cloud-provider-azure/pkg/provider"
)

// kubernetes is the API server that the provider sees: client-go's fake with the nodes and Services of a case, and a place
// for events.
type kubernetes struct {
	client    *fake.Clientset
	informers informers.SharedInformerFactory
	nodes     map[string]*v1.Node
	// nodeChanges is the watch of the node informer. The fake's own would lose what happens between list and watch.
	nodeChanges *watch.RaceFreeFakeWatcher
	lock        sync.Mutex
	arrived     *sync.Cond
	events      []event
	byName      map[string]event
	fences      int
}

type event struct {
	Message string `json:"message"`
	Reason  string `json:"reason"`
	Type    string `json:"type"`
}

// fence is the reason of the events that say that all events before them have arrived.
const fence = "RecorderFence"

func newKubernetes() *kubernetes {
	k := &kubernetes{client: fake.NewSimpleClientset(), byName: map[string]event{}, nodeChanges: watch.NewRaceFreeFake()}
	k.arrived = sync.NewCond(&k.lock)
	k.informers = informers.NewSharedInformerFactory(k.client, 0)
	k.client.PrependReactor("*", "events", k.takeEvent)
	k.client.PrependWatchReactor("nodes", clienttesting.DefaultWatchReactor(k.nodeChanges, nil))
	return k
}

// takeEvent keeps what the provider's event recorder sends; a repeated event comes as a patch of its count.
func (k *kubernetes) takeEvent(action clienttesting.Action) (bool, runtime.Object, error) {
	k.lock.Lock()
	defer k.lock.Unlock()
	defer k.arrived.Broadcast()
	switch act := action.(type) {
	case clienttesting.CreateAction:
		sent := act.GetObject().(*v1.Event)
		if sent.Reason == fence {
			k.fences++
			return true, sent, nil
		}
		k.byName[sent.Name] = event{sent.Message, sent.Reason, sent.Type}
		k.events = append(k.events, k.byName[sent.Name])
		return true, sent, nil
	case clienttesting.PatchAction:
		k.events = append(k.events, k.byName[act.GetName()])
		return true, &v1.Event{ObjectMeta: metav1.ObjectMeta{Name: act.GetName(), Namespace: act.GetNamespace()}}, nil
	}
	return true, nil, errors.New("the recorder takes new and repeated events only")
}

// eventsSoFar waits until all events sent so far are here, and takes them.
func (k *kubernetes) eventsSoFar(cloud *provider.Cloud) []event {
	k.lock.Lock()
	awaited := k.fences + 1
	k.lock.Unlock()
	// About another object each time, or the provider's recorder would count it instead of sending it.
	about := &v1.Service{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprint("fence-", awaited), Namespace: "default"}}
	cloud.Event(about, v1.EventTypeNormal, fence, about.Name)
	k.lock.Lock()
	defer k.lock.Unlock()
	for k.fences < awaited {
		k.arrived.Wait()
	}
	taken := append([]event{}, k.events...)
	k.events = nil
	return taken
}

// start lets the provider see the nodes. Services are put into the informer's store directly: the provider only lists them.
func (k *kubernetes) start(ctx context.Context) error {
	nodes := k.informers.Core().V1().Nodes().Informer()
	go nodes.Run(ctx.Done())
	return waitFor("the node informer does not start", nodes.HasSynced)
}

// waitFor asks each millisecond; client-go's own function asks ten times a second, which is most of the time of a case.
func waitFor(failure string, done func() bool) error {
	for deadline := time.Now().Add(10 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			return errors.New(failure)
		}
	}
	return nil
}

// setNodes makes nodes the nodes of the cluster and waits until the provider has seen them.
func (k *kubernetes) setNodes(cloud *provider.Cloud, nodes []*v1.Node) error {
	before := k.nodes
	k.nodes = map[string]*v1.Node{}
	for _, node := range nodes {
		k.nodes[node.Name] = node
		if before[node.Name] == nil {
			k.nodeChanges.Add(node)
		} else {
			k.nodeChanges.Modify(node)
		}
	}
	for name, node := range before {
		if k.nodes[name] == nil {
			k.nodeChanges.Delete(node)
		}
	}
	return waitFor("the provider does not see the nodes", func() bool { return seenNodes(cloud) == len(nodes) })
}

// seenNodes counts the nodes that the provider knows. By reflection: the set that GetNodeNames returns has had three types.
func seenNodes(cloud *provider.Cloud) int {
	names := reflect.ValueOf(cloud).MethodByName("GetNodeNames").Call(nil)[0]
	if names.Kind() == reflect.Map {
		return names.Len()
	}
	return int(names.MethodByName("Len").Call(nil)[0].Int())
}

// setService stores the Service as the API server has it.
func (k *kubernetes) setService(service *v1.Service) error {
	return k.informers.Core().V1().Services().Informer().GetStore().Update(service.DeepCopy())
}

// withStatus is the Service with the status that it has got so far: an edit leaves it alone.
func (k *kubernetes) withStatus(service *v1.Service) *v1.Service {
	service = service.DeepCopy()
	stored, exists, err := k.informers.Core().V1().Services().Informer().GetStore().Get(service)
	if err == nil && exists {
		service.Status = *stored.(*v1.Service).Status.DeepCopy()
	}
	return service
}

// services are all that are stored, in the order of their names.
func (k *kubernetes) services() []*v1.Service {
	found := []*v1.Service{}
	for _, stored := range k.informers.Core().V1().Services().Informer().GetStore().List() {
		found = append(found, stored.(*v1.Service))
	}
	slices.SortFunc(found, func(a, b *v1.Service) int {
		return strings.Compare(a.Namespace+"/"+a.Name, b.Namespace+"/"+b.Name)
	})
	return found
}

func (k *kubernetes) deleteService(service *v1.Service) error {
	return k.informers.Core().V1().Services().Informer().GetStore().Delete(service)
}

// The four methods make it a cloudprovider.ControllerClientBuilder.

func (k *kubernetes) Config(string) (*restclient.Config, error) { return &restclient.Config{}, nil }

func (k *kubernetes) ConfigOrDie(string) *restclient.Config { return &restclient.Config{} }

func (k *kubernetes) Client(string) (clientset.Interface, error) { return k.client, nil }

func (k *kubernetes) ClientOrDie(string) clientset.Interface { return k.client }

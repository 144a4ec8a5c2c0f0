package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	utilfeature "k8s.io/apiserver/pkg/util/feature"
	cloudprovider "k8s.io/cloud-provider"
	"k8s.io/component-base/featuregate"
	"sigs.k8s.io/cloud-provider-azure/pkg/provider"
)

const (
	cloudName     = "AzurePublicCloud"
	clusterName   = "kubernetes"
	location      = "westus"
	subscription  = "00000000-0000-0000-0000-000000000000"
	resourceGroup = "rg"
	scaleSet      = "vmss"
	groups        = "/subscriptions/" + subscription + "/resourceGroups/"
	network       = "/providers/Microsoft.Network/"
	compute       = "/providers/Microsoft.Compute/"
)

// init registers the feature gate that the provider asks for up to 1.24, on, as it was by default from Kubernetes 1.21 on: there
// the controller manager's command registers it, which is not part of a recorder.
func init() {
	gates := map[featuregate.Feature]featuregate.FeatureSpec{"IPv6DualStack": {Default: true, PreRelease: featuregate.Beta}}
	if _, known := utilfeature.DefaultMutableFeatureGate.GetAll()["IPv6DualStack"]; known {
		return
	}
	if err := utilfeature.DefaultMutableFeatureGate.Add(gates); err != nil {
		panic(err)
	}
}

// azureConfig is the azure.json of a case: its own settings over those of an ordinary cluster with a standard load balancer.
func azureConfig(url string, settings object) object {
	config := object{
		"cloud": cloudName, "resourceManagerEndpoint": url, "useManagedIdentityExtension": true,
		"tenantId": "tenant", "subscriptionId": subscription, "resourceGroup": resourceGroup, "location": location,
		"vnetName": "vnet", "vnetResourceGroup": resourceGroup, "subnetName": "subnet", "securityGroupName": securityGroup,
		"routeTableName": "routes", "vmType": "vmss", "primaryScaleSetName": scaleSet,
		"loadBalancerSku": "standard", "maximumLoadBalancerRuleCount": 250, "disableOutboundSNAT": false,
	}
	maps.Copy(config, settings)
	// The provider does not start with a basic load balancer and this setting.
	if sku, _ := config["loadBalancerSku"].(string); strings.EqualFold(sku, "basic") {
		if _, set := settings["disableOutboundSNAT"]; !set {
			delete(config, "disableOutboundSNAT")
		}
	}
	return config
}

// startCloud starts the provider as its cloud controller manager does.
//
// The one place that knows how the provider's API changed: 1.23 takes a file, 1.26 adds a context, 1.32 a client builder.
func startCloud(ctx context.Context, azure *endpoint, settings object, kubernetes *kubernetes) (*provider.Cloud, error) {
	text, err := json.Marshal(azureConfig(azure.server.URL, settings))
	if err != nil {
		return nil, err
	}
	file := filepath.Join(azure.folder, "azure.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return nil, err
	}
	var started cloudprovider.Interface
	switch start := any(provider.NewCloudFromConfigFile).(type) {
	case func(string, bool) (cloudprovider.Interface, error):
		started, err = start(file, true)
	case func(context.Context, string, bool) (cloudprovider.Interface, error):
		started, err = start(ctx, file, true)
	case func(context.Context, cloudprovider.ControllerClientBuilder, string, bool) (cloudprovider.Interface, error):
		started, err = start(ctx, kubernetes, file, true)
	default:
		return nil, fmt.Errorf("this version of the provider starts in a way that is not known here: %T", start)
	}
	if err != nil {
		return nil, err
	}
	cloud, ok := started.(*provider.Cloud)
	if !ok {
		return nil, fmt.Errorf("the provider started as %T", started)
	}
	cloud.SetInformers(kubernetes.informers)
	cloud.Initialize(kubernetes, ctx.Done())
	return cloud, kubernetes.start(ctx)
}

"""The service tags that Azure documents for the source of a security rule.

The lists grow with every new service and region of Azure, so that a name that is not in them is no proof of a mistake.
https://learn.microsoft.com/azure/virtual-network/service-tags-overview
"""

_DOCUMENTED = frozenset(
    """
    actiongroup apimanagement appconfiguration applicationinsightsavailability appservice appservicemanagement
    autonomousdevelopmentplatform azureactivedirectory azureactivedirectorydomainservices
    azureadvancedthreatprotection azureapiforfhir azurearcinfrastructure azureattestation azurebackup azurebotservice
    azurecloud azurecognitivesearch azureconnectors azurecontainerappsservice azurecontainerregistry azurecosmosdb
    azuredatabricks azuredataexplorermanagement azuredeviceupdate azuredevops azuredevspaces azuredigitaltwins
    azureeventgrid azurefrontdoor azurehealthcareapis azureinformationprotection azureiothub azurekeyvault
    azureloadbalancer azuremachinelearning azuremachinelearninginference azuremanagedgrafana azuremonitor
    azuremonitorforsap azureopendatasets azureplatformdns azureplatformimds azureplatformlkm azureportal
    azureresourcemanager azuresecuritycenter azuresentinel azuresignalr azuresiterecovery azuresphere azurespringcloud
    azurestack azuretrafficmanager azureupdatedelivery azurevideoanalyzerformedia azurevirtualdesktop azurewebpubsub
    batchnodemanagement chaosstudio cognitiveservicesfrontend cognitiveservicesmanagement containerappsmanagement
    datafactory datafactorymanagement dynamics365businesscentral dynamics365formarketingemail eopexternalpublishedips
    eventhub gatewaymanager grafana guestandhybridmanagement hdinsight internet kustoanalytics logicapps
    logicappsmanagement m365managementactivityapi m365managementactivityapiwebhook marketplace
    microsoftazurefluidrelay microsoftcloudappsecurity microsoftcontainerregistry microsoftdefenderforendpoint
    microsoftpurviewpolicydistribution onedscollector powerbi powerplatforminfra powerplatformplex powerqueryonline
    sccservice scuba securitycopilot serialconsole servicebus servicefabric sql sqlmanagement storage storagemover
    storagesyncservice videoindexer virtualnetwork windowsadmincenter windowsvirtualdesktop
    """.split()  # noqa: SIM905 - one name a line is four times as long
)

#: What can stand behind the point: a region, some of which tags spell in a way of their own.
_REGIONS = frozenset(
    """
    australiacentral australiacentral2 australiaeast australiasoutheast austriaeast belgiumcentral brazilse brazilsouth
    brazilsoutheast canadacentral canadaeast centralfrance centralindia centralus centraluseuap chilecentral chinaeast
    chinaeast2 chinaeast3 chinanorth chinanorth2 chinanorth3 denmarkeast eastasia eastus eastus2 eastus2euap
    francecentral francesouth germanyn germanynorth germanywc germanywestcentral indonesiacentral israelcentral
    israelnorthwest italynorth japaneast japanwest jioindiacentral jioindiawest koreacentral koreasouth malaysiasouth
    malaysiawest mexicocentral newzealandnorth northcentralus northeurope norwaye norwayeast norwayw norwaywest
    polandcentral qatarcentral saudiarabiaeast southafricanorth southafricawest southcentralus southeastasia
    southfrance southindia spaincentral swedencentral swedensouth switzerlandn switzerlandnorth switzerlandw
    switzerlandwest taiwannorth taiwannorthwest uaecentral uaenorth uknorth uksouth uksouth2 ukwest usdodcentral
    usdodeast usgovarizona usgoviowa usgovtexas usgovvirginia usstagec usstagee westcentralus westeurope westindia
    westus westus2 westus3
    """.split()  # noqa: SIM905 - one name a line is four times as long
)
#: Or a part of the service.
_PARTS = {
    "azureactivedirectory": frozenset({"serviceendpoint"}),
    "azurefrontdoor": frozenset({"backend", "frontend", "firstparty", "microsoftsecurity"}),
}


def is_documented(tag: str) -> bool:
    """Whether Azure documents the service tag, in any case: for all, a region (``Storage.WestEurope``) or a part."""
    name, point, rest = tag.lower().partition(".")
    return name in _DOCUMENTED and (not point or rest in _REGIONS or rest in _PARTS.get(name, ()))

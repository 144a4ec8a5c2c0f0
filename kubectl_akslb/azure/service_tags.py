"""The service tags that Azure documents for the source of a security rule.

The list grows with every new service of Azure, so that a name that is not in it is no proof of a mistake.
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


def is_documented(tag: str) -> bool:
    """Whether Azure documents the service tag, for all or for a region (``Storage.WestEurope``), in any case."""
    return tag.partition(".")[0].lower() in _DOCUMENTED

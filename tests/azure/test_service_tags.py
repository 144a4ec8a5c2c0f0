"""Which service tags Azure documents: names, and what stands behind a point."""

import pytest

from kubectl_akslb.azure.service_tags import is_documented


@pytest.mark.parametrize(
    "tag",
    [
        "Internet", "azurefrontdoor", "AzureFrontDoor.Backend", "AzureFrontDoor.FirstParty", "Storage.WestEurope",
        "Sql.eastus2", "AzureCloud.germanywc", "AzureCloud.switzerlandn", "AzureActiveDirectory.ServiceEndpoint",
    ],
)  # fmt: skip
def test_names_that_are_documented(tag: str) -> None:
    assert is_documented(tag)


@pytest.mark.parametrize(
    "tag",
    [
        "Internett", "AzureFrontDoor.Backendd", "AzureFrontDoor.", "Storage.WestEurop", "Storage.Backend", "Foo.WestEurope",
        "Storage.West Europe", "AzureFrontDoor.Backend.Extra", ".WestEurope", "",
    ],
)  # fmt: skip
def test_names_that_are_none(tag: str) -> None:
    assert not is_documented(tag)

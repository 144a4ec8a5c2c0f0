"""The software bill of materials of a frozen build: Python, distributions, the system's libraries."""

import sys
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from kubectl_akslb import __version__
from release.archive import digest, epoch
from release.notices import modules, parts

_REPOSITORY = "https://github.com/akslb/kubectl-akslb"
_LIBRARIES = (".so", ".dylib", ".dll")


def sbom(folder: Path, program: Path, archive: Path) -> str:
    """The bill of the build in *folder* as CycloneDX 1.6 JSON; the same for the same *archive*."""
    product = _product(archive)
    made = datetime.fromtimestamp(epoch(), tz=timezone.utc)
    components = [_python(), *_distributions(program), *_libraries(folder)]
    bom = Bom(
        serial_number=uuid5(NAMESPACE_URL, f"{_REPOSITORY}#{digest(archive)}"),
        metadata=BomMetaData(component=product, timestamp=made),
        components=components,
    )
    bom.register_dependency(product, components)
    text: str = JsonV1Dot6(bom).output_as_string(indent=2)
    return f"{text}\n"


def _product(archive: Path) -> Component:
    return Component(
        name=archive.name,
        version=__version__,
        type=ComponentType.APPLICATION,
        bom_ref="kubectl-akslb",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest(archive))],
        licenses=[LicenseExpression("Apache-2.0")],
        purl=PackageURL("github", "akslb", "kubectl-akslb", f"v{__version__}"),
    )


def _python() -> Component:
    version = ".".join(str(number) for number in sys.version_info[:3])
    purl = PackageURL("generic", None, "python", version)
    return Component(name="python", version=version, type=ComponentType.PLATFORM, bom_ref=str(purl), purl=purl)


def _distributions(program: Path) -> Iterator[Component]:
    for part in parts(modules(program)):
        purl = PackageURL("pypi", None, part.name.lower().replace("_", "-"), part.version)
        licences = [LicenseFactory().make_from_string(part.licence)] if part.licence else []
        yield Component(name=part.name, version=part.version, bom_ref=str(purl), licenses=licences, purl=purl)


def _libraries(folder: Path) -> Iterator[Component]:
    """The shared libraries of the building machine; Python's own extension modules belong to Python."""
    for path in sorted((folder / "_internal").iterdir()):
        if any(suffix in path.name for suffix in _LIBRARIES) and "python" not in path.name.lower():
            hashes = [HashType(alg=HashAlgorithm.SHA_256, content=digest(path))]
            yield Component(name=path.name, type=ComponentType.FILE, bom_ref=path.name, hashes=hashes)

"""Public images that many people run as they come, and the ports on which their programs then listen.

Source: the EXPOSE and the configuration that each image ships with. A number that only some versions of an image
have is listed too: it is asked whether an image can listen on a port, not whether it does. Names are whole, with the
registry: an image of the same name in another registry may be another build.
"""

from collections.abc import Mapping
from typing import Final

_MIRROR = "mcr.microsoft.com/mirror/docker/"
_HUB = "docker.io/"

LISTENS_ON: Final[Mapping[str, tuple[int, ...]]] = {
    "docker.io/library/adminer": (8080,),
    "docker.io/library/caddy": (80, 443, 2019),
    "docker.io/library/couchdb": (4369, 5984, 9100),
    "docker.io/library/drupal": (80,),
    "docker.io/library/ghost": (2368,),
    "docker.io/library/httpd": (80,),
    "docker.io/library/influxdb": (8086, 8088),
    "docker.io/library/joomla": (80,),
    "docker.io/library/mariadb": (3306,),
    "docker.io/library/memcached": (11211,),
    "docker.io/library/mongo": (27017,),
    "docker.io/library/mysql": (3306, 33060),
    "docker.io/library/nextcloud": (80, 9000),
    "docker.io/library/nginx": (80,),
    "docker.io/library/postgres": (5432,),
    "docker.io/library/rabbitmq": (4369, 5671, 5672, 15671, 15672, 15691, 15692, 25672),
    "docker.io/library/redis": (6379,),
    "docker.io/library/registry": (5000, 5001),
    "docker.io/library/sonarqube": (9000,),
    "docker.io/library/tomcat": (8080,),
    "docker.io/library/wordpress": (80, 9000),
    "docker.io/ealen/echo-server": (80,),
    "docker.io/grafana/grafana": (3000,),
    "docker.io/hashicorp/http-echo": (5678,),
    "docker.io/jenkins/jenkins": (8080, 50000),
    "docker.io/kennethreitz/httpbin": (80,),
    "docker.io/nginxinc/nginx-unprivileged": (8080,),
    "docker.io/prom/alertmanager": (9093, 9094),
    "docker.io/prom/prometheus": (9090,),
    "docker.io/sonatype/nexus3": (8081,),
    "docker.io/traefik/whoami": (80,),
    "mcr.microsoft.com/azuredocs/aks-helloworld": (80,),
    "mcr.microsoft.com/azuredocs/azure-vote-front": (80,),
}

STARTS_AS_ROOT: Final = frozenset(
    f"docker.io/library/{name}"
    for name in (
        "caddy", "drupal", "httpd", "joomla", "mariadb", "mongo", "mysql", "nextcloud", "nginx", "postgres", "rabbitmq",
        "redis", "registry", "tomcat", "wordpress",
    )
)  # fmt: skip
"""Those that name no user: as they come, their first process is root's."""


def repository(image: str) -> str:
    """The whole name of an image, registry and all, without tag and digest; the mirror of Docker Hub is Docker Hub."""
    name = image.partition("@")[0]
    head, slash, last = name.rpartition("/")
    name = f"{head}{slash}{last.partition(':')[0]}"
    if name.startswith(_MIRROR):
        name = _HUB + name[len(_MIRROR) :]
    first = name.partition("/")[0]
    if "/" not in name:
        return f"{_HUB}library/{name}"
    if first in {"index.docker.io", "registry-1.docker.io"}:
        return _HUB + name.partition("/")[2]
    return name if "." in first or ":" in first or first == "localhost" else _HUB + name

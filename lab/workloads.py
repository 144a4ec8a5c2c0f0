"""Record what well-known programs answer on the paths that a probe may ask: python -m lab.workloads.

The programs are Debian's: their packages are downloaded, laid over /usr, /etc and /var in a mount namespace and started there, without
installing anything, in a network namespace that has nothing but the loopback interface. It needs root and apt.
"""

import argparse
import contextlib
import http.client
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from kubectl_akslb.errors import AkslbError

Json = dict[str, Any]

RECORDING = Path(__file__).parent / "workloads.jsonl"
_CACHE = Path(__file__).parents[1] / ".cache" / "lab" / "debian"
_INSIDE = "AKSLB_LAB_INSIDE"
_START_SECONDS = 240
_PROBES = ("/", "/healthz", "/livez", "/readyz", "/health", "/ping", "/metrics")


class Program(NamedTuple):
    """A program of a Debian package, how it is started, and what it is asked; FOLDER stands for an empty folder."""

    package: str
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


def _nginx(setting: str, body: str) -> Program:
    config = _NGINX.replace("BODY", body)
    return Program(
        "nginx-core", setting, ("nginx", "-c", "FOLDER/nginx.conf"), ((8080, "http"),), (), (("nginx.conf", config),)
    )


def _haproxy(setting: str, body: str, bind: str = "") -> Program:
    config = _HAPROXY.replace("BODY", body).replace("BIND", bind)
    command = ("haproxy", "-db", "-f", "FOLDER/haproxy.cfg")
    return Program("haproxy", setting, command, ((8080, "http"),), (), (("haproxy.cfg", config),))


PROGRAMS = (
    _nginx("return 200", "return 200;"),
    _nginx("an empty root", "root FOLDER/empty;"),
    _nginx("redirect to https", "return 301 https://$host$request_uri;"),
    _nginx("auth_basic", "auth_basic x; auth_basic_user_file FOLDER/none; root FOLDER;"),
    Program(
        "nginx-core", "listen … proxy_protocol", ("nginx", "-c", "FOLDER/nginx.conf"), ((8080, "http"),), (),
        (("nginx.conf", _NGINX.replace("8080", "8080 proxy_protocol").replace("BODY", "return 200;")),),
    ),
    _haproxy("no backend", ""),
    _haproxy("http-request return", "http-request return status 200"),
    _haproxy("monitor-uri /healthz", "monitor-uri /healthz"),
    _haproxy("accept-proxy", "http-request return status 200", "accept-proxy"),
    _haproxy("redirect scheme https", "redirect scheme https"),
    Program(
        "influxdb", "as packaged", ("influxd", "-config", "FOLDER/influxdb.conf"), ((8086, "http"),), ("/query", "/debug/vars"),
        (("influxdb.conf", '[meta]\n  dir = "FOLDER/m"\n[data]\n  dir = "FOLDER/d"\n  wal-dir = "FOLDER/w"\n'),),
    ),
    Program(
        "prometheus", "no targets",
        ("prometheus", "--config.file=FOLDER/prometheus.yml", "--storage.tsdb.path=FOLDER/data"), ((9090, "http"),),
        ("/-/healthy", "/-/ready", "/graph"), (("prometheus.yml", "global: {}\n"),),
    ),
    Program(
        "prometheus-alertmanager", "no receivers",
        ("prometheus-alertmanager", "--config.file=FOLDER/a.yml", "--storage.path=FOLDER/data", "--cluster.listen-address="),
        ((9093, "http"),), ("/-/healthy", "/-/ready"), (("a.yml", "route: {receiver: none}\nreceivers: [{name: none}]\n"),),
    ),
    Program("prometheus-node-exporter", "as packaged", ("prometheus-node-exporter",), ((9100, "http"),)),
    Program(
        "caddy", "respond /healthz", ("caddy", "run", "--adapter", "caddyfile", "--config", "FOLDER/Caddyfile"),
        ((8080, "http"), (2019, "http")), ("/config/",), (("Caddyfile", ":8080 {\n  respond /healthz 200\n}\n"),),
        (("HOME", "FOLDER"),),
    ),
    Program(
        "nats-server", "monitoring on 8222", ("nats-server", "-m", "8222"), ((8222, "http"),), ("/varz",),
    ),
    Program(
        "rabbitmq-server", "rabbitmq_management", ("sh", "FOLDER/start"), ((15672, "http"), (5672, "http")),
        ("/api/health/checks/alarms", "/api/overview"),
        (("start", "exec /usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server\n"), ("enabled", "[rabbitmq_management].\n")),
        (
            ("HOME", "FOLDER"), ("RABBITMQ_MNESIA_BASE", "FOLDER/m"), ("RABBITMQ_LOG_BASE", "FOLDER/l"),
            ("RABBITMQ_ENABLED_PLUGINS_FILE", "FOLDER/enabled"), ("RABBITMQ_NODENAME", "lab@localhost"),
            ("RABBITMQ_PID_FILE", "FOLDER/pid"), ("LC_ALL", "C.UTF-8"),
        ),
    ),
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask all programs, and write a line for each port and path."""
    argparse.ArgumentParser(description=__doc__).parse_args(arguments)
    if os.geteuid():
        print("error: this needs root\nhint: sudo", file=sys.stderr)
        return 1
    if os.environ.get(_INSIDE) != "1":
        for package in sorted({program.package for program in PROGRAMS}):
            downloaded(package)
        command = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        inside = {**environment, _INSIDE: "1"}
        return subprocess.run([*command, sys.executable, "-m", "lab.workloads"], env=inside, check=False).returncode
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    lines = []
    for program in PROGRAMS:
        try:
            lines += asked(program)
        except AkslbError as error:
            print(f"error: {error.message}\nhint: {error.hint}", file=sys.stderr)
            return 1
    RECORDING.write_text("".join(f"{json.dumps(line, sort_keys=True)}\n" for line in lines))
    print(f"{len(lines)} answers of {len(PROGRAMS)} programs")
    return 0


def downloaded(package: str) -> Path:
    """A folder with the files of a package, and of what it needs that is not installed."""
    folder = _CACHE / package
    if not (folder / "usr").exists():
        command = ["apt-get", "install", "--no-install-recommends", "--simulate", package]
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        names = [line.split()[1] for line in listed.splitlines() if line.startswith("Inst ")]
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as debs:
            subprocess.run(["apt-get", "download", "-q", *names], cwd=debs, check=True, capture_output=True)
            for deb in sorted(Path(debs).iterdir()):
                subprocess.run(["dpkg", "-x", deb, folder], check=True)
    return folder


@cache
def _version(package: str) -> str:
    shown = subprocess.run(["apt-cache", "policy", package], capture_output=True, text=True, check=True).stdout
    return next(line.split()[1] for line in shown.splitlines() if "Candidate:" in line)


def asked(program: Program) -> list[Json]:
    """The answers of one program."""
    paths = dict.fromkeys((*_PROBES, *program.paths))
    with _started(program):
        return [
            {
                "package": program.package,
                "version": _version(program.package),
                "setting": program.setting,
                "port": port,
                "path": path,
                "status": status(port, scheme, path),
            }
            for port, scheme in program.ports
            for path in paths
        ]


@contextlib.contextmanager
def _started(program: Program) -> Iterator[None]:
    files = downloaded(program.package)
    folder = Path(tempfile.mkdtemp(prefix="lab-"))
    mounted = []
    (folder / "empty").mkdir()
    folder.chmod(0o755)
    try:
        for name in ("usr", "etc", "var"):
            if (files / name).exists():
                # What it writes goes to the folder that is removed again.
                upper, work = folder / "upper" / name, folder / "work" / name
                upper.mkdir(parents=True)
                work.mkdir(parents=True)
                layers = f"lowerdir={files / name}:/{name},upperdir={upper},workdir={work}"
                subprocess.run(["mount", "-t", "overlay", "overlay", "-o", layers, f"/{name}"], check=True)
                mounted.append(f"/{name}")
        for name, text in program.files:
            (folder / name).write_text(text.replace("FOLDER", str(folder)))
        command = [part.replace("FOLDER", str(folder)) for part in program.command]
        own = {name: value.replace("FOLDER", str(folder)) for name, value in program.environment}
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **own}, cwd=folder)
        try:
            _wait(program, process, folder / "log")
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    finally:
        for path in reversed(mounted):
            subprocess.run(["umount", "-l", path], check=True)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(program: Program, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while any(status(port, scheme, "/") == "refused" for port, scheme in program.ports):
        if process.poll() is not None or time.monotonic() > until:
            said = log.read_text(errors="replace")[-600:]
            raise AkslbError(
                f"{program.package} ({program.setting}) does not start: {said}", hint="see lab/workloads.py"
            )
        time.sleep(0.3)


def status(port: int, scheme: str, path: str) -> str:
    """The status of GET, as a probe of Azure reads it: no redirect is followed, no certificate is looked at."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    made = (
        http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=context)
        if scheme == "https"
        else http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    )
    try:
        made.request("GET", path, headers={"Host": f"10.224.0.4:{port}"})
        return str(made.getresponse().status)
    except ConnectionRefusedError:
        return "refused"
    except (OSError, http.client.HTTPException):
        return "no answer"
    finally:
        made.close()


def recorded() -> list[Json]:
    """The lines in the repository."""
    return [json.loads(line) for line in RECORDING.read_text().splitlines()]


if __name__ == "__main__":
    sys.exit(main())

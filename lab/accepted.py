"""Record which Services the real API server takes: python -m lab.accepted. It needs the API server of the end-to-end tests.

They are those of cases/changes.py. Each is created and deleted again, because with dryRun no node port is asked for.
"""

import http.client
import json
import ssl
import sys
import tempfile
from pathlib import Path
from typing import Any

from kubectl_akslb.errors import AkslbError
from lab.cases.changes import services
from tests.e2e.apiserver.server import USERS, ApiServer, missing

Json = dict[str, Any]

RECORDING = Path(__file__).parent / "accepted.jsonl"
#: The release that tests/e2e/apiserver builds.
VERSION = "v1.36.1"
#: Services of any namespace.
OPTIONS = ("--disable-admission-plugins", "NamespaceLifecycle,LimitRanger,ResourceQuota")


def asked(server: ApiServer, service: Json) -> int:
    """The status with which a Service is created; it is gone then."""
    context = ssl.create_default_context(cafile=str(server.certificate))
    connection = http.client.HTTPSConnection("127.0.0.1", server.port, context=context, timeout=60)
    headers = {"Authorization": f"Bearer {USERS['admin'][0]}", "Content-Type": "application/json"}
    place = "/api/v1/namespaces/shop/services"
    try:
        connection.request("POST", place, json.dumps(service), headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status < 300:
            made = f"{place}/{service['metadata']['name']}"
            merge = {**headers, "Content-Type": "application/merge-patch+json"}
            connection.request("PATCH", made, json.dumps({"metadata": {"finalizers": None}}), merge)
            connection.getresponse().read()
            connection.request("DELETE", made, headers=headers)
            connection.getresponse().read()
        return answer.status
    finally:
        connection.close()


def main() -> int:
    """Ask for all, and write a line for each Service."""
    lacking = missing()
    if lacking:
        print(f"error: {lacking}", file=sys.stderr)
        return 1
    try:
        with tempfile.TemporaryDirectory(prefix="lab-") as folder, ApiServer(Path(folder), options=OPTIONS) as server:
            lines = [{"change": change, "status": asked(server, service)} for change, service in services().items()]
    except AkslbError as error:
        print(f"error: {error.message}\nhint: {error.hint}", file=sys.stderr)
        return 1
    RECORDING.write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines))
    print(f"{VERSION}: {len(lines)} Services")
    return 0


def recorded() -> list[Json]:
    """The lines in the repository."""
    return [json.loads(line) for line in RECORDING.read_text().splitlines()]


if __name__ == "__main__":
    sys.exit(main())

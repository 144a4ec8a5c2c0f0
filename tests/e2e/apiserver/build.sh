#!/usr/bin/env bash
# Builds kube-apiserver, etcd and kubectl from their Go modules into .cache/bin, once: what is there already stays.
# The versions are those of go.mod. The first build takes minutes on a small machine.
set -euo pipefail
cd "$(dirname "$0")"
bin=${AKSLB_TOOLS:-$(cd ../../.. && pwd)/.cache/bin}
mkdir -p "$bin"
exec 9>"$bin/.apiserver.lock"
command -v flock >/dev/null && flock 9

kubernetes=$(awk '$1 == "k8s.io/kubernetes" { print $2 } /^require k8s.io\/kubernetes / { print $3 }' go.mod)
etcd=$(awk '$1 == "go.etcd.io/etcd/server/v3" && $2 ~ /^v/ { print $2 }' go.mod)
minor=${kubernetes#v1.} && minor=${minor%%.*}
flags="-s -w"
# Without them a build from a module calls itself v0.0.0.
for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
  flags+=" -X $package.gitVersion=$kubernetes -X $package.gitMajor=1 -X $package.gitMinor=$minor"
done

build() { # NAME VERSION PACKAGE
  local stamp="$bin/.$1.$2"
  if [ ! -e "$stamp" ] || [ ! -x "$bin/$1" ]; then
    echo "building $1 $2" >&2
    nice -n 15 go build -trimpath -ldflags "$flags" -o "$bin/$1" "$3"
    rm -f "$bin/.$1."*
    : >"$stamp"
  fi
  echo "$bin/$1"
}
build etcd "$etcd" go.etcd.io/etcd/server/v3
build kube-apiserver "$kubernetes" k8s.io/kubernetes/cmd/kube-apiserver
build kubectl "$kubernetes" k8s.io/kubernetes/cmd/kubectl

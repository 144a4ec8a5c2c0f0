#!/usr/bin/env bash
# Builds the tools of the end-to-end tests from their Go modules into .cache/bin: what is there already stays.
# Each folder here is one module that pins one version. `build.sh helm-4.2 …` builds only those named.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
bin=${AKSLB_TOOLS:-$root/.cache/bin}
mkdir -p "$bin"

[ $# -gt 0 ] || set -- $(cd "$here" && ls -d */ | tr -d /)
for name in "$@"; do
  cd "$here/$name"
  package=$(awk '$1 == "tool" { print $2 }' go.mod)
  # A module of our own is built anew where its source or a pinned module changed.
  [ -n "$package" ] || package=.
  [ "$package" != . ] || version=$(cat ./*.go go.sum | sha256sum | cut -c 1-12)
  [ "$package" = . ] || version=$(awk -v package="$package" '/^\t|^require/ { sub(/^require /, ""); if (index(package, $1) == 1) { print $2; exit } }' go.mod)
  stamp="$bin/.$name.$version"
  if [ ! -e "$stamp" ]; then
    flags=
    case $name in
      # Without them Helm says "v3" or "v4" and "v1.20.0" of the cluster that --dry-run=client makes up.
      helm-*)
        major=${name#helm-} && major=${major%%.*}
        kube=$(go list -m -f '{{.Version}}' k8s.io/client-go) && kube=${kube#v0.}
        flags="-X helm.sh/helm/v$major/internal/version.version=$version"
        for module in lint/rules chart/v2/lint/rules chartutil chart/common internal/v3/lint/rules; do
          flags+=" -X helm.sh/helm/v$major/pkg/$module.k8sVersionMajor=1"
          flags+=" -X helm.sh/helm/v$major/pkg/$module.k8sVersionMinor=${kube%%.*}"
        done
        ;;
    esac
    echo "building $name $version" >&2
    nice go build -trimpath -ldflags "-s -w $flags" -o "$bin/$name" "$package"
    rm -f "$bin/.$name."*
    : >"$stamp"
  fi
  echo "$bin/$name"
done

#!/usr/bin/env bash
# Installs Mermaid's own parser, and a DOM for it, into .cache/bin/mermaid; needs npm. What is there already stays.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tools=${AKSLB_TOOLS:-$(cd "$here/../../.." && pwd)/.cache/bin}/mermaid
mkdir -p "$tools"
if ! cmp -s "$here/package.json" "$tools/package.json"; then
  cp "$here/package.json" "$here/parse.mjs" "$tools/"
  (cd "$tools" && npm install --silent --no-fund --no-audit --no-package-lock --ignore-scripts) || { rm "$tools/package.json"; exit 1; }
fi
cp "$here/parse.mjs" "$tools/"
echo "$tools"

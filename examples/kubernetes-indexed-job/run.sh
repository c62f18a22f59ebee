#!/bin/sh
# What the two Jobs of job.yaml do, with processes of this machine for pods. Takes the command: sh run.sh npx standin
cd "$(dirname "$0")" || exit 1
parts=4
pids=""
JOB_COMPLETION_INDEX=0
while [ $JOB_COMPLETION_INDEX -lt $parts ]; do
  "$@" run --shard $JOB_COMPLETION_INDEX/$parts & pids="$pids $!"
  JOB_COMPLETION_INDEX=$((JOB_COMPLETION_INDEX + 1))
done
for pid in $pids; do wait "$pid" || exit 1; done
"$@" run --resume

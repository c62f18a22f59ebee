#!/bin/sh
# Two workers and a coordinator on this machine. Yours run wherever they reach the queue, the source and the target.
cd "$(dirname "$0")" || exit 1
node worker.mjs & first=$!
node worker.mjs & second=$!
node refresh.mjs
code=$?
# They finish what they have under way, and end.
kill -TERM $first $second
wait $first $second
exit $code

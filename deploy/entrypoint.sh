#!/bin/sh
# Waits for the servers and migrates, or runs the command of `db` that the arguments name.
set -eu

db=/app/packages/migrator/bin/db.cjs

if [ $# -eq 0 ]; then
  node "$db" wait --timeout "${DB_WAIT:-60s}"
  set -- migrate --no-generate
fi
exec node "$db" "$@"

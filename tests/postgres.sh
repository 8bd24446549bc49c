# Sourced: starts a throw-away PostgreSQL of our own and points the tests at it. It waits for no disk: tests make and drop some
# hundred thousand files, and nobody crashes it.
pg_bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
pg_dir=$(mktemp -d)
pg_user=$(id -un)
if [ "$(id -u)" = 0 ]; then pg_user=postgres; chown postgres "$pg_dir"; fi
pg() { if [ "$(id -u)" = 0 ]; then su postgres -c "$*"; else bash -c "$*"; fi; }
pg "$pg_bin/initdb -D $pg_dir/data -U postgres --auth=trust >/dev/null"
pg "$pg_bin/pg_ctl -D $pg_dir/data -w -o '-p 54329 -k $pg_dir -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c max_wal_size=8GB -c checkpoint_timeout=1h -c autovacuum=off' start >/dev/null"
pg "$pg_bin/createdb -h 127.0.0.1 -p 54329 -U postgres test"
export SOUK_TEST_POSTGRES="postgres://postgres@127.0.0.1:54329/test"
ends+=('pg "$pg_bin/pg_ctl -D $pg_dir/data -m immediate stop >/dev/null"; rm -rf "$pg_dir"')

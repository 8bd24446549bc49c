#!/usr/bin/env bash
# Fuzzes the served API after its own OpenAPI document, as an anonymous client and as an admin: no 5xx, no
# undocumented status. MAX_EXAMPLES=200 tests/schemathesis.sh is the long form.
set -euo pipefail
cd "$(dirname "$0")/.."

version=4.32.5
profile=${PROFILE:-fast}
examples=${MAX_EXAMPLES:-6}
seed=${SEED:-2611}
binary=$PWD/target/$profile/souk
[ -x "$binary" ] || { echo "build it first: cargo build --profile $profile -p souk" >&2; exit 1; }

# Its own environment, so that the version is the one that was tried.
venv=$PWD/target/schemathesis-$version
if [ ! -x "$venv/bin/st" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version"
fi

dir=$(mktemp -d)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url=http://127.0.0.1:$port
(
    cd "$dir"
    for name in $(env | sed -n 's/^\(SOUK_[A-Z_]*\)=.*/\1/p'); do unset "$name"; done
    SOUK_LOG__FILTER=error SOUK_GATEWAY__LIMITS=false \
        exec "$binary" serve --listen "127.0.0.1:$port" --data "$dir/data"
) >"$dir/out" 2>"$dir/err" &
server=$!
finish() {
    kill -INT "$server" 2>/dev/null || true
    wait "$server" || true
    rm -rf "$dir"
}
trap finish EXIT

until curl -sf "$url/health/ready" >/dev/null; do
    kill -0 "$server" || { cat "$dir/err" >&2; exit 1; }
    sleep 0.1
done

call() { curl -sSf -X POST -H 'content-type: application/json' "$url$1" -d "$2"; }
field() { python3 -c 'import json, sys; print(json.load(sys.stdin)["'"$1"'"])'; }
setup=$(sed -n 's/.*setup?token=\([^ ]*\).*/\1/p' "$dir/out" | head -1)
account='{"email": "admin@market.example", "password": "correct-horse-7-battery", "name": "Ada Min"}'
call /api/v1/setup "{\"token\": \"$setup\", \"account\": $account}" >/dev/null
token=$(call /api/v1/sessions '{"email": "admin@market.example", "password": "correct-horse-7-battery"}' | field access_token)

# What it writes down for itself goes with the folder.
# One worker: with two, the parser of Python 3.11 now and then fails in one of them (“AST constructor recursion depth”).
fuzz() (
    cd "$dir"
    "$venv/bin/st" run "$url/api/openapi.json" --url "$url" --workers 1 --seed "$seed" --max-examples "$examples" \
        --phases examples,coverage,fuzzing --checks not_a_server_error,status_code_conformance,content_type_conformance \
        --request-timeout 20 --suppress-health-check all --no-color \
        --exclude-path-regex '/events$' --exclude-path /api/v1/sessions/current \
        "$@"
)
# Side by side, each in a process of its own.
fuzz >"$dir/anybody" 2>&1 &
anybody=$!
echo "As an admin:"
fuzz --header "Authorization: Bearer $token"
echo "As anybody:"
wait "$anybody" || { cat "$dir/anybody" >&2; exit 1; }
cat "$dir/anybody"

# Whatever was thrown at it, the books are in order.
kill -INT "$server"
wait "$server"
"$binary" check --data "$dir/data" >/dev/null
echo "Nothing broke; every invariant holds."

#!/usr/bin/env bash
# Fuzzes the served API after its own OpenAPI document, as an admin, as the owner of a store, as a buyer and as nobody: no
# 5xx, no undocumented status. MAX_EXAMPLES=200 tests/schemathesis.sh is the long form. The market is a copy of the demo that
# the end-to-end tests have seeded with this very program, if they have; otherwise a new one with one store.
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
demo=target/$profile/demo-data
command=serve
if [ "$demo/seeded" -nt "$binary" ]; then
    cp -r "$demo" "$dir/data"
    command=demo
fi
(
    cd "$dir"
    for name in $(env | sed -n 's/^\(SOUK_[A-Z_]*\)=.*/\1/p'); do unset "$name"; done
    SOUK_LOG__FILTER=error SOUK_GATEWAY__LIMITS=false \
        exec "$binary" "$command" --listen "127.0.0.1:$port" --data "$dir/data"
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

call() { curl -sSf -X POST -H 'content-type: application/json' "$url$1" -d "$2" "${@:3}"; }
field() { python3 -c 'import json, sys; print(json.load(sys.stdin)["'"$1"'"])'; }
# The token of somebody with this address and password.
token() { call /api/v1/sessions "{\"email\": \"$1\", \"password\": \"$2\"}" | field access_token; }
if [ "$command" = demo ]; then
    # Role, address and password, a line each.
    of() { awk -v role="$1" '$1 == role { print $2, $3 }' "$dir/data/credentials.txt"; }
    read -r email password <<<"$(of admin)"
    admin=$(token "$email" "$password")
    read -r email password <<<"$(of buyer)"
    buyer=$(token "$email" "$password")
    read -r email password <<<"$(of vendor)"
    owner=$(token "$email" "$password")
    store=$(grep -oE '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}' "$dir/data/seeded" | head -1)
else
    password=correct-horse-7-battery
    account() { echo "{\"email\": \"$1@market.example\", \"password\": \"$password\", \"name\": \"Some Body\"}"; }
    setup=$(sed -n 's/.*setup?token=\([^ ]*\).*/\1/p' "$dir/out" | head -1)
    call /api/v1/setup "{\"token\": \"$setup\", \"account\": $(account admin)}" >/dev/null
    admin=$(token admin@market.example "$password")
    call /api/v1/accounts "$(account buyer)" >/dev/null
    buyer=$(token buyer@market.example "$password")
    call /api/v1/accounts "$(account owner)" >/dev/null
    owner=$(token owner@market.example "$password")
    shop='{"name": "A shop", "country": "ES", "contact_email": "owner@market.example"}'
    store=$(call /api/v1/vendors "$shop" -H "Authorization: Bearer $owner" |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["store"]["id"])')
    call "/api/v1/admin/vendors/$store/approve" '{}' -H "Authorization: Bearer $admin" >/dev/null
    # The next token says that the store is theirs, as soon as accounts have heard of it.
    until curl -sf -o "$dir/store" "$url/api/v1/vendors/$store" -H "Authorization: Bearer $owner"; do
        sleep 0.1
        owner=$(token owner@market.example "$password")
    done
fi

# What it writes down for itself goes with the folder. The owner's paths are those of the store.
# One worker: with two, the parser of Python 3.11 now and then fails in one of them (“AST constructor recursion depth”).
fuzz() (
    mkdir "$dir/as-$1"
    cd "$dir/as-$1"
    if [ "$1" = owner ]; then printf '[parameters]\n"path.vendor_id" = "%s"\n' "$store" >schemathesis.toml; fi
    "$venv/bin/st" run "$url/api/openapi.json" --url "$url" --workers 1 --seed "$seed" --max-examples "$2" \
        --phases examples,coverage,fuzzing --checks not_a_server_error,status_code_conformance,content_type_conformance \
        --request-timeout 20 --suppress-health-check all --no-color \
        --exclude-path-regex '/events$' --exclude-path /api/v1/sessions/current \
        "${@:3}" >told 2>&1
)
# Side by side in pairs, each in a process of its own. Nobody is turned away from most operations at once.
few=$(((examples + 1) / 2))
failed=()
pair() {
    wait "$1" || failed+=("$2")
    wait "$3" || failed+=("$4")
}
fuzz admin "$examples" --header "Authorization: Bearer $admin" &
first=$!
fuzz owner "$examples" --header "Authorization: Bearer $owner" &
pair "$first" admin "$!" owner
fuzz buyer "$examples" --header "Authorization: Bearer $buyer" &
first=$!
fuzz nobody "$few" &
pair "$first" buyer "$!" nobody
for who in admin owner buyer nobody; do
    echo "As $who:"
    cat "$dir/as-$who/told"
done
if [ ${#failed[@]} -gt 0 ]; then
    echo "Failed as ${failed[*]}." >&2
    exit 1
fi

# Whatever was thrown at it, the books are in order.
kill -INT "$server"
wait "$server"
"$binary" check --data "$dir/data" >/dev/null
echo "Nothing broke; every invariant holds."

# Sourced: starts moto, a server that plays S3, in an environment of its own and points the tests at it.
moto_version=5.2.5
moto_env=$PWD/target/moto-$moto_version
if [ ! -x "$moto_env/bin/moto_server" ]; then
    python3 -m venv "$moto_env"
    "$moto_env/bin/pip" install --quiet --disable-pip-version-check "moto[s3,server]==$moto_version"
fi
"$moto_env/bin/moto_server" --host 127.0.0.1 --port 54330 >"$moto_env/log" 2>&1 &
ends+=("kill $!")
export SOUK_TEST_S3=http://127.0.0.1:54330
for _ in $(seq 100); do
    if (exec 3<>/dev/tcp/127.0.0.1/54330) 2>/dev/null; then break; fi
    sleep 0.2
done

# SPDX-License-Identifier: Apache-2.0
# Source it in a test script: it brings expect.sh and, run without a key, runs the script again under
# with-key, once for each way in the array `ways`, adding the counts up. The script proper ends with
# `key_done`.
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
. "$here/../support/expect.sh"
if [ -z "${P11_MODULE:-}" ]; then
    for how in "${ways[@]}"; do
        echo "== with-key $how"
        # shellcheck disable=SC2086
        "$here/../support/with-key" $how "$0" >"$log" 2>&1
        cat "$log"
        read -r p f < <(sed -n 's/^inner: \([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$log")
        passed=$((passed + ${p:-0})) failed=$((failed + ${f:-1}))
    done
    finish
fi
# other people's programs take the PIN from a file or an environment of their own
work=$(mktemp -d)
trap 'rm -rf "$work" "$log"' EXIT
cd "$work" || exit 1
PIN=$KEY_PIN
unset KEY_PIN
key_done() { echo "inner: $passed passed, $failed failed"; }
# The certificate of a container, signing or enc, as PEM in a file.
certificate() { # container, sign|enc, file
    bjca --json list |
        jq -er ".containers[] | select(.name == \"$1\" and .role == \"current\") | .certificates.$2.pem" >"$3"
}
tries() { bjca --json status | jq -e ".keys[0].pin.tries_left == $1 and .keys[0].admin_pin.tries_left == 10"; }
# DER certificates one behind the other, as PEM in files NAME0.pem, NAME1.pem …
split_chain() { # file, name
    local der n=0 len
    der=$(xxd -p "$1" | tr -d '\n')
    while [ -n "$der" ]; do
        len=$((16#${der:4:4} + 4))
        xxd -r -p <<<"${der:0:$((2 * len))}" | openssl x509 -inform der -out "$2$n.pem" || return 1
        der=${der:$((2 * len))}
        n=$((n + 1))
    done
}
# A TLS server on localhost that wants a client certificate of the key's CA; sets port and server
# (its process id). The certificate of its CA is server-ca.pem, its only page /page.html.
tls_server() {
    split_chain "$KEY_CHAIN" ca && cat ca0.pem ca1.pem >client-ca.pem
    echo '<!DOCTYPE html><title>let in by certificate</title>' >page.html
    openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out server-ca.pem -days 2 \
        -subj "/CN=Test CA ${work##*.}" >/dev/null 2>&1
    openssl req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=localhost \
        >/dev/null 2>&1
    openssl x509 -req -in server.csr -CA server-ca.pem -CAkey ca.key -set_serial 1 -days 2 -out server.pem \
        -extfile <(echo subjectAltName=DNS:localhost) 2>/dev/null
    for _ in 1 2 3 4 5; do
        port=$((20000 + RANDOM))
        openssl s_server -accept "127.0.0.1:$port" -key server.key -cert server.pem -Verify 1 \
            -verify_return_error -CAfile client-ca.pem -WWW >server.log 2>&1 &
        server=$!
        for _ in $(seq 50); do
            grep -qs ACCEPT server.log && return
            kill -0 $server 2>/dev/null || break
            sleep 0.05
        done
    done
}

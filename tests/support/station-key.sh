# SPDX-License-Identifier: Apache-2.0
# Under with-key --pcsc: station_key puts another key in the same reader, of which the tests know
# everything, on a machine that makes keys; station_key_goes at the end.
station_key() {
    local dir port
    dir=$(dirname "$BJCA_CONF")
    port=$((16#$(sed -n 's/^CHANNELID 0x//p' "$dir/readers/vpcd")))
    bjca-vkey ctl "$KEY_CONTROL" remove
    until ! opensc-tool -l 2>/dev/null | grep -q Yes; do sleep 0.1; done
    bjca-vkey create "$dir/station" --serial STATION-1 --dialect "$KEY_DIALECT" --user-pin-fd 3 --admin-pin-fd 4 \
        --device-key-fd 5 3<<<"$KEY_PIN" 4<<<Admin-of-station 5<<<000102030405060708090a0b0c0d0e0f >/dev/null
    bjca-vkey serve "$dir/station" --port "$port" --control "$dir/station-control" &
    station_served=$!
    export KEY_CONTROL=$dir/station-control
    printf '[module]\nproduction-station = yes\n' >>"$BJCA_CONF"
    for _ in $(seq 100); do
        opensc-tool -l 2>/dev/null | grep -q Yes && break
        sleep 0.1
    done
}
station_key_goes() { kill "$station_served"; }

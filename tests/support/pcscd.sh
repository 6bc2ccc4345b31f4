# SPDX-License-Identifier: Apache-2.0
# Under with-key --pcsc: STOP_PCSCD and START_PCSCD, commands that a test's program runs, and
# last_pcscd_ends at the end.

# the same daemon again, on the same socket; the key's serving end connects by itself; it
# outlives the test that starts it
dir=$(dirname "$PCSCLITE_CSOCK_NAME")
export PCSCD_DIR=$dir READERS_DIR=${dir%/*}/readers PCSCD_LOG=${dir%/*}/pcscd.log PID_FILE=${dir%/*}/pcscd.again
# they may be left to others by one that ends: PID_FILE tells which is the last. Its port is free
# when none of its threads is there any more, but for a zombie.
export STOP_PCSCD='
pid=$PCSCD_PID
[ ! -e "$PID_FILE" ] || pid=$(cat "$PID_FILE")
kill -"${PCSCD_SIGNAL:-TERM}" "$pid"
for i in $(seq 100); do
    cat /proc/"$pid"/task/*/stat 2>/dev/null | grep -qv ") Z " || exit 0
    sleep 0.05
done
exit 1'
export START_PCSCD='
rm -f "$PCSCD_DIR/pcscd.pid" # of one that was killed, and may be a zombie still
setsid unshare --mount --propagation private sh -c "mount --bind \"\$1\" /run/pcscd && exec pcscd --foreground -c \"\$2\"" \
    sh "$PCSCD_DIR" "$READERS_DIR" >>"$PCSCD_LOG" 2>&1 </dev/null &
echo $! >"$PID_FILE"
for i in $(seq 100); do opensc-tool -l 2>&1 | grep -q "${PCSCD_SHOWS:-Yes}" && exit 0; sleep 0.1; done
exit 1'
last_pcscd_ends() {
    [ ! -e "$PID_FILE" ] || kill "$(cat "$PID_FILE")" 2>/dev/null
}

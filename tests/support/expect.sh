# SPDX-License-Identifier: Apache-2.0
# Counting for shell tests: source it, say `it "what is proved" command…`, end with `finish`.
passed=0 failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
it() { # text, command: it must succeed
    local what=$1 code=0
    shift
    "$@" >"$log" 2>&1 || code=$?
    if [ $code = 0 ]; then
        passed=$((passed + 1)) && echo "ok: $what"
    else
        failed=$((failed + 1)) && echo "FAILED: $what ($code)" && tail -30 "$log" | sed 's/^/    /'
    fi
}
exits() { # code, command
    local want=$1 got=0
    shift
    "$@" || got=$?
    [ $got = "$want" ] || { echo "exit code $got, not $want" && return 1; }
}
says() { # pattern, command: succeeds and its output matches
    local want=$1 out
    shift
    out=$("$@" 2>&1) || { echo "$out" && return 1; }
    grep -qE -e "$want" <<<"$out" || { echo "$out" && echo "doesn't say: $want" && return 1; }
}
finish() {
    echo "$passed passed, $failed failed"
    [ $failed = 0 ]
    exit
}

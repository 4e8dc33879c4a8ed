# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# What the test-* scripts share: source it first, call finish last. A check that fails says what was run and what came of it.
set -u
: "${TOKENSCOPE:?the program to test}" "${TOKENSCOPE_SOURCE:?the sources}"
VECTORS=$TOKENSCOPE_SOURCE/vectors
here=$TOKENSCOPE_SOURCE/tests/cli
passed=0
failed=0

# No run may take longer, or (sanitizers want more) have more memory than a hostile input is allowed.
time_limit=5
memory_limit=1048576
if grep -qa __asan_init "$TOKENSCOPE"; then
    time_limit=30
    memory_limit=unlimited
fi

ok() {
    passed=$((passed + 1))
}

bad() {
    failed=$((failed + 1))
    echo "FAIL: $1"
    echo "  ran: $ran"
    [ ! -s out ] || head -c 600 out | sed 's/^/  out: /'
    [ ! -s err ] || head -c 600 err | sed 's/^/  err: /'
}

# run ARGUMENT...: the program, with what is on standard input. Sets $status, and the files out and err.
run() {
    ran="tokenscope $(printf '%.60s ' "$@")"
    (
        # shellcheck disable=SC3045 # dash has -v
        ulimit -v $memory_limit
        exec timeout -s KILL $time_limit "$TOKENSCOPE" "$@"
    ) >out 2>err
    status=$?
}

# expect STATUS ARGUMENT...: as run, and compares the exit status. Nothing is ever written by a sanitizer.
expect() {
    wanted=$1
    shift
    run "$@"
    if [ $status -ne "$wanted" ]; then
        bad "exit status $status, not $wanted"
    elif grep -q 'Sanitizer\|runtime error' err; then
        bad "a sanitizer has found something"
    else
        ok
    fi
}

# one_line: the last run said one line on standard error, and it begins as it should.
one_line() {
    if [ "$(wc -l <err)" -eq 1 ] && grep -q '^tokenscope: .' err; then ok; else bad "not one clear line on standard error"; fi
}

# usage_error: one line, and where to read on.
usage_error() {
    if [ "$(wc -l <err)" -eq 2 ] && grep -q '^tokenscope: .' err && grep -q '^Try .tokenscope .*--help' err; then
        ok
    else
        bad "not a line and a hint on standard error"
    fi
}

out_has() {
    if grep -q -e "$1" out; then ok; else bad "standard output has no '$1'"; fi
}

out_lacks() {
    if grep -q -e "$1" out; then bad "standard output has '$1'"; else ok; fi
}

err_has() {
    if grep -q -e "$1" err; then ok; else bad "standard error has no '$1'"; fi
}

err_lacks() {
    if grep -q -e "$1" err; then bad "standard error has '$1'"; else ok; fi
}

silent() {
    if [ -s err ]; then bad "standard error is not empty"; else ok; fi
}

# out_json CODE: standard output is JSON, for which the Python expression over 'it' holds.
out_json() {
    if python3 -c 'import json, sys
it = json.load(open("out", encoding="utf-8"))
sys.exit(0 if eval(sys.argv[1]) else 1)' "$1" 2>>err; then ok; else bad "it is not so: $1"; fi
}

check() {
    ran=$*
    if "$@"; then ok; else bad "it is not so"; fi
}

base64url() {
    base64 -w0 | tr '+/' '-_' | tr -d '='
}

# token HEADER PAYLOAD [SIGNATURE]: texts, put together as a compact serialisation
token() {
    printf '%s.%s.%s' "$(printf %s "$1" | base64url)" "$(printf %s "$2" | base64url)" "${3-}"
}

# The example of RFC 7515 appendix A.1: HS256, expired on 2011-03-22.
rfc_token=eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk
rfc_key='{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}'
other_key='{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0-Pw"}'
# RFC 7517 appendix A.1, the EC key
ec_key='{"kty":"EC","crv":"P-256","x":"8Z3aUBUDsCTdX6CS_ahb9vMr6OwPl1REEj2JLlHY23w","y":"O8a1nwD6Hi_ve_9EuCHOSM8mrueE2xsSnCM8hvR3kVQ","kid":"1"}'
none_token=$(token '{"alg":"none","typ":"JWT"}' '{"iss":"joe","exp":1300819380}')
unknown_token=$(token '{"alg":"RS256","typ":"JWT","kid":"nobody"}' '{"iss":"https://issuer.example","iat":1600000000,"exp":1600003600}' \
    "$(head -c 256 /dev/zero | tr '\0' 'x' | base64url)")

# Things of the script's own, in the folder that the runner gave it.
printf '%s\n' "$rfc_token" >token.txt
printf '%s\n' "$none_token" >none.txt
printf '%s\n' "$unknown_token" >unknown.txt
printf '%s\n' "$rfc_key" >key.json
printf '%s\n' "$other_key" >other.json
printf '%s\n' "$ec_key" >ec.json

finish() {
    echo "$passed passed, $failed failed"
    [ $failed -eq 0 ]
    exit
}

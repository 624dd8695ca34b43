#!/bin/sh
# Measures owalint beside a text search, the least that a lint has to do (examples/floor.rs), `cat` and xmllint on made-up
# snapshots, and prints a Markdown table.
#
# usage: benches/compare.sh FOLDER [TREE…]
#
# FOLDER keeps the snapshots, so that a second run need not write them again; they take 1.2 GB. TREE is any of
# three, thousand, small, system, list, clixml, json, and the four first ones by default.
# Needs cargo, hyperfine, ripgrep and xmllint: `apt install hyperfine ripgrep libxml2-utils` on Debian.
set -eu

folder=${1:?"usage: benches/compare.sh FOLDER [TREE...]"}
shift
[ $# -gt 0 ] || set -- three thousand small system

root=$(cd "$(dirname "$0")/.." && pwd)
owalint=${OWALINT:-$root/target/release/owalint}
generate=$root/target/release/examples/generate
floor=$root/target/release/examples/floor
words='InternalUrl|sslFlags|AllowProxyingWithoutSsl'
runs=${RUNS:-5}

(cd "$root" && cargo build --quiet --release --bin owalint --example generate --example floor)
mkdir -p "$folder"

# What each tree is made with.
plan() {
    case $1 in
        three) echo "--servers 3 --shape mixed --registry services --faults 0.4" ;;
        thousand) echo "--servers 1000 --shape mixed --registry services --faults 0.05" ;;
        list | clixml | json) echo "--servers 1000 --shape $1 --registry services --faults 0.05" ;;
        small) echo "--servers 2500 --shape mixed --registry small --faults 0.02 --small-files" ;;
        system) echo "--servers 1 --registry system" ;;
        ten-thousand) echo "--servers 10000 --shape list --registry none --faults 0.01 --small-files" ;;
        *) echo "no such tree: $1" >&2 && exit 2 ;;
    esac
}

# The median of a command's wall-clock time, in milliseconds. Exit codes are no failures: findings have one.
median() {
    hyperfine --shell=none --ignore-failure --warmup 1 --runs "$count_of_runs" --style none --export-csv "$folder/times.csv" \
        "$@" > "$folder/times.log" 2>&1 || { cat "$folder/times.log" >&2; exit 1; }
    # The command may hold commas: the columns are counted from the right.
    tail -n 1 "$folder/times.csv" | awk -F, '{ printf "%.1f", $(NF - 4) * 1000 }'
}

# The most memory that a command held, in MB.
peak() {
    /usr/bin/time --quiet -f %M -o "$folder/peak" "$@" > "$folder/out" 2>&1 || true
    tail -n 1 "$folder/peak" | awk '{ printf "%.0f", $1 / 1024 }'
}

echo "| tree | files | MB | owalint ms | rg ms | ratio to rg | decode ms | tokens ms | cat ms | xmllint ms | owalint peak MB | rg peak MB |"
echo "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
for tree in "$@"; do
    snapshot=$folder/$tree
    # What takes some milliseconds is measured more often.
    count_of_runs=$runs
    [ "$tree" != three ] || count_of_runs=$((runs * 8))
    # shellcheck disable=SC2046 # the plan is several arguments
    [ -d "$snapshot" ] || "$generate" $(plan "$tree") "$snapshot"
    count=$(find "$snapshot" -type f | wc -l)
    size=$(du -sb "$snapshot" | awk '{ printf "%.0f", $1 / 1e6 }')
    lint=$(median "$owalint check --quiet $snapshot")
    search=$(median "rg -c $words $snapshot")
    decode=$(median "$floor decode $snapshot")
    tokens=$(median "$floor tokens $snapshot")
    cat=$(median "find $snapshot -type f -exec cat {} +")
    xml=$(median "find $snapshot ( -name *.config -o -name *.xml ) -exec xmllint --noout {} +")
    ratio=$(echo "$lint $search" | awk '{ printf "%.2f", $1 / $2 }')
    echo "| $tree | $count | $size | $lint | $search | $ratio | $decode | $tokens | $cat | $xml |" \
        "$(peak "$owalint" check --quiet "$snapshot") | $(peak rg -c "$words" "$snapshot") |"
done

#!/usr/bin/env bash
# Fuzzes one target after the other: run.sh MINUTES [TARGET...]; what is found lies in artifacts/.
set -euo pipefail
cd "$(dirname "$0")"
minutes=$1
shift
targets=("$@")
if [ ${#targets[@]} = 0 ]; then
  for file in fuzz_targets/*.rs; do targets+=("$(basename "$file" .rs)"); done
fi
[ -d corpus ] || ./seed.sh
cargo +nightly fuzz build --sanitizer none
mkdir -p logs
for target in "${targets[@]}"; do
  mkdir -p "corpus/$target" "artifacts/$target"
  # One input may take ten seconds and two gibibytes, which is far more than any of this size needs.
  "target/x86_64-unknown-linux-gnu/release/$target" "corpus/$target" -artifact_prefix="artifacts/$target/" \
    -dict=dictionary.txt -max_len=16384 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -max_total_time=$((minutes * 60)) >"logs/$target.$(date +%s).log" 2>&1 || echo "$target: see logs/"
done

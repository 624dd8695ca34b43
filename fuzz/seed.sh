#!/usr/bin/env bash
# Fills the corpora with what the fixtures hold, and with what the differential tests can write, for a first run.
set -euo pipefail
cd "$(dirname "$0")"
fixtures=../fixtures

# take TARGET FILE...: the first kibibytes of each file, under the hash of its content
take() {
  local target=$1 file content
  shift
  mkdir -p "corpus/$target"
  for file; do
    content=$(mktemp)
    head -c 8192 "$file" >"$content"
    mv "$content" "corpus/$target/$(sha1sum <"$content" | cut -c1-16)"
  done
}

# tree TARGET FOLDER: a folder as one input, divided at lines `=== PATH`
tree() {
  local whole file
  whole=$(mktemp)
  (cd "$2" && find . -type f ! -name case.toml ! -name expected.txt | sort | while read -r file; do
    printf '=== %s\n' "${file#./}"
    head -c 3000 "$file"
    printf '\n'
  done) >"$whole"
  take "$1" "$whole"
  rm "$whole"
}

listings=$(find $fixtures -name "owa*.txt" -size -16k | sort | awk "NR % 8 == 1")
configs=$(find $fixtures -name '*.config' -size -16k | sort)
written=$(mktemp -d)
trap 'rm -rf "$written"' EXIT
for seed in 1 2 3 4 5 6 7 8; do
  python3 ../tests/differential/exports/json_csv.py --write $seed "$written/json-csv" >/dev/null
done

IFS=$'\n'
take format_list $listings
take xml $configs
take xml_objects seeds/xml_objects/* $(find $fixtures -name "*.xml")
take json_csv $(find $fixtures "$written/json-csv" -name '*.json' -o -name '*.csv')
take reg $(find $fixtures -name "*.reg")
take reg_query_appcmd seeds/reg_query_appcmd/*
take rules $(find ../rules -name '*.toml' | awk 'NR % 4 == 1') $(find $fixtures -name 'owalint-estate.toml' -o -name 'case.toml' | awk 'NR % 40 == 1') seeds/rules/*
take decode $(printf '%s\n' $listings | head -3) $(find $fixtures -path '*windows-export*' -name '*.reg' | head -2) $(find $fixtures -name '*.csv')
for folder in $(find $fixtures/rules -mindepth 2 -maxdepth 2 -type d | awk 'NR % 25 == 1'); do
  tree properties "$folder"
done
for folder in $fixtures/estates/*; do tree lint "$folder"; done

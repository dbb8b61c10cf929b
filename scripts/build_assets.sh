#!/bin/sh
# Bundles the site's scripts, styles, fonts and map shapes into src/waqai/web/static, with their licences. Needs Node and
# npm, and the network once; what it makes is committed, so that neither a user nor a test needs either.
# Usage: scripts/build_assets.sh [FOLDER FOR node_modules]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out="$here/../src/waqai/web/static"
work=${1:-$(mktemp -d)}
mkdir -p "$work" "$out/fonts"
cp "$here"/web/package.json "$here"/web/*.js "$here"/web/*.css "$here"/web/*.svg "$work/"
cd "$work"
npm install --ignore-scripts --no-audit --no-fund --silent
build="node_modules/.bin/esbuild --bundle --minify --target=es2020 --charset=utf8 --legal-comments=none --log-level=warning"
$build --format=iife --outfile="$out/site.js" site.js
$build --format=iife --outfile="$out/charts.js" charts.js
$build --format=iife --outfile="$out/theme.js" theme.js
$build --external:fonts/* --outfile="$out/site.css" site.css
cp icon.svg "$out/icon.svg"
cp node_modules/world-atlas/countries-110m.json "$out/countries-110m.json"
for script in arabic latin; do
  for weight in 400 600; do
    cp "node_modules/@fontsource/ibm-plex-sans-arabic/files/ibm-plex-sans-arabic-$script-$weight-normal.woff2" "$out/fonts/"
  done
  for weight in 400 700; do
    cp "node_modules/@fontsource/noto-naskh-arabic/files/noto-naskh-arabic-$script-$weight-normal.woff2" "$out/fonts/"
  done
done
{
  echo "What is bundled into this folder, and under which licence. Made by scripts/build_assets.sh."
  echo
  echo "countries-110m.json: world-atlas, from Natural Earth (public domain)."
  for name in htmx.org topojson-client world-atlas @fontsource/ibm-plex-sans-arabic @fontsource/noto-naskh-arabic $(cd node_modules && ls -d d3-* internmap); do
    echo
    echo "======== $(node -p "const p=require('./node_modules/$name/package.json'); p.name+' '+p.version+', '+p.license") ========"
    cat "node_modules/$name"/LICENSE*
  done
} > "$out/LICENSES.txt"

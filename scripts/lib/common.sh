# SPDX-License-Identifier: Apache-2.0
# Shared by the scripts: progress lines with wall time, package set-up, build. Sourced, never run.
set -euo pipefail

IPUSIM_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
IPUSIM_PRESET=${IPUSIM_PRESET:-release}
IPUSIM_BUILD="$IPUSIM_ROOT/build/$IPUSIM_PRESET"
IPUSIM_JOBS=${IPUSIM_JOBS:-$(nproc)}

say() { printf '== %s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 2; }

# step NAME COMMAND...: run a command, then say how long it took.
step() {
  local name=$1 start end
  shift
  say "$name: $*"
  start=$(date +%s.%N)
  "$@"
  end=$(date +%s.%N)
  say "$name took $(awk -v a="$start" -v b="$end" 'BEGIN { printf "%.1f s", b - a }')"
}

# missing_packages PURPOSE: those of scripts/packages.txt that are not installed; `run` leaves out those for tests.
missing_packages() {
  local name use
  grep -vE '^[[:space:]]*(#|$)' "$IPUSIM_ROOT/scripts/packages.txt" | while read -r name use; do
    [ "$1" = run ] && [ "$use" = test ] && continue
    dpkg-query -W -f='${db:Status-Abbrev}' "$name" 2>/dev/null | grep -q '^ii' || printf '%s\n' "$name"
  done
}

# install_packages [run]: installs what scripts/packages.txt names and the machine lacks, with `run` without what only
# tests need; touches the network only if something is missing.
install_packages() {
  local missing as_root=()
  command -v dpkg-query >/dev/null || fail "this is not a Debian system: install the packages of scripts/packages.txt by your own means"
  missing=$(missing_packages "${1:-test}")
  if [ -z "$missing" ]; then
    say "packages: all there"
    return
  fi
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "missing packages, and neither root nor sudo to install them: apt-get install" $missing
    as_root=(sudo)
  fi
  step "package lists" "${as_root[@]}" apt-get update -qq
  # shellcheck disable=SC2086  # one word per package
  step "packages" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
}

# Whether the build tree was configured with tests.
tests_configured() { grep -qs '^BUILD_TESTING:BOOL=ON' "$IPUSIM_BUILD/CMakeCache.txt"; }

# build [--target ...]: with tests if what they need is installed, so that a tree of `scripts/run` alone stands without.
build() {
  local testing=OFF
  [ -n "$(missing_packages test)" ] || testing=ON
  if [ ! -f "$IPUSIM_BUILD/build.ninja" ] || { [ "$testing" = ON ] && ! tests_configured; }; then
    (cd "$IPUSIM_ROOT" && step "configure" cmake --preset "$IPUSIM_PRESET" "-DBUILD_TESTING=$testing")
  fi
  step "build" cmake --build "$IPUSIM_BUILD" --parallel "$IPUSIM_JOBS" "$@"
}

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

missing_packages() {
  local name
  grep -vE '^[[:space:]]*(#|$)' "$IPUSIM_ROOT/scripts/packages.txt" | while read -r name; do
    dpkg-query -W -f='${db:Status-Abbrev}' "$name" 2>/dev/null | grep -q '^ii' || printf '%s\n' "$name"
  done
}

# Installs what scripts/packages.txt names and the machine lacks; touches the network only then.
install_packages() {
  local missing as_root=()
  command -v dpkg-query >/dev/null || fail "this is not a Debian system: install the packages of scripts/packages.txt by your own means"
  missing=$(missing_packages)
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

build() {
  if [ ! -f "$IPUSIM_BUILD/build.ninja" ]; then
    (cd "$IPUSIM_ROOT" && step "configure" cmake --preset "$IPUSIM_PRESET")
  fi
  step "build" cmake --build "$IPUSIM_BUILD" --parallel "$IPUSIM_JOBS" "$@"
}

#!/usr/bin/env bash
# Shows that a newcomer's two commands need Node, npm and util-linux and no more: makes a Debian minbase root,
# copies this machine's node and npm into it, clones this checkout into it, and runs there `npm ci && npm run demo`
# and `npm ci && npm test`, as root and as a plain user, and what both say where the kernel refuses namespaces.
#
#   sudo scripts/bare-machine.sh [root|user|refused]...        default: all three
#
# BARE_LOGS: a folder for what the runs print.
# Needs root, git and mmdebstrap. Uses the apt and npm configuration of this machine. Leaves nothing behind.
# Exit status: 0 when all passed, 1 when something failed, 3 when this machine cannot make the root.
set -euo pipefail
checkout=$(cd "$(dirname "$0")/.." && pwd)

# Bounds, in seconds: several times what an idle machine with two cores takes.
readonly make_root_s=600 run_s=2700
readonly plain_uid=1000

lacking() {
  echo "$1" >&2
  exit 3
}
[ "$(id -u)" = 0 ] || lacking "making a Debian root needs root: run it with sudo"
for program in mmdebstrap git unshare node npm; do
  command -v "$program" >/dev/null || lacking "needs $program"
done

work=$(mktemp -d "${TMPDIR:-/tmp}/tandem-bare-XXXXXX")
bare=$work/root
logs=${BARE_LOGS:-$work/logs}
running=
# Whatever runs in the root lives in a pid and a mount namespace that end with `unshare`: no process, no mount is left.
# `timeout` leads the process group that `unshare` is in.
clean_up() {
  if [ -n "$running" ]; then kill -KILL -- "-$running" 2>/dev/null || true; fi
  # The last of them may still be writing.
  for _ in 1 2 3 4 5; do
    if rm -rf --one-file-system "$work" 2>/dev/null; then return; fi
    sleep 1
  done
  echo "could not be removed: $work" >&2
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# Waited for in the background, so that a signal is heard at once.
bounded() { # SECONDS COMMAND...
  timeout --signal=KILL "$@" </dev/null &
  running=$!
  local status=0
  wait "$running" || status=$?
  running=
  return "$status"
}

make_root() {
  local sources suite options=$work/apt.conf
  for sources in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list; do
    if [ -s "$sources" ]; then break; fi
  done
  # shellcheck disable=SC1091
  suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
  # How this machine's apt reaches its mirror: proxies, certificates, clocks.
  apt-config dump Acquire | grep -v ' "";$' >"$options"
  # In namespaces of its own: what it mounts is gone with it, however it ends.
  bounded "$make_root_s" unshare --mount --pid --fork --kill-child --mount-proc \
    mmdebstrap --mode=root --variant=minbase --format=directory --quiet --aptopt="$options" "$suite" "$bare" "$sources"
}

# node, npm, and what lets npm reach its registry from there; the project's own .npmrc says nothing of it.
copy_node() {
  local npm cafile
  npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
  install -D "$(readlink -f "$(command -v node)")" "$bare/usr/local/bin/node"
  mkdir -p "$bare/usr/local/lib/node_modules" "$bare/usr/local/etc"
  cp -a "$npm" "$bare/usr/local/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$bare/usr/local/bin/npm"
  copy_if_there "$(config globalconfig)" "$bare/usr/local/etc/npmrc"
  copy_if_there "$(config userconfig)" "$work/npmrc"
  cafile=$(config cafile)
  copy_if_there "$cafile" "$bare$cafile"
  copy_if_there "${NODE_EXTRA_CA_CERTS:-}" "$bare${NODE_EXTRA_CA_CERTS:-}"
  copy_if_there /etc/resolv.conf "$bare/etc/resolv.conf"
}
config() { (cd / && npm config get "$1" 2>/dev/null); }
copy_if_there() {
  if [ -f "$1" ]; then mkdir -p "$(dirname "$2")" && cp -L "$1" "$2"; fi
}

# A person with a home and a clone in it.
settle() { # NAME UID HOME
  local home=$bare$3
  if [ "$2" != 0 ]; then echo "$1:x:$2:$2::$3:/bin/sh" >>"$bare/etc/passwd"; echo "$1:x:$2:" >>"$bare/etc/group"; fi
  mkdir -p "$home"
  copy_if_there "$work/npmrc" "$home/.npmrc"
  git clone --quiet --no-local "$checkout" "$home/tandem" 2>/dev/null
  git -C "$home/tandem" checkout --quiet --detach "$commit"
  chown -R "$2:$2" "$home"
}

# Runs in the namespaces of a container: its own mounts and processes; the network is the machine's, for npm.
# By pivot_root, because the kernel refuses user namespaces to whoever sits in a chroot.
container='
set -e
mount --bind "$0" "$0"
cd "$0"
mount -t proc -o nosuid,nodev,noexec proc proc
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
mount -t tmpfs -o mode=0755,nosuid tmpfs dev
mkdir dev/pts dev/shm
for name in null zero full random urandom tty; do touch "dev/$name"; mount --bind "/dev/$name" "dev/$name"; done
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts dev/pts
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
for name in stdin:0 stdout:1 stderr:2; do ln -s "/proc/self/fd/${name#*:}" "dev/${name%:*}"; done
pivot_root . .
umount -l .
cd /
"$@" & wait "$!"'

in_root() { # UID HOME COMMAND: the exit status is the command's
  local id=$1 home=$2
  bounded "$run_s" unshare --mount --pid --uts --ipc --fork --kill-child sh -c "$container" "$bare" \
    setpriv --reuid="$id" --regid="$id" --clear-groups \
    env -i HOME="$home" PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin LANG=C.UTF-8 TERM=dumb \
    npm_config_registry="$(config registry)" "${reach[@]}" \
    sh -c "cd ~/tandem && $3"
}
# What else may stand between this machine and the registry.
reach=()
for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY NODE_EXTRA_CA_CERTS; do
  if [ -n "${!name:-}" ]; then reach+=("$name=${!name}"); fi
done

failed=0
passed() { printf 'passed  %s (%s s)\n' "$1" "$2"; }
failed() { # WHAT LOG
  failed=$((failed + 1))
  printf 'FAILED  %s; the end of what it printed:\n' "$1"
  tail -n "${BARE_TAIL:-60}" "$2" | sed 's/^/        /'
}

# One row of what passed: the command has to end with this status, having printed a line with these words.
expect() { # NAME UID HOME STATUS WORDS COMMAND
  local name=$1 status=0 log began=$SECONDS
  log="$logs/$(printf '%s' "$name" | tr -c 'a-z0-9\n' '-').log"
  in_root "$2" "$3" "$6" >"$log" 2>&1 || status=$?
  if [ "$status" = "$4" ] && grep -qE -e "$5" "$log"; then passed "$name" "$((SECONDS - began))"
  else failed "$name (exit status $status)" "$log"; fi
}

# Files of the root that are newer than the stamp, apart from the homes and what is temporary: nothing was installed.
expect_nothing_installed() { # NAME
  local log=$logs/installed.log
  find "$bare" -xdev \( -path "$bare/root" -o -path "$bare/srv" -o -path "$bare/tmp" -o -path "$bare/var/tmp" \) -prune \
    -o ! -type d -newer "$work/stamp" -print >"$log"
  if [ -s "$log" ]; then failed "$1: nothing installed" "$log"; else passed "$1: nothing installed" 0; fi
}

try_as() { # NAME UID HOME
  settle "$1" "$2" "$3"
  touch "$work/stamp"
  expect "$1: npm ci && npm run demo" "$2" "$3" 0 'event +longest silence' "npm ci && npm run demo"
  expect "$1: npm ci && npm test" "$2" "$3" 0 'Test Files .* passed' "npm ci && npm test"
  expect_nothing_installed "$1"
}

# A user namespace has a limit of its own: the same refusal as of a kernel that has it switched off for everybody.
try_refused() {
  local home=/srv/refused refuse
  settle refused "$((plain_uid + 1))" "$home"
  refuse='unshare --user --map-root-user sh -c "echo 0 >/proc/sys/user/max_user_namespaces && exec setpriv --bounding-set=-all --inh-caps=-all \"\$@\"" sh'
  expect "refused: npm run demo says the sysctl" "$((plain_uid + 1))" "$home" 3 'sysctl -w user.max_user_namespaces' \
    "npm ci && $refuse npm run demo"
  expect "refused: npm test says the sysctl" "$((plain_uid + 1))" "$home" 3 'sysctl -w user.max_user_namespaces' \
    "npm ci && $refuse npm test"
}

mkdir -p "$logs"
commit=$(git -C "$checkout" rev-parse HEAD)
echo "commit  $(git -C "$checkout" rev-parse --short HEAD), node $(node --version), npm $(npm --version 2>/dev/null)"
make_root
copy_node
echo "root    $(chroot "$bare" dpkg-query -W | wc -l) packages of Debian minbase, $(chroot "$bare" dpkg-query -W util-linux | tr '\t' ' ')"
if [ "$#" = 0 ]; then set -- root user refused; fi
for who in "$@"; do
  case $who in
    root) try_as root 0 /root ;;
    user) try_as user "$plain_uid" /srv/user ;;
    refused) try_refused ;;
    *) echo "not known: $who" >&2; exit 1 ;;
  esac
done
if [ "$failed" = 0 ]; then echo "all passed"; else echo "$failed failed"; exit 1; fi

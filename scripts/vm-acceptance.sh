#!/usr/bin/env bash
# Shows Tandem under real systemd: zeus and hera as virtual machines with a crossover cable, a null-modem line at 9600
# baud and a client, the tutorial's three files, Apache as a systemd unit. Installs this checkout there as README says.
#
#   sudo scripts/vm-acceptance.sh FOLDER [POINT]...        default: all points, in this order
#     start units serial stop reboot shutdown kill group hang power
#   FOLDER: the virtual machines (`build`, `vm`, README.md with what they need); ../shared/vm beside the checkout by default.
#   VMLAB: where their images are built and kept, a short path; without it in a temporary folder that is removed at the end.
#   KEEP=1: leaves the machines up at the end, and goes on with those that are: `VM_NAME=tandem FOLDER/vm on zeus` looks inside.
#   DEADTIME: seconds instead of the tutorial's 12 in ha.cf, for a busy machine.
#   PATIENT_DEADTIME: the same for `kill` and `group`, default 120: an emulated machine on busy cores needs up to a minute
#   to start both processes again, far longer than the 9 s that an address outlives its last renewal by.
#
# Each line says ok or FAILED and what was seen. Nothing here holds a time against Tandem: emulation is slow.
# Exit status: 0 when all was ok, 1 when something failed, 3 when the machines cannot be had.
# What stands in single quotes is for the guests' shells.
# shellcheck disable=SC2016
set -euo pipefail
checkout=$(cd "$(dirname "$0")/.." && pwd)

# Bounds, in seconds: several times what two shared cores take under emulation.
readonly boot_s=600 settle_s=300 quick_s=60
# After a second death within the hour, as `hang` and `power` are, a node comes home 2 x initdead after its boot.
readonly home_s=900
readonly vip=192.168.43.53

lacking() {
  echo "$1" >&2
  exit 3
}
folder=$checkout/../shared/vm
if [ "$#" -gt 0 ] && [ -d "$1" ]; then
  folder=$1
  shift
fi
folder=$(cd "$folder" 2>/dev/null && pwd) || lacking "no folder of virtual machines at $folder: name it"
[ -x "$folder/vm" ] || lacking "$folder has no program vm"
[ "$(id -u)" = 0 ] || lacking "networks for the machines need root: run it with sudo"
[ -e "$checkout/dist/pulse/main.js" ] || lacking "not built yet: run npm ci in the checkout"
for program in node curl ping ip tar; do
  command -v "$program" >/dev/null || lacking "needs $program"
done

work=$(mktemp -d "${TMPDIR:-/tmp}/tandem-vm-XXXXXX")
export VMLAB=${VMLAB:-$work} VM_NAME=${VM_NAME:-tandem}
client=$VM_NAME-client
vm() { "$folder/vm" "$@"; }
on() { vm on "$@"; }
watchers=()
are_ours=
clean_up() {
  if [ "${#watchers[@]}" -gt 0 ]; then kill "${watchers[@]}" 2>/dev/null || true; fi
  if [ -n "$are_ours" ] && [ -z "${KEEP:-}" ]; then vm down 2>/dev/null || true; fi
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# What is said of each point.
failures=0
point=
ok() { printf 'ok      %-9s %s\n' "$point" "$1"; }
failed() {
  failures=$((failures + 1))
  printf 'FAILED  %-9s %s\n' "$point" "$1"
  for host in zeus hera; do
    echo "        the end of the log of $host:"
    on -t 30 "$host" 'tail -n 15 /var/log/ha-log' 2>&1 | sed 's/^/          /' || true
  done
}
# verdict TEXT COMMAND...: the command decides.
verdict() {
  local text=$1
  shift
  if "$@"; then ok "$text"; else failed "$text"; fi
}
# within SECONDS COMMAND...: true as soon as the command is.
within() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    if [ "$SECONDS" -ge "$end" ]; then return 1; fi
    sleep 0.5
  done
}

# The status of a node as JSON, through its socket: `tandem status` costs an emulated machine seconds.
status_of() { on -t 20 "$1" "echo '{\"id\":1,\"method\":\"status\"}' | socat -t 5 - UNIX-CONNECT:/run/tandem/status | sed -n 2p" 2>/dev/null; }
# status_is HOST EXPRESSION: of `status`, the group `group` and the peer `peer`.
status_is() {
  status_of "$1" | node -e '
    const reply = JSON.parse(require("fs").readFileSync(0, "utf8"));
    const status = reply.result, group = status.groups[0];
    const peer = status.nodes.find((node) => node.name !== status.node);
    process.exit(eval(process.argv[1]) ? 0 : 1);' "$2" 2>/dev/null
}
holds() { on -t 20 "$1" "ip -4 -o addr show dev eth0 | grep -q ' $vip/'" 2>/dev/null; }
page() { ip netns exec "$client" curl -s -m 3 "http://$vip/"; }
page_is_of() { [ "$(page)" = "$1" ]; }
other() { if [ "$1" = zeus ]; then echo hera; else echo zeus; fi; }
# Serves for the client, and says so itself; the other one agrees.
serves() {
  page_is_of "$1" && status_is "$1" "group.owner === '$1.example.com'" &&
    status_is "$(other "$1")" "group.owner === '$1.example.com'"
}
# Both are there on both media, so that a move would be possible.
both_well() {
  local host
  for host in zeus hera; do
    status_is "$host" 'peer.status === "active" && peer.links.every((link) => link.status === "up")' || return 1
  done
}
calm() { within "$settle_s" serves "$1" && within "$settle_s" both_well; }

# From here on: what is new in the logs, what a client sees.
declare -A marked=()
mark() {
  local host
  for host in zeus hera; do
    marked[$host]=$(on "$host" 'cat /var/log/ha-log 2>/dev/null | wc -l' 2>/dev/null || echo 0)
  done
}
news() { on -t 20 "$1" "tail -n +$((${marked[$1]} + 1)) /var/log/ha-log" 2>/dev/null | sed 's/^[A-Z][a-z]* [0-9 ]* [0-9:]* [^ ]* tandem: \[[0-9]*\]: //'; }
# A host that does not answer has not said that nothing happened.
never_says() {
  local text
  text=$(news "$1") && ! grep -qE -e "$2" <<<"$text"
}
nobody_moved() { never_says zeus 'taking it|giving it|preparing' && never_says hera 'taking it|giving it|preparing'; }
quote() { news "$1" | grep -E -e "$2" | sed "s/^/        $1: /" || true; }

watch() {
  ip netns exec "$client" stdbuf -oL ping -i 0.2 "$vip" > >(while read -r line; do printf '%(%T)T %s\n' -1 "$line"; done >"$work/ping") 2>&1 &
  watchers=($!)
  # Of a page that failed: what curl says of it (28: nothing came in 3 s), and when.
  (while :; do
    page || printf -- '-%d at %(%T)T\n' "$?" -1
    sleep 0.2
  done >"$work/pages" 2>/dev/null) &
  watchers+=($!)
  mark
  sleep 3
}
# Lets the client look for a little longer, then says what it saw.
unwatch() {
  sleep 3
  kill -INT "${watchers[0]}"
  kill "${watchers[1]}"
  wait "${watchers[@]}" 2>/dev/null || true
  watchers=()
  seen=$(node -e '
    const read = (name) => require("fs").readFileSync(`${process.argv[1]}/${name}`, "utf8");
    // By number: where both answer in turn, an earlier reply may come after a later one, and is not lost.
    const got = [...read("ping").matchAll(/^(\S+) .*icmp_seq=(\d+)/gm)]
      .map((match) => ({ at: match[1], seq: Number(match[2]) })).sort((one, other) => one.seq - other.seq);
    let lost = 0, longest = 0;
    const when = [];
    got.forEach(({ at, seq }, place) => {
      const gap = place === 0 ? 0 : Math.max(0, seq - got[place - 1].seq - 1);
      if (gap > 0) when.push(`${gap} before ${at}`);
      lost += gap; longest = Math.max(longest, gap);
    });
    const pages = read("pages").trim().split("\n");
    const isBad = (page) => page.startsWith("-");
    const bad = pages.filter(isBad);
    const by = pages.filter((page, at) => !isBad(page) && page !== pages.slice(0, at).reverse().find((one) => !isBad(one)));
    console.log(`${lost} of ${got.length + lost} pings lost` + (longest > 0 ? `, longest silence ${(longest * 0.2).toFixed(1)} s (${when.slice(0, 4).join(", ")})` : "")
      + `; ${bad.length} of ${pages.length} pages failed`
      + (bad.length > 0 ? ` (curl: ${bad.slice(0, 4).map((page) => page.slice(1)).join(", ")})` : "") + `; served by ${by.join(", then ")}`);
    require("fs").writeFileSync(`${process.argv[1]}/lost`, String(lost));' "$work")
  lost=$(cat "$work/lost")
}
none_lost() { [ "$lost" = 0 ]; }

# A checkout in /opt/tandem after `npm ci`, which needs a network that these machines have not.
stage() {
  local to=$work/stage name
  mkdir -p "$to/node_modules"
  cp -R "$checkout"/{bin,dist,docs,packaging,package.json} "$to/"
  for name in $(node -p 'Object.keys(require(process.argv[1]).dependencies).join(" ")' "$checkout/package.json") @koromix; do
    cp -RL "$checkout/node_modules/$name" "$to/node_modules/"
  done
}
# README.md, "Two machines", steps 1 to 4; before them what a tutorial's machine has by itself: a full name, a page.
install() { # HOST
  vm put "$1" "$work/stage" /opt/tandem
  vm put "$1" "$checkout/test/tutorial" /etc/ha.d
  on "$1" '
    mkdir -p /etc/systemd/system/vm-setup.service.d
    name=$(uname -n | cut -d. -f1)
    printf "[Service]\nExecStartPost=/bin/hostname %s.example.com\n" "$name" >/etc/systemd/system/vm-setup.service.d/name.conf
    hostname "$name.example.com"
    echo "$name" >/var/www/html/index.html
    chmod 600 /etc/ha.d/authkeys
    systemctl disable --now apache2 2>/dev/null
    cp /opt/tandem/packaging/tandem.service /etc/systemd/system/
    systemctl daemon-reload
    systemctl enable tandem 2>/dev/null'
  deadtime_is "$1" "${DEADTIME:-12}"
}
deadtime_is() { on "$1" "sed -i 's/^deadtime .*/deadtime $2/' /etc/ha.d/ha.cf"; }
start_both() {
  on zeus 'systemctl --no-block start tandem'
  on hera 'systemctl --no-block start tandem'
}
stop_both() {
  on hera 'systemctl stop tandem'
  on zeus 'systemctl stop tandem'
}
property() { on "$1" "systemctl show -p $3 --value $2"; }
properties() { on "$1" "systemctl show $(printf -- '-p %s ' "${@:3}") $2" | tr '\n' ' '; }

point_start() {
  start_both
  verdict "both daemons are up, zeus serves a page on $vip, hera agrees" calm zeus
  for host in zeus hera; do
    verdict "$host: $(properties "$host" tandem Type NotifyAccess KillMode ActiveState SubState NRestarts)" \
      [ "$(property "$host" tandem ActiveState)" = active ]
    on "$host" 'for pid in $(cat /sys/fs/cgroup/system.slice/tandem.service/cgroup.procs); do ps -o cls=,rtprio=,args= -p "$pid"; done' | cut -c1-110 | sed 's/^/        /'
  done
  verdict "zeus: WATCHDOG=1 reaches systemd: its stamp moves on" within "$quick_s" stamp_moves zeus
  verdict "zeus: the address has a finite lifetime: $(on zeus "ip -4 addr show dev eth0 | grep -A1 $vip/ | tr -s ' \n' ' '")" holds zeus
  verdict "client: curl http://$vip/ prints: $(page || true)" page_is_of zeus
}
stamp_moves() {
  local first
  first=$(property "$1" tandem WatchdogTimestampMonotonic)
  within 20 eval "[ \"\$(property $1 tandem WatchdogTimestampMonotonic)\" != $first ]"
}

point_units() {
  verdict "check: $(on zeus '/opt/tandem/bin/tandem check | grep script-alias')" true
  verdict "zeus: $(properties zeus apache2 ActiveState SubState UnitFileState MainPID)" [ "$(property zeus apache2 ActiveState)" = active ]
  verdict "hera: $(properties hera apache2 ActiveState SubState UnitFileState)" [ "$(property hera apache2 ActiveState)" = inactive ]
  verdict "zeus: ordered behind us: apache2.service $(on zeus 'systemctl show -p Before apache2 | tr " " "\n" | grep tandem')" \
    eval 'property zeus apache2 Before | grep -q tandem.service'
  watch
  verdict "zeus: tandem standby: $(on zeus '/opt/tandem/bin/tandem standby' 2>&1)" within "$settle_s" serves hera
  verdict "zeus: its unit is stopped, hera's runs: $(property zeus apache2 ActiveState), $(property hera apache2 ActiveState)" \
    [ "$(property zeus apache2 ActiveState) $(property hera apache2 ActiveState)" = "inactive active" ]
  unwatch
  verdict "client: $seen" none_lost
  on zeus 'journalctl -q -u apache2 --no-pager -n 2 -o cat' | sed 's/^/        zeus: /'
  on zeus '/opt/tandem/bin/tandem takeover || true' 2>&1 | sed 's/^/        zeus: /'
  verdict "zeus has it back" calm zeus
  # The unit by a name that only systemd gives it.
  on hera 'ln -sf /lib/systemd/system/apache2.service /etc/systemd/system/httpd.service; systemctl daemon-reload'
  on -i hera 'cat >/tmp/alias.mjs' <<'JS'
import { rmSync } from "node:fs";
import { lookUpScript } from "/opt/tandem/dist/inspect/resource-lookup.js";
import { orderUnitsBehindUs } from "/opt/tandem/dist/resources/systemd-order.js";
import { SystemdUnit } from "/opt/tandem/dist/resources/systemd.js";
const found = await lookUpScript("httpd", { configDir: "/etc/ha.d" });
const unit = new SystemdUnit({ unit: found.unit });
const states = [];
for (const op of ["status", "start", "start", "status", "stop", "stop", "status"]) {
  const { ok, state, detail } = await unit[op]();
  states.push(`${op} ${ok ? state : `FAILED ${state} ${detail}`}`);
}
rmSync("/run/systemd/system/apache2.service.d", { recursive: true });
await orderUnitsBehindUs([found.unit]);
console.log(`${found.unit}: ${states.join(", ")}`);
JS
  local said
  said=$(on -t 300 hera 'node /tmp/alias.mjs' 2>&1 || true)
  verdict "hera, alias of systemd: $said" \
    [ "$said" = "httpd.service: status stopped, start running, start running, status running, stop stopped, stop stopped, status stopped" ]
  verdict "hera, alias of systemd: apache2.service is ordered behind us by $(property hera apache2 DropInPaths)" \
    eval 'property hera apache2 Before | grep -q tandem.service'
  on hera 'cd /run/systemd/system && mv httpd.service.d apache2.service.d && rm /etc/systemd/system/httpd.service && systemctl daemon-reload'
}

point_serial() {
  watch
  vm unplug zeus eth1
  verdict "eth1 pulled: both say that its link is dead, and hear each other over ttyS1 alone" within "$settle_s" only_serial
  sleep "$((2 * ${DEADTIME:-12}))"
  verdict "two dead times later zeus still serves, ttyS1 is up" eval 'serves zeus && only_serial'
  verdict "nothing moved" nobody_moved
  unwatch
  verdict "client: $seen" none_lost
  on zeus 'stty -F /dev/ttyS1 speed; cat /proc/tty/driver/serial | grep "^1:"' | sed 's/^/        zeus: ttyS1: /'
  quote zeus 'Link|medium'
  vm plug zeus eth1
  verdict "plugged again: both links up" calm zeus
}
only_serial() {
  local host
  for host in zeus hera; do
    status_is "$host" 'peer.status === "active" && peer.links.every((link) => (link.status === "up") === link.medium.includes("ttyS1"))' || return 1
  done
}

point_stop() {
  watch
  on zeus 'systemctl stop tandem'
  verdict "systemctl stop tandem on zeus: $(properties zeus tandem ActiveState Result ExecMainStatus)" [ "$(property zeus tandem Result)" = success ]
  verdict "hera serves, apache2 on zeus is $(property zeus apache2 ActiveState)" within "$settle_s" page_is_of hera
  unwatch
  verdict "client: $seen" none_lost
  verdict "no process of tandem is left on zeus" eval '! on zeus "pgrep -f [/]opt/tandem/ >/dev/null"'
  quote zeus 'group|stop'
  watch
  on zeus 'systemctl --no-block start tandem'
  verdict "started again: it comes home at once" calm zeus
  unwatch
  verdict "client: $seen" none_lost
}

point_reboot() {
  local boots
  boots=$(vm boots zeus)
  watch
  on zeus 'systemctl reboot' || true
  verdict "systemctl reboot of zeus: hera serves" within "$settle_s" page_is_of hera
  verdict "its kernel has started again" within "$boot_s" eval "[ \"\$(vm boots zeus)\" != $boots ]"
  unwatch
  verdict "client: $seen" none_lost
  vm wait zeus "$boot_s"
  verdict "zeus is back and has its group again" calm zeus
  quote zeus 'stopping|group|released'
  verdict "systemd stopped apache2.service behind tandem.service, or found it stopped by us" stopped_behind zeus
  on zeus "$last_words" | sed 's/^/        zeus: /'
}
last_words='journalctl -q -b -1 --no-pager -o cat -u tandem -u apache2 | grep -E "^(Stopping|Stopped) " | tail -n 4'
# Tandem's own stop of the unit comes after systemd has begun to stop Tandem, and before that has ended.
stopped_behind() {
  [ "$(on "$1" "$last_words" | sed 's/ - .*//' | tr '\n' ' ')" = "Stopping tandem.service Stopping apache2.service Stopped apache2.service Stopped tandem.service " ]
}

# A unit that stops before Tandem asks for a takeover while systemd shuts zeus down. It writes down what it saw, for
# the guests' own channel is among the first that systemd stops.
point_shutdown() {
  local boots
  boots=$(vm boots zeus)
  on zeus '/opt/tandem/bin/tandem standby || true' 2>&1 | sed 's/^/        zeus: /'
  calm hera || failed "hera serves before the reboot"
  on -i zeus 'cat >/etc/systemd/system/late-wish.service; systemctl daemon-reload; systemctl start late-wish' <<'UNIT'
[Unit]
After=tandem.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/true
ExecStop=-/bin/sh -c 'exec >/var/tmp/late-wish 2>&1; systemctl is-system-running; systemctl show -p ActiveState --value tandem; /opt/tandem/bin/tandem takeover; echo "exit $?"; systemctl show -p ActiveState --value apache2; sync'
TimeoutStopSec=300
UNIT
  watch
  on zeus 'systemctl --no-block reboot' || true
  verdict "zeus is told to reboot, its kernel has started again" within "$boot_s" eval "[ \"\$(vm boots zeus)\" != $boots ]"
  unwatch
  verdict "client: $seen" none_lost
  verdict "served by hera all the time" eval '[[ $seen == *"served by hera" ]]'
  vm wait zeus "$boot_s"
  local -a wish
  mapfile -t wish < <(on zeus 'cat /var/tmp/late-wish')
  printf '        zeus, while it shut down: %s\n' "${wish[@]}"
  verdict "zeus was ${wish[0]-}, tandem on it ${wish[1]-}" [ "${wish[0]-} ${wish[1]-}" = "stopping active" ]
  verdict "tandem takeover on zeus was refused: ${wish[*]: -2:1}" [ "${wish[*]: -2:1}" = "exit 1" ]
  verdict "apache2 on zeus was ${wish[*]: -1}" [ "${wish[*]: -1}" = inactive ]
  quote zeus 'shutting down|preparing|did not start|stays|stop'
  quote hera 'giving|stays|serves it now|leav'
  on zeus 'rm /etc/systemd/system/late-wish.service /var/tmp/late-wish; systemctl daemon-reload'
  verdict "zeus is back and has its group again" calm zeus
}

# kill_one POINT-TEXT COMMAND: nothing moves, and the same epoch is served on.
survives() {
  local what=$1 command=$2 before restarts
  before=$(on zeus 'cat /sys/fs/cgroup/system.slice/tandem.service/cgroup.procs' | tr '\n' ' ')
  watch
  on zeus "$command"
  verdict "$what: other processes than ${before% } run" within "$settle_s" others_run zeus "$before"
  verdict "$what: zeus serves, both nodes are well" calm zeus
  verdict "$what: nothing moved" nobody_moved
  unwatch
  verdict "$what: client: $seen" none_lost
  restarts=$(property zeus tandem NRestarts)
  echo "        NRestarts=$restarts"
  quote zeus 'adopted|is gone|not answered|the pulse'
}
others_run() { # HOST FORMER-PIDS: as many as there were, and at least one is new
  local now
  now=$(on "$1" 'cat /sys/fs/cgroup/system.slice/tandem.service/cgroup.procs' | tr '\n' ' ')
  [ "$now" != "$2" ] && [ "$(wc -w <<<"$now")" = 2 ]
}
patiently() {
  stop_both
  for host in zeus hera; do deadtime_is "$host" "${PATIENT_DEADTIME:-120}"; done
  start_both
  verdict "deadtime ${PATIENT_DEADTIME:-120} on both, zeus serves" calm zeus
}
as_printed() {
  stop_both
  for host in zeus hera; do deadtime_is "$host" "${DEADTIME:-12}"; done
  start_both
  verdict "deadtime ${DEADTIME:-12} again, zeus serves" calm zeus
}

point_kill() {
  patiently
  survives "SIGKILL of tandemd, the child" 'kill -KILL "$(cat /run/tandem/daemon.pid)"'
  survives "SIGKILL of the pulse, the main process" 'kill -KILL "$(systemctl show -p MainPID --value tandem)"'
  as_printed
}

point_group() {
  patiently
  survives "systemctl kill -s KILL tandem, both processes" 'systemctl kill --signal=KILL tandem'
  survives "cgroup.kill, as the OOM killer ends a whole group" 'echo 1 >/sys/fs/cgroup/system.slice/tandem.service/cgroup.kill'
  as_printed
}

point_hang() {
  local restarts
  restarts=$(property zeus tandem NRestarts)
  on zeus 'ip -ts -o monitor address dev eth0 >/var/tmp/addresses 2>&1 </dev/null & echo $! >/var/tmp/addresses.pid'
  watch
  on zeus 'kill -STOP "$(systemctl show -p MainPID --value tandem)"'
  verdict "SIGSTOP of the pulse on zeus: hera serves" within "$settle_s" page_is_of hera
  verdict "systemd's watchdog has ended the pulse, and another one was started" within "$settle_s" started_again zeus "$restarts"
  verdict "the address had left zeus by itself before that" left_by_itself zeus
  on zeus "$watchdog_words; grep $vip /var/tmp/addresses" | sed 's/^/        zeus: /'
  verdict "hera goes on serving, both are well" calm hera
  unwatch
  verdict "client: $seen" eval '[[ $seen == *"served by zeus, then hera" ]]'
  on zeus 'kill "$(cat /var/tmp/addresses.pid)"; rm /var/tmp/addresses*'
  quote zeus 'starts on|adopted|served|comes home'
  quote hera 'dead|taking|served'
  on zeus '/opt/tandem/bin/tandem takeover || true' 2>&1 | sed 's/^/        zeus: /'
  verdict "zeus has it back" calm zeus
}
started_again() { [ "$(property "$1" tandem NRestarts)" -gt "$2" ]; }
watchdog_words='journalctl -q -u tandem --no-pager -o short-iso-precise | grep -E "Watchdog timeout|code=|Scheduled restart" | tail -n 3'
# By one clock: the address went before systemd noticed. The kernel's words and systemd's begin with the time.
left_by_itself() {
  on -t 60 "$1" '
    gone=$(grep Deleted /var/tmp/addresses | grep -m 1 -F '" $vip/"' | grep -oE "[0-9-]{10}T[0-9:]{8}")
    noticed=$(journalctl -q -u tandem --no-pager -o short-iso | grep "Watchdog timeout" | tail -n 1 | cut -c1-19)
    [ -n "$gone" ] && [ -n "$noticed" ] && [[ $gone < $noticed ]]'
}

point_power() {
  watch
  vm power-cut zeus
  verdict "power cut of zeus: hera serves" within "$settle_s" page_is_of hera
  unwatch
  verdict "client: $seen" eval '[[ $seen == *"served by zeus, then hera" ]]'
  quote hera 'dead|taking|served'
  watch
  vm power-on zeus
  vm wait zeus "$boot_s"
  verdict "zeus is back, hera serves on" calm hera
  on zeus 'tac /var/log/ha-log | sed "/Tandem starts on/q" | tac | grep -E "starts on|journal|comes home|served" || true' | sed 's/^.*tandem: /        zeus: /'
  verdict "zeus has its group again once it has been up for a while" within "$home_s" serves zeus
  unwatch
  verdict "client: $seen" none_lost
  quote hera 'comes home|giving|serves it now'
}

echo "commit  $(git -C "$checkout" rev-parse --short HEAD 2>/dev/null || echo unknown), node $(node --version), $(uptime | sed 's/.*load/load/')"
stage
if [ -e "$VMLAB/run/$VM_NAME/zeus.pid" ]; then
  [ -n "${KEEP:-}" ] || lacking "machines called $VM_NAME are up already: end them with \`vm down\`, or choose another VM_NAME"
  stop_both
else
  "$folder/build" >"$work/build.log" 2>&1 || { tail -n 20 "$work/build.log" >&2; lacking "the machines cannot be built"; }
  are_ours=1
  vm up --warm
fi
echo "guests  $(on zeus 'uname -sr; systemctl --version | head -n 1; node --version' | tr '\n' ' ')"
for host in zeus hera; do install "$host"; done
if [ "$#" = 0 ]; then set -- start units serial stop reboot shutdown kill group hang power; fi
[ "$1" = start ] || { start_both; point="start" verdict "zeus serves" calm zeus; }
for point in "$@"; do
  declare -F "point_$point" >/dev/null || { echo "not known: $point" >&2; exit 1; }
  "point_$point"
done
if [ "$failures" = 0 ]; then echo "all ok"; else echo "$failures failed"; exit 1; fi

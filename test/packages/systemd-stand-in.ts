import { expect } from "vitest";
import { furnishHeartbeat } from "../../src/lab/heartbeat-node.ts";
import type { LabHost } from "../../src/lab/host.ts";

const CALLS = "/var/log/systemctl-calls";

/**
 * Has programs on this host believe that systemd manages it. Its `systemctl` knows nothing but the words
 * that `tandem migrate` prints and those that tandemd asks with; it notes each call, really starts and
 * stops what the units name, and is stricter than the real one: a unit that `daemon-reload` has not read
 * is not there. It does not start anew what ends.
 */
export async function standInForSystemd(host: LabHost): Promise<void> {
  await furnishHeartbeat(host);
  await shell(host, "mkdir -p /run/systemd/system && mount -t tmpfs tmpfs /usr/local/sbin");
  await host.writeFile("/usr/local/sbin/systemctl", systemctl, 0o755);
  await shell(host, `systemctl daemon-reload && rm ${CALLS}`);
}

/** What was typed at it, in this order; not what tandemd asked by itself. */
export async function typedSystemctlCalls(host: LabHost): Promise<readonly string[]> {
  const calls = (await host.readFile(CALLS)).trimEnd().split("\n");
  return calls.filter((call) => !call.startsWith("--no-ask-password "));
}

async function shell(host: LabHost, script: string): Promise<void> {
  const { code, stderr } = await host.run(["sh", "-ec", script]);
  expect(code, stderr).toBe(0);
}

const systemctl = `#!/bin/sh
echo "$*" >>${CALLS}
known=/run/systemctl-knows
wants=/etc/systemd/system/multi-user.target.wants
refuse() { echo "systemctl: $*" >&2; exit 1; }

[ "$1" = --no-ask-password ] && shift
verb=$1
shift
case "$verb" in
  is-system-running) echo running; exit 0 ;;
  daemon-reload)
    rm -rf $known && mkdir -p $known
    for unit in heartbeat tandem; do
      for dir in /lib/systemd/system /etc/systemd/system; do
        [ ! -f $dir/$unit.service ] || cp $dir/$unit.service $known/
      done
    done
    exit 0 ;;
esac
[ "$1" = --now ] && [ $# = 2 ] || refuse "unknown: $verb $*"
unit=$2
[ -f $known/$unit.service ] || refuse "no unit $unit"
grep -qx WantedBy=multi-user.target $known/$unit.service || refuse "$unit cannot be enabled"
pid_file=/run/systemctl-started-$unit
command_of() { sed -n "s/^$1=//p" $known/$unit.service; }
runs() { [ -e $pid_file ] && kill -0 "$(cat $pid_file)" 2>/dev/null; }

case "$verb" in
  enable)
    mkdir -p $wants && ln -sf $known/$unit.service $wants/
    runs && exit 0
    setsid $(command_of ExecStart) </dev/null >>/var/log/$unit.out 2>&1 &
    echo $! >$pid_file ;;
  disable)
    rm -f $wants/$unit.service
    runs || exit 0
    stop=$(command_of ExecStop)
    \${stop:-kill -TERM $(cat $pid_file)} >&2
    while runs; do sleep 0.1; done
    rm $pid_file ;;
  *) refuse "unknown: $verb" ;;
esac
`;

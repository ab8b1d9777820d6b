/**
 * The programs that people manage their firewall with, on a host of the lab: each with a configuration of
 * its own, so that the machine's is neither read nor written. Argument lists for `LabHost.run`.
 */
export interface Manager {
  /** As a machine is set up: nothing is let in but what a rule lets in. */
  readonly start: readonly string[];
  /** Succeeds where UDP 694 on eth1 is let in after the manager has loaded its rules anew. */
  readonly reload: readonly string[];
  readonly stop: readonly string[];
}

const script = (text: string) => ["sh", "-ec", text] as const;

/** The host's /etc is a folder of links to the machine's: a link is put away, not what it leads to. */
export const firewalld = (backend: string, zone?: string): Manager => ({
  start: script(`
    rm -rf /etc/firewalld
    mkdir -p /etc/firewalld/zones /run/dbus
    printf 'DefaultZone=public\\nFirewallBackend=${backend}\\n' >/etc/firewalld/firewalld.conf
    ${zone === undefined ? "" : `firewall-offline-cmd --zone=${zone} --add-interface=eth1`}
    [ -e /run/dbus/pid ] || dbus-daemon --system
    firewalld`),
  reload: script(`
    firewall-cmd --reload
    firewall-cmd ${zone === undefined ? "" : `--zone=${zone}`} --query-port=694/udp`),
  // It takes its rules away at its end.
  stop: script(`
    pid=$(cat /run/firewalld.pid)
    kill "$pid"
    tail --pid="$pid" -f /dev/null`),
});

export const ufw: Manager = {
  start: script(`
    for own in /etc/ufw /etc/default; do
      cp -aL "$own" /etc/own
      rm "$own"
      mv /etc/own "$own"
    done
    ufw --force reset
    ufw default deny incoming
    ufw --force enable`),
  reload: script(`
    ufw reload
    iptables -C ufw-user-input -i eth1 -p udp --dport 694 -j ACCEPT`),
  stop: ["ufw", "disable"],
};

/**
 * The lab's world as product.md 1 describes it: two nodes, a crossover cable, a null-modem line, a LAN
 * with a client on it. Addresses, names and hardware addresses are fixed, so that a run can be compared
 * with the last one and a packet capture can be read.
 */
export type HostName = "zeus" | "hera" | "client";
/** The hosts that form the cluster. */
export type NodeHost = Exclude<HostName, "client">;
/** A network cable is named after the interface it is plugged into. */
export type NetworkCable = "eth0" | "eth1";
export type Cable = NetworkCable | "serial";

export interface Interface {
  readonly name: NetworkCable;
  /** IPv4 address of the interface. */
  readonly address: string;
  readonly prefix: number;
  /** Hardware address; a host keeps it across power cuts, as a real card does. */
  readonly mac: string;
}

export interface HostLayout {
  readonly name: HostName;
  /** What `uname -n` says on the host. */
  readonly fullName: string;
  readonly interfaces: readonly Interface[];
  /** Whether the host has an end of the null-modem line, as /dev/ttyS1. */
  readonly serial: boolean;
}

/** The address of www.example.com, which belongs to whichever node is in charge. */
export const serviceAddress = "192.168.43.53";
/** The tty that both nodes find at their end of the null-modem line. */
export const serialDevice = "/dev/ttyS1";

const lan = (last: number, mac: string): Interface => ({
  name: "eth0",
  address: `192.168.43.${last}`,
  prefix: 24,
  mac,
});
const crossover = (last: number, mac: string): Interface => ({
  name: "eth1",
  address: `10.10.10.${last}`,
  prefix: 24,
  mac,
});

export const hostLayouts: Readonly<Record<HostName, HostLayout>> = {
  zeus: {
    name: "zeus",
    fullName: "zeus.example.com",
    interfaces: [lan(51, "02:7a:00:00:51:00"), crossover(1, "02:7a:00:00:51:01")],
    serial: true,
  },
  hera: {
    name: "hera",
    fullName: "hera.example.com",
    interfaces: [lan(52, "02:7a:00:00:52:00"), crossover(2, "02:7a:00:00:52:01")],
    serial: true,
  },
  client: {
    name: "client",
    fullName: "client.example.com",
    interfaces: [lan(200, "02:7a:00:00:c8:00")],
    serial: false,
  },
};

export const hostNames: readonly HostName[] = ["zeus", "hera", "client"];

/** /etc/hosts of every host: no name look-up ever leaves the lab. */
export function hostsFile(): string {
  const lines = Object.values(hostLayouts).map(
    (host) => `${host.interfaces[0]?.address}\t${host.fullName} ${host.name}`,
  );
  return [`127.0.0.1\tlocalhost`, ...lines, `${serviceAddress}\twww.example.com www`, ""].join(
    "\n",
  );
}

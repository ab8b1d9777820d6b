import { projectRoot } from "../../src/lab/paths.ts";

/** A host's command that takes an address and announces it, or drops it: a failover by hand. */
export function addressScript(address: string, change: "take" | "drop"): readonly string[] {
  const spec = `{ interface: "eth0", address: "${address}", prefix: 32 }`;
  const steps = {
    take: `addAddress(${spec}); announce("eth0", "${address}");`,
    drop: `deleteAddress(${spec});`,
  };
  return script(`
    import { addAddress, deleteAddress } from "${projectRoot}dist/linux/netlink/address.js";
    import { announce } from "${projectRoot}dist/linux/arp.js";
    ${steps[change]}`);
}

/** The command that runs this text as a module. */
export function script(text: string): readonly string[] {
  return [process.execPath, "--input-type=module", "--eval", text];
}

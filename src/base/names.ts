/** Strings that must not be swapped. All are lower case; a node name is what `uname -n` says. */
export type NodeName = string & { readonly brand: "NodeName" };
/** The cable: a device name (`eth1`) or a tty path (`/dev/ttyS1`), as Heartbeat names its links. */
export type MediumName = string & { readonly brand: "MediumName" };
/** A group's name is its first resource, as written (`192.168.43.53`). */
export type GroupName = string & { readonly brand: "GroupName" };

export const nodeName = (text: string): NodeName => text.toLowerCase() as NodeName;
export const mediumName = (text: string): MediumName => text as MediumName;
export const groupName = (text: string): GroupName => text as GroupName;

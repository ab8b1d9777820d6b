import { ipv4Bytes } from "../ipv4.ts";
import {
  attribute,
  encodeMessage,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_REQUEST,
  nested,
  textAttribute,
} from "../netlink/message.ts";

/**
 * nf_tables in netlink, pure: as much of it as muting an address in ARP needs. Numbers in attributes
 * are big-endian here, unlike rtnetlink's. Layouts: linux/netfilter/nfnetlink.h, nf_tables.h.
 */

/** An address that stays on the machine and is not spoken of in ARP. */
export interface MutedAddress {
  readonly address: string;
  /**
   * The machine's own address on that interface: its ARP questions carry this instead. Undefined: it
   * has none, they carry 0.0.0.0, which is answered as well and teaches nobody anything.
   */
  readonly ownAddress: string | undefined;
}

const TABLE = "tandem_mute";
const NFPROTO_ARP = 3;
const SUBSYSTEM_NFTABLES = 10;

const NFNL_MSG_BATCH_BEGIN = 16;
const NFNL_MSG_BATCH_END = 17;
const NFT_MSG_NEWTABLE = 0;
const NFT_MSG_DELTABLE = 2;
const NFT_MSG_NEWCHAIN = 3;
const NFT_MSG_NEWRULE = 6;
const NLM_F_APPEND = 0x800;

/** A batch has its own numbers; the socket is new each time. */
const FIRST_SEQUENCE = 1;

/** Where the addresses stand in an ARP packet for IPv4 over Ethernet. */
const SENDER_IP_OFFSET = 14;
const TARGET_IP_OFFSET = 24;

interface Part {
  readonly type: number;
  readonly flags: number;
  readonly body: Buffer;
}

/**
 * The transaction that replaces our table whole: nothing of a former list is left, and no packet
 * meets half of it. An empty list deletes the table. Adding before deleting makes the deletion of a
 * table that is not there succeed. `last` is the sequence number of the message whose acknowledgement
 * means that all went well.
 */
export function encodeMuting(muted: readonly MutedAddress[]): { bytes: Buffer; last: number } {
  const parts = [addTable(), deleteTable(), ...(muted.length === 0 ? [] : tableOf(muted))];
  const lastPart = parts.length;
  const batch: readonly Part[] = [
    batchMark(NFNL_MSG_BATCH_BEGIN),
    ...parts.map(inSubsystem),
    batchMark(NFNL_MSG_BATCH_END),
  ];
  const bytes = batch.map((part, index) =>
    encodeMessage({
      type: part.type,
      flags: part.flags | NLM_F_REQUEST | (index === lastPart ? NLM_F_ACK : 0),
      sequence: FIRST_SEQUENCE + index,
      body: part.body,
    }),
  );
  return { bytes: Buffer.concat(bytes), last: FIRST_SEQUENCE + lastPart };
}

/**
 * `in` drops the questions for the address (and others' announcements of it). `out` matters as well:
 * a node that talks to a client from the address asks "who has the client, tell the address" and so
 * announces itself (handover.md, step 1).
 */
function tableOf(muted: readonly MutedAddress[]): readonly Part[] {
  const NF_ARP_IN = 0;
  const NF_ARP_OUT = 1;
  return [
    addTable(),
    addChain("in", NF_ARP_IN),
    addChain("out", NF_ARP_OUT),
    ...muted.flatMap(({ address, ownAddress }) => [
      addRule("in", [matchAt(TARGET_IP_OFFSET, address), drop()].flat()),
      addRule(
        "out",
        [matchAt(SENDER_IP_OFFSET, address), writeAt(SENDER_IP_OFFSET, ownAddress)].flat(),
      ),
    ]),
  ];
}

function addTable(): Part {
  const NFTA_TABLE_NAME = 1;
  const body = textAttribute(NFTA_TABLE_NAME, TABLE);
  return { type: NFT_MSG_NEWTABLE, flags: NLM_F_CREATE, body };
}

function deleteTable(): Part {
  const NFTA_TABLE_NAME = 1;
  return { type: NFT_MSG_DELTABLE, flags: 0, body: textAttribute(NFTA_TABLE_NAME, TABLE) };
}

function addChain(name: string, hook: number): Part {
  const NFTA_CHAIN_TABLE = 1;
  const NFTA_CHAIN_NAME = 3;
  const NFTA_CHAIN_HOOK = 4;
  const NFTA_CHAIN_POLICY = 5;
  const NFTA_CHAIN_TYPE = 7;
  const NFTA_HOOK_HOOKNUM = 1;
  const NFTA_HOOK_PRIORITY = 2;
  const NF_ACCEPT = 1;
  const body = Buffer.concat([
    textAttribute(NFTA_CHAIN_TABLE, TABLE),
    textAttribute(NFTA_CHAIN_NAME, name),
    nested(NFTA_CHAIN_HOOK, number(NFTA_HOOK_HOOKNUM, hook), number(NFTA_HOOK_PRIORITY, 0)),
    number(NFTA_CHAIN_POLICY, NF_ACCEPT),
    textAttribute(NFTA_CHAIN_TYPE, "filter"),
  ]);
  return { type: NFT_MSG_NEWCHAIN, flags: NLM_F_CREATE, body };
}

function addRule(chain: string, expressions: readonly Buffer[]): Part {
  const NFTA_RULE_TABLE = 1;
  const NFTA_RULE_CHAIN = 2;
  const NFTA_RULE_EXPRESSIONS = 4;
  const body = Buffer.concat([
    textAttribute(NFTA_RULE_TABLE, TABLE),
    textAttribute(NFTA_RULE_CHAIN, chain),
    nested(NFTA_RULE_EXPRESSIONS, ...expressions),
  ]);
  return { type: NFT_MSG_NEWRULE, flags: NLM_F_CREATE | NLM_F_APPEND, body };
}

const NFTA_DATA_VALUE = 1;
const NFT_REG_1 = 1;
const NFT_PAYLOAD_NETWORK_HEADER = 1;
const NFTA_PAYLOAD_DREG = 1;
const NFTA_PAYLOAD_BASE = 2;
const NFTA_PAYLOAD_OFFSET = 3;
const NFTA_PAYLOAD_LEN = 4;
const NFTA_PAYLOAD_SREG = 5;
const NFTA_IMMEDIATE_DREG = 1;
const NFTA_IMMEDIATE_DATA = 2;

/** Goes on only where the four bytes at `offset` are this address. */
function matchAt(offset: number, address: string): readonly Buffer[] {
  const NFTA_CMP_SREG = 1;
  const NFTA_CMP_OP = 2;
  const NFTA_CMP_DATA = 3;
  const NFT_CMP_EQ = 0;
  return [
    expression("payload", [number(NFTA_PAYLOAD_DREG, NFT_REG_1), ...fourBytesAt(offset)]),
    expression("cmp", [
      number(NFTA_CMP_SREG, NFT_REG_1),
      number(NFTA_CMP_OP, NFT_CMP_EQ),
      nested(NFTA_CMP_DATA, attribute(NFTA_DATA_VALUE, ipv4Bytes(address))),
    ]),
  ];
}

function writeAt(offset: number, address: string | undefined): readonly Buffer[] {
  const value = attribute(NFTA_DATA_VALUE, ipv4Bytes(address ?? "0.0.0.0"));
  return [
    expression("immediate", [
      number(NFTA_IMMEDIATE_DREG, NFT_REG_1),
      nested(NFTA_IMMEDIATE_DATA, value),
    ]),
    expression("payload", [number(NFTA_PAYLOAD_SREG, NFT_REG_1), ...fourBytesAt(offset)]),
  ];
}

function drop(): readonly Buffer[] {
  const NFTA_DATA_VERDICT = 2;
  const NFTA_VERDICT_CODE = 1;
  const NFT_REG_VERDICT = 0;
  const NF_DROP = 0;
  const verdict = nested(NFTA_DATA_VERDICT, number(NFTA_VERDICT_CODE, NF_DROP));
  return [
    expression("immediate", [
      number(NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT),
      nested(NFTA_IMMEDIATE_DATA, verdict),
    ]),
  ];
}

function fourBytesAt(offset: number): readonly Buffer[] {
  return [
    number(NFTA_PAYLOAD_BASE, NFT_PAYLOAD_NETWORK_HEADER),
    number(NFTA_PAYLOAD_OFFSET, offset),
    number(NFTA_PAYLOAD_LEN, 4),
  ];
}

function expression(name: string, data: readonly Buffer[]): Buffer {
  const NFTA_LIST_ELEM = 1;
  const NFTA_EXPR_NAME = 1;
  const NFTA_EXPR_DATA = 2;
  return nested(
    NFTA_LIST_ELEM,
    textAttribute(NFTA_EXPR_NAME, name),
    nested(NFTA_EXPR_DATA, ...data),
  );
}

function number(type: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return attribute(type, bytes);
}

function inSubsystem(part: Part): Part {
  const type = (SUBSYSTEM_NFTABLES << 8) | part.type;
  return { ...part, type, body: Buffer.concat([nfgenmsg(NFPROTO_ARP, 0), part.body]) };
}

function batchMark(type: number): Part {
  return { type, flags: 0, body: nfgenmsg(0, SUBSYSTEM_NFTABLES) };
}

/** struct nfgenmsg: family, version 0, resource (big-endian). */
function nfgenmsg(family: number, resource: number): Buffer {
  return Buffer.from([family, 0, resource >> 8, resource & 0xff]);
}

import { decodeMessages, NLMSG_ERROR } from "../netlink/message.ts";
import { NETLINK_NETFILTER, openNetlink, throwIfRefused } from "../netlink/socket.ts";
import { closeFd, errnoOf, receive, SysError, send } from "../sys.ts";

/**
 * Sends one transaction to nf_tables and reads what the kernel says to it: done when it acknowledges
 * the message `last`, else a SysError. All happens inside sendto(2); nothing here blocks.
 */
export function transact(what: string, transaction: { bytes: Buffer; last: number }): void {
  const { fd } = openNetlink(NETLINK_NETFILTER, {});
  try {
    send(fd, transaction.bytes);
    let done = false;
    const buffer = Buffer.alloc(65536);
    for (;;) {
      const length = receive(fd, buffer);
      if (length === undefined) break;
      for (const message of decodeMessages(buffer.subarray(0, length))) {
        throwIfRefused(what, message);
        if (message.type === NLMSG_ERROR && message.sequence === transaction.last) done = true;
      }
    }
    if (!done) throw new SysError(what, errnoOf("EAGAIN"), "the kernel gave no answer");
  } finally {
    closeFd(fd);
  }
}

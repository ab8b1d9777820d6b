import { get } from "node:http";
import { bootTimeMs } from "../../linux/clock.ts";
import type { PageReport } from "./report.ts";
import { print, startTicker } from "./ticker.ts";

/** A page that takes longer has failed: ETIMEDOUT. */
const pageTimeoutMs = 2000;
/** More than the name of a host is never asked for. */
const pageBytesMax = 4096;

/** Fetches the page for ever, each time on a new connection, whether or not the last one has come. */
export function fetchForever(address: string, intervalMs: number): void {
  startTicker(intervalMs, () => void fetchPage(address).then(print));
}

function fetchPage(address: string): Promise<PageReport> {
  const at = bootTimeMs();
  return new Promise((resolve) => {
    const settle = (outcome: Pick<PageReport, "status" | "server" | "error">): void => {
      clearTimeout(late);
      request.destroy();
      resolve({ kind: "page", at, tookMs: bootTimeMs() - at, ...outcome });
    };
    const request = get({ host: address, path: "/", agent: false }, (response) => {
      let page = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => {
        if (page.length < pageBytesMax) page += text;
      });
      response.on("error", (error) => settle({ error: codeOf(error) }));
      response.on("end", () =>
        settle({ status: response.statusCode ?? 0, server: firstLine(page) }),
      );
    });
    request.on("error", (error) => settle({ error: codeOf(error) }));
    const late = setTimeout(() => settle({ error: "ETIMEDOUT" }), pageTimeoutMs);
  });
}

const firstLine = (page: string): string => page.split("\n", 1)[0]?.trim() ?? "";
const codeOf = (error: NodeJS.ErrnoException): string => error.code ?? error.message;

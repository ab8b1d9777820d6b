/**
 * Calls between the lab's processes, over the IPC channel that Node opens to a child. The lab talks to the
 * switch, and through it to the hosts: a frame with `host` is meant for (or comes from) that host, and
 * the switch hands it on unread.
 */
export type Frame = Call | Answer | Notice;

interface Call {
  readonly kind: "call";
  readonly host?: string;
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
}

interface Answer {
  readonly kind: "answer";
  readonly host?: string;
  readonly id: number;
  readonly result?: unknown;
  /** Why it failed; absent on success. */
  readonly error?: string;
}

/** Something that happened without being asked for: output of a process, a host that is gone. */
interface Notice {
  readonly kind: "notice";
  readonly host?: string;
  readonly notice: unknown;
}

/** What one method takes and gives. */
interface Shape {
  readonly params: unknown;
  readonly result: unknown;
}
/** A conversation as an interface: method name to shape. */
type Shapes<Calls> = { readonly [Method in keyof Calls]: Shape };

/** The asking side. Calls still open when the other end goes are rejected by `fail`. */
export class Caller<Calls extends Shapes<Calls>> {
  readonly #send: (frame: Frame) => void;
  readonly #host: string | undefined;
  readonly #open = new Map<
    number,
    { resolve: (result: unknown) => void; reject: (error: Error) => void }
  >();
  #next = 1;

  constructor(send: (frame: Frame) => void, host?: string) {
    this.#send = send;
    this.#host = host;
  }

  call<Method extends keyof Calls & string>(
    method: Method,
    params: Calls[Method]["params"],
  ): Promise<Calls[Method]["result"]> {
    const id = this.#next++;
    const host = this.#host === undefined ? {} : { host: this.#host };
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve, reject });
      this.#send({ kind: "call", id, method, params, ...host });
    });
  }

  answered(answer: Answer): void {
    const open = this.#open.get(answer.id);
    this.#open.delete(answer.id);
    if (answer.error === undefined) open?.resolve(answer.result);
    else open?.reject(new Error(answer.error));
  }

  fail(reason: string): void {
    const open = [...this.#open.values()];
    this.#open.clear();
    for (const { reject } of open) reject(new Error(reason));
  }
}

/** The answering side: one function per method. */
export type Handlers<Calls extends Shapes<Calls>> = {
  readonly [Method in keyof Calls]: (
    params: Calls[Method]["params"],
  ) => Promise<Calls[Method]["result"]> | Calls[Method]["result"];
};

/** Performs a call and gives the answer frame; what a handler throws travels as its message. */
export async function answer<Calls extends Shapes<Calls>>(
  handlers: Handlers<Calls>,
  call: Call,
): Promise<Answer> {
  const about = {
    kind: "answer" as const,
    id: call.id,
    ...(call.host === undefined ? {} : { host: call.host }),
  };
  const handler = handlers[call.method as keyof Calls];
  try {
    if (handler === undefined) throw new Error(`no such call: ${call.method}`);
    return { ...about, result: await handler(call.params as Calls[keyof Calls]["params"]) };
  } catch (error) {
    return { ...about, error: error instanceof Error ? error.message : String(error) };
  }
}

/** To the process that started this one. */
export function sendToParent(frame: Frame): void {
  if (process.connected) process.send?.(frame);
}

import { type ClientLink, createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as WebSocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { AppError } from '#core/errors';
import type { Contract } from '#core/protocol/contract';

/** Every method of the engine as an async function. */
export type EngineClient = ContractRouterClient<Contract>;

/** State of the line to the engine: `lost` lines of a browser come back by themselves, those of a dead engine do not. */
export type LinkState = 'connecting' | 'open' | 'lost';

/** A client and what is known of its line. Calls made while the line is down wait for it. */
export interface EngineConnection {
  client: EngineClient;
  state(): LinkState;
  /** Called after every change of {@link EngineConnection.state}. Returns its own end. */
  subscribe(listener: () => void): () => void;
  close(): void;
}

type Context = Record<never, never>;
type AnyLink = ClientLink<Context>;

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 4000;

/** Notifies listeners of a value that changes. */
class Watched<T> {
  private readonly listeners = new Set<() => void>();
  constructor(private value: T) {}
  get = (): T => this.value;
  set(value: T): void {
    this.value = value;
    for (const listener of [...this.listeners]) listener();
  }
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

/** Opens one line; tells when it can be used and when it ended (also when it never opened). */
type OpenLine = (events: { opened(link: AnyLink): void; closed(): void }) => { close(): void };

/** One link over lines that are opened again whenever they close, with growing pauses. */
class ReconnectingLink implements AnyLink {
  readonly state = new Watched<LinkState>('connecting');
  private pause = FIRST_RETRY_MS;
  private isClosed = false;
  private link: AnyLink | undefined;
  private line: { close(): void } | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly openLine: OpenLine) {
    this.open();
  }

  call = async (...[path, input, options]: Parameters<AnyLink['call']>): Promise<unknown> => {
    const link = this.link ?? (await this.nextLink(options.signal));
    return link.call(path, input, options);
  };

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.line?.close();
    this.link = undefined;
    this.state.set('lost');
  }

  private nextLink(signal: AbortSignal | undefined): Promise<AnyLink> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        if (!this.link && !this.isClosed && !signal?.aborted) return;
        end();
        signal?.removeEventListener('abort', settle);
        if (this.link) resolve(this.link);
        else reject(new AppError('LINK_CLOSED', 'The connection to the engine was closed.'));
      };
      const end = this.state.subscribe(settle);
      signal?.addEventListener('abort', settle);
      settle();
    });
  }

  private open(): void {
    this.line = this.openLine({
      opened: (link) => {
        this.pause = FIRST_RETRY_MS;
        this.link = link;
        this.state.set('open');
      },
      closed: () => this.retry(),
    });
  }

  private retry(): void {
    if (this.isClosed) return;
    this.link = undefined;
    this.state.set('lost');
    this.timer = setTimeout(() => this.open(), this.pause);
    this.pause = Math.min(LONGEST_RETRY_MS, this.pause * 2);
  }
}

function connect(openLine: OpenLine): EngineConnection {
  const link = new ReconnectingLink(openLine);
  return {
    client: createORPCClient<EngineClient>(link),
    state: link.state.get,
    subscribe: link.state.subscribe,
    close: () => link.close(),
  };
}

/**
 * Connects to the engine of a server by WebSocket and keeps connecting. Calls made before the line opens wait; those
 * under way when it breaks are rejected and not repeated.
 */
export function connectWebSocket(url: string): EngineConnection {
  return connect(({ opened, closed }) => {
    const socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    const link = new WebSocketLink<Context>({ websocket: socket });
    socket.addEventListener('open', () => opened(link));
    socket.addEventListener('close', closed);
    return socket;
  });
}

/**
 * Connects over ports to the engine process of the desktop shell: `requestPort` brings a new one each time the last one
 * closed, which is how the engine's end is seen.
 */
export function connectPorts(requestPort: () => Promise<MessagePort>): EngineConnection {
  return connect(({ opened, closed }) => {
    let current: MessagePort | undefined;
    requestPort().then((port) => {
      current = port;
      port.addEventListener('close', closed);
      port.start();
      opened(new PortLink<Context>({ port }));
    }, closed);
    return { close: () => current?.close() };
  });
}

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

/** One link over a WebSocket that is opened again whenever it closes, with growing pauses. */
class ReconnectingSocket implements AnyLink {
  readonly state = new Watched<LinkState>('connecting');
  private pause = FIRST_RETRY_MS;
  private closed = false;
  private socket: WebSocket | undefined;
  private link: AnyLink | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly url: string) {
    this.open();
  }

  async call(...[path, input, options]: Parameters<AnyLink['call']>): Promise<unknown> {
    const link = this.link ?? (await this.nextLink(options.signal));
    return link.call(path, input, options);
  }

  private nextLink(signal: AbortSignal | undefined): Promise<AnyLink> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        if (!this.link && !this.closed && !signal?.aborted) return;
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

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.socket?.close();
    this.link = undefined;
    this.state.set('lost');
  }

  private open(): void {
    const socket = new WebSocket(this.url);
    socket.binaryType = 'arraybuffer';
    const link = new WebSocketLink<Context>({ websocket: socket });
    this.socket = socket;
    socket.addEventListener('open', () => {
      this.pause = FIRST_RETRY_MS;
      this.link = link;
      this.state.set('open');
    });
    socket.addEventListener('close', () => this.retry());
  }

  private retry(): void {
    if (this.closed) return;
    this.link = undefined;
    this.state.set('lost');
    this.timer = setTimeout(() => this.open(), this.pause);
    this.pause = Math.min(LONGEST_RETRY_MS, this.pause * 2);
  }
}

/**
 * Connects to the engine of a server by WebSocket and keeps connecting. Calls made before the line opens wait; those
 * under way when it breaks are rejected and not repeated.
 */
export function connectWebSocket(url: string): EngineConnection {
  const link = new ReconnectingSocket(url);
  link.call = link.call.bind(link);
  return {
    client: createORPCClient<EngineClient>(link),
    state: link.state.get,
    subscribe: link.state.subscribe,
    close: () => link.close(),
  };
}

/** Connects over a port to the engine process of the desktop shell. The port is started here. */
export function connectPort(port: MessagePort): EngineConnection {
  const state = new Watched<LinkState>('open');
  const link = new PortLink<Context>({ port });
  port.addEventListener('close', () => state.set('lost'));
  port.start();
  return {
    client: createORPCClient<EngineClient>(link),
    state: state.get,
    subscribe: state.subscribe,
    close: () => {
      port.close();
      state.set('lost');
    },
  };
}

import { randomBytes, timingSafeEqual } from 'node:crypto';

/** What of a request decides whether it may pass. */
export interface RequestFacts {
  host: string | undefined;
  origin: string | undefined;
  cookie: string | undefined;
  method: string;
}

function sameSecret(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

function cookieValue(header: string | undefined, name: string): string | undefined {
  const pair = header?.split(';').find((part) => part.trim().startsWith(`${name}=`));
  return pair?.trim().slice(name.length + 1);
}

/**
 * Who may talk to the server: a random token, handed over in the URL fragment (which no server log and no referrer
 * sees), exchanged once for a SameSite=Strict cookie. `Host` is checked against names of this server, so that a foreign
 * name resolved to loopback (DNS rebinding) is refused; `Origin`, where sent, must be the server itself, on requests
 * that change something and on the WebSocket.
 */
export class AccessControl {
  readonly token = randomBytes(24).toString('base64url');
  private readonly session = randomBytes(24).toString('base64url');

  /** Browsers keep one set of cookies for all ports of a name: with its port in it, a second server takes nothing away. */
  private readonly cookieName: string;

  constructor(
    private readonly allowedHosts: ReadonlySet<string>,
    port: number,
  ) {
    this.cookieName = `retake-${port}`;
  }

  /** False for requests under a foreign name. */
  isKnownHost({ host }: RequestFacts): boolean {
    return host !== undefined && this.allowedHosts.has(host.toLowerCase());
  }

  /** False when a browser says that another site is asking; absent is fine for plain GETs only. */
  isOwnOrigin({ origin, host, method }: RequestFacts): boolean {
    if (origin === undefined) return method === 'GET' || method === 'HEAD';
    return host !== undefined && origin.toLowerCase() === `http://${host.toLowerCase()}`;
  }

  hasSession({ cookie }: RequestFacts): boolean {
    const value = cookieValue(cookie, this.cookieName);
    return value !== undefined && sameSecret(value, this.session);
  }

  /** The Set-Cookie header for a right token, or undefined. */
  exchange(token: string): string | undefined {
    if (!sameSecret(token, this.token)) return undefined;
    return `${this.cookieName}=${this.session}; Path=/; HttpOnly; SameSite=Strict`;
  }
}

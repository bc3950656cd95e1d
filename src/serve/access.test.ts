import { describe, expect, it } from 'vitest';
import { AccessControl, type RequestFacts } from './access';

const HOST = '127.0.0.1:8000';
const access = new AccessControl(new Set([HOST, 'localhost:8000', '[::1]:8000']), 8000);
const facts = (changes: Partial<RequestFacts> = {}): RequestFacts => ({
  host: HOST,
  origin: undefined,
  cookie: undefined,
  method: 'GET',
  ...changes,
});

describe('the name a request came under', () => {
  it.each([HOST, 'localhost:8000', 'LOCALHOST:8000', '[::1]:8000'])('%s is ours', (host) => {
    expect(access.isKnownHost(facts({ host }))).toBe(true);
  });
  it.each([
    undefined,
    '',
    'evil.example:8000',
    '127.0.0.1',
    '127.0.0.1:80',
    '127.0.0.1.evil.example:8000',
    'localhost:8000.evil.example',
    '0.0.0.0:8000',
  ])('%s is foreign (DNS rebinding)', (host) => {
    expect(access.isKnownHost(facts({ host }))).toBe(false);
  });
});

describe('the origin of a request', () => {
  it('may be absent for reading only', () => {
    expect(access.isOwnOrigin(facts())).toBe(true);
    expect(access.isOwnOrigin(facts({ method: 'HEAD' }))).toBe(true);
    for (const method of ['POST', 'PUT', 'DELETE', 'UPGRADE']) {
      expect(access.isOwnOrigin(facts({ method }))).toBe(false);
    }
  });
  it('is the server itself', () => {
    expect(access.isOwnOrigin(facts({ origin: `http://${HOST}`, method: 'POST' }))).toBe(true);
    for (const origin of [
      'null',
      'http://evil.example',
      'http://localhost:8000',
      `https://${HOST}`,
      `http://${HOST}1`,
    ]) {
      expect(access.isOwnOrigin(facts({ origin }))).toBe(false);
    }
  });
});

describe('the session', () => {
  it('is given for the token only', () => {
    const cookie = access.exchange(access.token) ?? '';
    expect(cookie).toMatch(/^retake-8000=[\w-]{32}; Path=\/; HttpOnly; SameSite=Strict$/);
    for (const token of ['', 'x', access.token.slice(1), `${access.token}x`, access.token.toLowerCase()]) {
      expect(access.exchange(token)).toBeUndefined();
    }
  });
  it('is known again among other cookies', () => {
    const own = access.exchange(access.token)?.split(';')[0] ?? '';
    expect(access.hasSession(facts({ cookie: own }))).toBe(true);
    expect(access.hasSession(facts({ cookie: `a=b; ${own}; c=d` }))).toBe(true);
    for (const cookie of [undefined, '', 'retake-8000=', `x${own}`, `${own}x`, `retake-8000=${access.token}`]) {
      expect(access.hasSession(facts({ cookie }))).toBe(false);
    }
  });
  it('stands beside that of a server on another port', () => {
    const beside = new AccessControl(new Set(), 8001);
    const cookies = [access, beside].map((one) => one.exchange(one.token)?.split(';')[0]).join('; ');
    expect([access, beside].map((one) => one.hasSession(facts({ cookie: cookies })))).toEqual([true, true]);
  });
  it('is another one for every start', () => {
    const other = new AccessControl(new Set(), 8000);
    expect(other.token).not.toBe(access.token);
    const own = access.exchange(access.token)?.split(';')[0];
    expect(other.hasSession(facts({ cookie: own }))).toBe(false);
  });
});

import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AppError } from '#core/errors';
import type { BulkReply } from '#core/protocol/engineMessages';
import type { EngineHost } from '#host/engineHost';
import { HOST_KINDS } from './engineHosts';

const text = ({ body }: BulkReply) => new TextDecoder().decode(body);

describe.each(HOST_KINDS)('an engine in $name', ({ start }) => {
  let engine: EngineHost | undefined;
  afterEach(async () => {
    await engine?.stop();
    engine = undefined;
  });
  const onRestart = vi.fn<() => void>();
  const onGivenUp = vi.fn<(reason: AppError) => void>();
  function begin(restartAfterMs: number[] = [], version = '1.2.3', forgetAfterMs = 60_000): EngineHost {
    onRestart.mockReset();
    onGivenUp.mockReset();
    engine = start(version, { onRestart, onGivenUp, restartAfterMs, forgetAfterMs, stopWithinMs: 300 });
    return engine;
  }
  const crash = (host: EngineHost, how: 'exit' | 'throw' = 'exit') =>
    expect(host.bulk(`/bulk/${how}`)).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });

  it('hands out lines that lead to the engine, as many as wanted', async () => {
    const host = begin();
    const ports = [host.connect(), host.connect()];
    for (const [index, port] of ports.entries()) {
      port.postMessage(index);
      expect(await once(port, 'message')).toEqual([`heard ${index}`]);
      port.close();
    }
  });

  it('answers the bulk plane, each request with its own answer', async () => {
    const host = begin();
    const [echo, nothing, born] = await Promise.all([
      host.bulk('/bulk/echo'),
      host.bulk('/bulk/no'),
      host.bulk('/bulk/born'),
    ]);
    expect([echo.status, text(echo)]).toEqual([200, 'echo']);
    expect(nothing.status).toBe(404);
    expect(JSON.parse(text(born))).toMatchObject({ appVersion: '1.2.3', roots: [] });
  });

  it('passes the abort of a bulk request on', async () => {
    const caller = new AbortController();
    const slow = begin().bulk('/bulk/slow', caller.signal);
    setTimeout(() => caller.abort(), 20);
    expect((await slow).status).toBe(499);
  });

  it('does not ask when the signal is aborted already', async () => {
    const reason = new Error('gone');
    await expect(begin().bulk('/bulk/slow', AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('gives tokens for paths', async () => {
    expect(await begin().grant('/clips/a b.mp4')).toBe('token of /clips/a b.mp4');
  });

  it('stops, and then says that it has stopped', async () => {
    const host = begin();
    await host.bulk('/bulk/echo');
    const port = host.connect();
    const closed = once(port, 'close');
    await host.stop();
    await closed;
    await expect(host.bulk('/bulk/echo')).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
    await expect(host.grant('/x')).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
    await host.stop();
    expect(onRestart).not.toHaveBeenCalled();
    expect(onGivenUp).not.toHaveBeenCalled();
  });

  it('is killed when it does not stop in time', async () => {
    const host = begin([], 'stuck');
    const port = host.connect();
    const closed = once(port, 'close');
    await host.stop();
    await closed;
  });

  it.each(['exit', 'throw'] as const)(
    'rejects what was asked when it dies by %s, with what to do next',
    async (how) => {
      const host = begin();
      const slow = host.bulk('/bulk/slow');
      slow.catch(() => undefined);
      const line = host.connect();
      const closed = once(line, 'close');
      await crash(host, how);
      await expect(slow).rejects.toMatchObject({ code: 'ENGINE_STOPPED', hint: 'Try again.' });
      await closed;
    },
  );

  it('comes back after a crash and tells so', async () => {
    const host = begin([20]);
    await crash(host);
    await expect(host.bulk('/bulk/echo')).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
    const early = host.connect();
    await once(early, 'close');
    await vi.waitFor(() => expect(onRestart).toHaveBeenCalledTimes(1));
    expect(text(await host.bulk('/bulk/echo'))).toBe('echo');
    const line = host.connect();
    line.postMessage('again');
    expect(await once(line, 'message')).toEqual(['heard again']);
    line.close();
  });

  it('stays down after one crash more than it may have, and says why', async () => {
    const host = begin([10, 10]);
    for (let crashes = 1; crashes <= 2; crashes++) {
      await crash(host);
      await vi.waitFor(() => expect(onRestart).toHaveBeenCalledTimes(crashes));
    }
    await crash(host);
    await vi.waitFor(() => expect(onGivenUp).toHaveBeenCalledTimes(1));
    expect(onGivenUp.mock.calls[0]?.[0]).toMatchObject({
      code: 'ENGINE_STOPPED',
      message: expect.stringContaining('3 times'),
    });
    expect(onRestart).toHaveBeenCalledTimes(2);
  });

  it('forgets crashes of long ago', async () => {
    const host = begin([10], '1', 1);
    for (let crashes = 1; crashes <= 3; crashes++) {
      await crash(host);
      await vi.waitFor(async () => expect((await host.bulk('/bulk/echo')).status).toBe(200));
    }
    expect(onGivenUp).not.toHaveBeenCalled();
  });

  it('does not come back once it was stopped while it was down', async () => {
    const host = begin([30]);
    await crash(host);
    await host.stop();
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(onRestart).not.toHaveBeenCalled();
  });
});

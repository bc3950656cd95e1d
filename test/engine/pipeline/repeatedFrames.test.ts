import { describe, expect, it, vi } from 'vitest';
import type { ProjectEvent } from '#core/protocol/messages';
import { repeatedFrames } from '#engine/project/repeatedFrames';
import { FakeProject, run } from './fakeProject';
import { walker } from './madeUpVideo';

vi.mock('#engine/video/decodeStream', async (original) => {
  const { fakeDecodeFrames } = await import('./fakeDecoder');
  return { ...(await original<object>()), decodeFrames: fakeDecodeFrames };
});

describe('frames that could not be decoded', () => {
  it.each([
    [[7], 'Frame 7 could not be decoded'],
    [[3, 4, 5, 9], '4 frames of the video (3–5, 9) could not be decoded'],
    [[1, 3, 5, 7], '4 frames of the video (1, 3, 5 …) could not be decoded'],
  ])('are named: %j', (frames, sentence) => {
    expect(repeatedFrames(frames)?.message).toContain(sentence);
  });

  it('are told once at the end of a run, and not by a run that met none', async () => {
    const project = new FakeProject([walker(100)], 60);
    for (const frame of [20, 21, 40]) project.calls.undecodable.add(frame);
    const session = project.open();
    const told: ProjectEvent[] = [];
    session.events.subscribe((event) => {
      if (event.type === 'notice') told.push(event);
    });
    await run(session);
    expect(told).toMatchObject([
      { level: 'warning', problem: { code: 'VIDEO_DAMAGED', message: expect.stringContaining('(20–21, 40)') } },
    ]);
    await run(session, { scope: 'outOfDate' });
    expect(told).toHaveLength(1);
    await session.close();
  });
});

import { expect, it } from 'vitest';
import { bulkProblem } from './bulk';

it('says what the engine says, and the status where it says nothing', async () => {
  const said = { code: 'NOT_FOUND', message: 'There is no file at clip.mp4.', hint: 'Check the path.' };
  const problem = await bulkProblem(Response.json(said, { status: 404 }), 'No frame');
  expect([problem.message, problem.hint]).toEqual([said.message, said.hint]);
  for (const body of ['Forbidden', '{"code":"X"}', '']) {
    const other = await bulkProblem(new Response(body, { status: 403 }), 'No frame');
    expect([other.message, other.hint]).toEqual(['No frame (403).', undefined]);
  }
});

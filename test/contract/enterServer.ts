/** Exchanges the token of a printed address for a session, as the enter page does. */
export async function enter(address: string): Promise<{ origin: string; cookie: string }> {
  const url = new URL(address);
  const token = new URLSearchParams(url.hash.slice(1)).get('token');
  const answer = await fetch(new URL('/session', url.origin), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: url.origin },
    body: JSON.stringify({ token }),
  });
  const cookie = answer.headers.get('Set-Cookie')?.split(';')[0];
  if (!answer.ok || cookie === undefined) throw new Error(`the server did not let us in: ${answer.status}`);
  return { origin: url.origin, cookie };
}

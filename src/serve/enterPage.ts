/**
 * Shown to whoever has no session yet: takes the token from the fragment, exchanges it, goes on to the page. Its icon is
 * empty, because browsers ask for /favicon.ico otherwise, which nobody gets without a session.
 */
export const ENTER_PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Retake</title>
<link rel="icon" href="data:,"><script src="/enter.js" defer></script>
<style>html{background:#16181c;color:#b6bbc5;font:13px system-ui,sans-serif}p{margin:20vh auto;max-width:36em;text-align:center}</style>
</head><body><p id="say">Opening Retake</p></body></html>`;

/** The script of {@link ENTER_PAGE}. */
export const ENTER_SCRIPT = `const token = new URLSearchParams(location.hash.slice(1)).get('token');
const say = (text) => { document.getElementById('say').textContent = text; };
if (!token) say('Open Retake with the whole address that the terminal printed: it ends with a token.');
else fetch('/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ token }) })
  .then((answer) => answer.ok ? location.replace('/') : say('This token is not valid any more. Use the address of the newest start.'));
`;

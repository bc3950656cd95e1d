const NAMES: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Delete: 'Del',
  Escape: 'Esc',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
};

/** True on Apple's systems, where Ctrl in a shortcut means Cmd. */
export function isApple(): boolean {
  return typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);
}

/** The parts of a shortcut: modifiers first, the key last. A `+` key is the last part. */
export function shortcutParts(shortcut: string): string[] {
  if (shortcut.endsWith('++')) return [...shortcut.slice(0, -2).split('+'), '+'];
  if (shortcut === '+') return ['+'];
  return shortcut.split('+');
}

/** What is printed on the keys of a shortcut. */
export function keyNames(shortcut: string): string[] {
  return shortcutParts(shortcut).map((part) => {
    if (part === 'Ctrl' && isApple()) return 'Cmd';
    return NAMES[part] ?? part;
  });
}

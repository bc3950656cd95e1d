/**
 * Letters that Unicode does not decompose; everything else that has no ASCII base letter is dropped.
 */
const SPELLINGS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  Æ: 'Ae',
  œ: 'oe',
  Œ: 'Oe',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ł: 'l',
  Ł: 'L',
  þ: 'th',
  Þ: 'Th',
};

/**
 * A name as ASCII letters, digits and underscores that begins with a letter, at most 32 long: what every animation
 * program keeps unchanged (Maya rewrites other letters, `:` is a namespace, spaces and dots break binding by name).
 * Empty when no character survives.
 */
export function asciiName(text: string): string {
  const spelled = [...text].map((letter) => SPELLINGS[letter] ?? letter).join('');
  const plain = spelled
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 32)
    .replace(/_+$/, '');
  return /^[0-9]/.test(plain) ? `P${plain}` : plain;
}

/** Names that objects made for one person take, in any format; none of them may belong to two people. */
function takenBy(name: string): string[] {
  return [name, `${name}_Armature`, `${name}_Body`].map((entry) => entry.toLowerCase());
}

/**
 * A safe, unique name for each person, in order. People whose name has no usable letter become `Person{number}`; later
 * ones of equal names get `_2`, `_3` and so on. Names differ without regard to case, so they can be file names too.
 */
export function safePersonNames(people: readonly { title: string; number: number }[]): string[] {
  const taken = new Set<string>();
  return people.map(({ title, number }) => {
    const wanted = asciiName(title) || `Person${number}`;
    let name = wanted;
    for (let copy = 2; takenBy(name).some((entry) => taken.has(entry)); copy++) name = `${wanted}_${copy}`;
    for (const entry of takenBy(name)) taken.add(entry);
    return name;
  });
}

/** Most bytes of a name: file systems take 255 with all that is put behind it. */
const MOST_NAME_BYTES = 160;

/** The begin of a name: at most 80 characters, whole ones, and no more than fit into a file's name with endings. */
export function shortName(text: string): string {
  const letters = [...text].slice(0, 80);
  while (Buffer.byteLength(letters.join('')) > MOST_NAME_BYTES) letters.pop();
  return letters.join('');
}

const RESERVED = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/i;

/**
 * A file name (without extension) that Windows, macOS and Linux all accept, near to the given text: letters of any
 * script stay; separators, quotes, wildcards and control characters become `-`; no leading dash or dot. Never empty.
 */
export function safeFileName(text: string): string {
  const plain = text
    .normalize('NFC')
    .replace(/[\p{Cc}<>:"'`/\\|?*$%!&;#{}^~]+/gu, '-')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.-]+|[\s.-]+$/g, '');
  const cleaned = shortName(plain).trimEnd();
  if (cleaned === '') return 'motion';
  return RESERVED.test(cleaned) ? `${cleaned}_` : cleaned;
}

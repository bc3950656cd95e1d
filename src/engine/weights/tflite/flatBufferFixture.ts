/** A field of a table to write; tests only. Absent fields are `undefined`. */
export type FixtureField =
  | { byte: number }
  | { int: number }
  | { text: string }
  | { bytes: Uint8Array }
  | { ints: readonly number[] }
  | { table: FixtureTable }
  | { tables: readonly FixtureTable[] }
  | undefined;

/** Fields by schema slot. */
export type FixtureTable = readonly FixtureField[];

/** Writes a FlatBuffer file for tests: every table with its vtable before it, children behind their parent. */
export function writeFlatBuffer(root: FixtureTable, identifier: string): Uint8Array {
  const file: number[] = [0, 0, 0, 0, ...new TextEncoder().encode(identifier)];
  const put32 = (at: number, value: number) => {
    for (let byte = 0; byte < 4; byte++) file[at + byte] = (value >>> (8 * byte)) & 255;
  };
  const grow32 = (value: number) => {
    put32(file.length, value);
    return file.length - 4;
  };
  const grow16 = (value: number) => file.push(value & 255, (value >> 8) & 255);
  const writeChild = (field: Exclude<FixtureField, undefined>): number => {
    if ('table' in field) return writeTable(field.table);
    if ('tables' in field) {
      const start = grow32(field.tables.length);
      const slots = field.tables.map(() => grow32(0));
      for (const [index, table] of field.tables.entries()) {
        const at = writeTable(table);
        put32(slots[index] ?? 0, at - (slots[index] ?? 0));
      }
      return start;
    }
    if ('ints' in field) {
      const start = grow32(field.ints.length);
      for (const value of field.ints) grow32(value);
      return start;
    }
    const bytes = 'text' in field ? new TextEncoder().encode(field.text) : 'bytes' in field ? field.bytes : [];
    const start = grow32(bytes.length);
    file.push(...bytes);
    return start;
  };
  const writeTable = (table: FixtureTable): number => {
    const vtable = file.length;
    grow16(4 + 2 * table.length);
    grow16(4 + 4 * table.length);
    for (const [slot, field] of table.entries()) grow16(field === undefined ? 0 : 4 + 4 * slot);
    const start = grow32(file.length - vtable);
    for (const field of table) {
      grow32(field === undefined ? 0 : 'byte' in field ? field.byte & 255 : 'int' in field ? field.int : 0);
    }
    for (const [slot, field] of table.entries()) {
      if (field === undefined || 'byte' in field || 'int' in field) continue;
      const at = start + 4 + 4 * slot;
      put32(at, writeChild(field) - at);
    }
    return start;
  };
  put32(0, writeTable(root));
  return Uint8Array.from(file);
}

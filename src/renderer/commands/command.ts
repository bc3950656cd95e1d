/** Headings of the shortcuts sheet, in its order. */
export const COMMAND_AREAS = ['Move in time', 'Boxes', 'People', 'Run and project', 'Compare', 'See'] as const;
/** One of {@link COMMAND_AREAS}. */
export type CommandArea = (typeof COMMAND_AREAS)[number];

/**
 * Something a person can do. Menus, buttons, the palette, the shortcuts sheet and the keyboard share this one entry;
 * nothing binds a key elsewhere.
 */
export interface Command {
  /** Kebab-case, unique; never changes. */
  id: string;
  /** Sentence case, plain verb. */
  title: string;
  area: CommandArea;
  /**
   * Keys as `Ctrl+Shift+Z`, `ArrowLeft`, `Space`, `?`, `Delete`, `1`. `Ctrl` is Cmd on macOS. Modifiers in the order
   * Ctrl, Alt, Shift. A shifted sign is written as the sign (`?`), a shifted letter or digit with Shift.
   */
  shortcuts: readonly string[];
  /** False while it makes no sense: hidden from the palette, its keys go on to the next command that has them. */
  when(): boolean;
  run(): void | Promise<void>;
  /** Why it cannot be done now, in words, where the page does not show it; its key and button then say so. */
  whyNot?(): string | undefined;
  /** True when holding the key repeats it. */
  repeats?: boolean;
  /** True when it comes as the key is let go, because a drag with the key held means something of its own. */
  onRelease?: boolean;
}

import type { Span } from '#core/frames/span';
import type { PersonEdit } from '#core/tracks/boxEdit';

/** One way to answer a question. */
export interface Answer {
  id: string;
  title: string;
}

/** Something that is asked before an edit is made. */
export interface Question {
  text: string;
  /** Frames it is about; the playhead goes to the first of them. */
  span?: Span | undefined;
  answers: readonly Answer[];
  /** A number of frames may be typed instead of an answer; what it is called. */
  count?: string;
}

/** Frames of one person that an edit is about. */
export interface Reach {
  /** Whose box becomes somebody else's, or somebody else's theirs. */
  spans: readonly Span[];
  /** Whose box is nobody's afterwards. */
  dropped?: readonly Span[];
}

/** An edit that is shown before it is made: what it does, what is asked, and how the answers make it. */
export interface Proposal {
  /** What happens, for example `Swap Jumper and Passer-by`. */
  title: string;
  questions: readonly Question[];
  /** One an question, in their order: an answer's id, a number, or empty for none yet. */
  given: readonly string[];
  /** The edit that the answers make; undefined when there is nothing to do. */
  plan(given: readonly string[]): PersonEdit | undefined;
  /**
   * What a person's lane shows of the answers; where it is absent, or says nothing of a person, the frames that would
   * change.
   */
  reach?(given: readonly string[]): ReadonlyMap<string, Reach> | undefined;
  /** What the answers would do, in numbers, for example `45 boxes change hands, 12 dropped`. */
  sum?(given: readonly string[]): string | undefined;
  /** What stands in the ghost of a person's lane, for example `boxes of Jumper`. */
  note?(personId: string): string | undefined;
  /** After it was made: to select who is left. */
  done?(edit: PersonEdit): void;
}

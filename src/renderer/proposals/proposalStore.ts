import { produce } from 'immer';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Person, ProjectDocument } from '#core/document/schema';
import type { Span } from '#core/frames/span';
import { mergeSpans, subtractSpans } from '#core/frames/span';
import { touchedFrames } from '#core/tracks/personChange';
import type { PersonEdit } from '#core/tracks/boxEdit';
import { playhead } from '../playback/playhead';
import { applyEdit, notifyEdited } from '../session/editing';
import { announce, notify } from '../session/notices';
import { projectStore } from '../session/projectStore';
import { revealInTimeline } from '../timeline/timelineStore';
import type { Proposal, Reach } from './proposal';

/** How a person would be after a proposed edit, for the lane. */
export interface Ghost {
  /** Undefined when the person would be gone. */
  person: Person | undefined;
  /** Frames that would change. */
  spans: readonly Span[];
  /** Frames whose box would be nobody's. */
  dropped: readonly Span[];
  note: string;
}

/** The edit that is asked about now. */
export interface ProposalState {
  proposal: Proposal | undefined;
  /** Place of the question that is shown. */
  asked: number;
  /** What the answers so far would do; undefined when that is nothing. */
  edit: PersonEdit | undefined;
  /** What they would do in numbers, where the proposal says that. */
  sum: string | undefined;
  /** By person id, only those who would change. */
  ghosts: ReadonlyMap<string, Ghost>;
}

const NONE: ProposalState = { proposal: undefined, asked: 0, edit: undefined, sum: undefined, ghosts: new Map() };

/** The one store of it. */
export const proposalStore = createStore<ProposalState>(() => NONE);

/** Reads a part of it in a component. */
export function useProposal<T>(selector: (state: ProposalState) => T): T {
  return useStore(proposalStore, selector);
}

function changedSpans(before: Person, after: Person): Span[] {
  const [old, fresh] = [before.reviewed ?? [], after.reviewed ?? []];
  return mergeSpans([...touchedFrames(before, after), ...subtractSpans(old, fresh), ...subtractSpans(fresh, old)]);
}

function ghostsOf(
  document: ProjectDocument,
  edit: PersonEdit | undefined,
  { note, reach }: { note?: Proposal['note']; reach?: ReadonlyMap<string, Reach> | undefined } = {},
): Map<string, Ghost> {
  const ghosts = new Map<string, Ghost>();
  if (!edit) return ghosts;
  const after = produce(document, edit.recipe);
  for (const person of document.people) {
    const next = after.people.find(({ id }) => id === person.id);
    if (next === person) continue;
    const all = next ? changedSpans(person, next) : [{ from: 0, to: document.media.frameCount }];
    const { spans, dropped = [] } = reach?.get(person.id) ?? { spans: all };
    ghosts.set(person.id, { person: next, spans, dropped, note: note?.(person.id) ?? '' });
  }
  return ghosts;
}

function show(proposal: Proposal, asked: number): void {
  const { project } = projectStore.getState();
  if (!project) return proposalStore.setState(NONE);
  const edit = proposal.plan(proposal.given);
  const { given } = proposal;
  const reach = proposal.reach?.(given);
  const ghosts = ghostsOf(project.document, edit, { note: (id) => proposal.note?.(id), reach });
  proposalStore.setState({ proposal, asked, edit, ghosts, sum: edit && proposal.sum?.(given) });
}

/** Asks about an edit in the bar over the stage, in the place of one that is asked about already. */
export function propose(proposal: Proposal): void {
  show(proposal, 0);
  goToQuestion(0);
  announce(proposal.title);
}

/** Shows in the lanes what an edit in hand would do, in the place of what is asked about; undefined shows nothing. */
export function previewEdit(edit: PersonEdit | undefined): void {
  const { project } = projectStore.getState();
  proposalStore.setState(edit && project ? { ...NONE, ghosts: ghostsOf(project.document, edit) } : NONE);
}

/** Leaves everything as it is. */
export function dropProposal(): void {
  proposalStore.setState(NONE);
}

/** Answers the question that is shown. */
export function giveAnswer(answer: string): void {
  const { proposal, asked } = proposalStore.getState();
  if (proposal) show({ ...proposal, given: proposal.given.map((old, at) => (at === asked ? answer : old)) }, asked);
}

/** Answers all questions alike. */
export function giveAnswerToAll(answer: string): void {
  const { proposal, asked } = proposalStore.getState();
  if (proposal) show({ ...proposal, given: proposal.given.map(() => answer) }, asked);
}

/** Shows a question, around the ends, and the first of the frames it is about unless one of them is shown. */
export function goToQuestion(at: number): void {
  const { proposal } = proposalStore.getState();
  if (!proposal) return;
  const { length } = proposal.questions;
  const asked = (at + length) % length;
  proposalStore.setState({ asked });
  const span = proposal.questions[asked]?.span;
  if (!span) return;
  playhead.pause();
  // Whoever already looks at these frames stays where they look.
  const frame = playhead.frame();
  if (frame >= span.from && frame < span.to) return;
  playhead.seek(span.from);
  revealInTimeline(span.from);
}

/** Makes the edit that is shown, as one step. */
export function acceptProposal(): void {
  const { proposal, edit } = proposalStore.getState();
  if (!proposal) return;
  if (!edit) return notify({ level: 'info', text: 'Nothing would change' });
  proposalStore.setState(NONE);
  applyEdit(edit.label, edit.frame, edit.recipe, edit.person);
  proposal.done?.(edit);
  notifyEdited(edit.label);
}

/** Drops what is asked when the project changes under it. Call once; returns its own end. */
export function followProposals(): () => void {
  return projectStore.subscribe((state, before) => {
    const [next, old] = [state.project?.document, before.project?.document];
    if (next === old || !proposalStore.getState().proposal) return;
    // The engine's word that an edit is kept brings the same people again, as other objects.
    if (JSON.stringify(next?.people) !== JSON.stringify(old?.people)) dropProposal();
  });
}

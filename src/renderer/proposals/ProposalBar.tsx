import { ChevronLeft, ChevronRight, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import { Button } from '../controls/Button';
import { IconButton } from '../controls/IconButton';
import type { Proposal } from './proposal';
import { acceptProposal, dropProposal, giveAnswer, giveAnswerToAll, goToQuestion, useProposal } from './proposalStore';
import styles from './proposals.module.css';

function onKeyDown(event: KeyboardEvent): void {
  const { target } = event;
  const isOnButton = target instanceof HTMLButtonElement;
  const isOnAnswer = target instanceof HTMLInputElement && target.type === 'radio' && !target.checked;
  if (event.key === 'Escape') dropProposal();
  // With nothing chosen yet, Enter chooses what has the focus, and lanes show it before it is made.
  else if (event.key === 'Enter' && isOnAnswer) target.click();
  else if (event.key === 'Enter' && !isOnButton) acceptProposal();
  else {
    // What moves the choice must not move the playhead.
    if (event.key.startsWith('Arrow') || event.key === ' ') event.stopPropagation();
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

function Choices({ proposal, asked }: { proposal: Proposal; asked: number }) {
  const name = useId();
  const question = proposal.questions[asked];
  const given = proposal.given[asked];
  if (!question) return null;
  return (
    <div role="radiogroup" aria-label={question.text || proposal.title} className={styles['choices']}>
      {question.count !== undefined && (
        <label className={styles['count']}>
          <input
            type="number"
            min={1}
            aria-label={`Number of ${question.count}`}
            value={given === 'next' ? '' : given}
            onFocus={(event) => event.target.select()}
            onChange={(event) => giveAnswer(event.target.value)}
          />
          {question.count}
        </label>
      )}
      {question.answers.map(({ id, title }, index) => (
        <label key={id} className={styles['choice']} data-chosen={given === id}>
          <input
            type="radio"
            name={name}
            checked={given === id}
            data-first={index === 0}
            onChange={() => giveAnswer(id)}
          />
          {title}
        </label>
      ))}
    </div>
  );
}

/** Puts the focus on what is chosen, and back where it was when the bar goes. */
function useBarFocus(isOpen: boolean, asked: number) {
  const bar = useRef<HTMLElement>(null);
  const before = useRef<Element | null>(null);
  useEffect(() => {
    if (!isOpen) return undefined;
    before.current = document.activeElement;
    return () => {
      if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus();
    };
  }, [isOpen]);
  useEffect(() => {
    if (!isOpen) return;
    const element = bar.current;
    const field = element?.querySelector<HTMLInputElement>('input[type="number"], input:checked');
    (field ?? element?.querySelector<HTMLInputElement>('input'))?.focus();
  }, [isOpen, asked]);
  return bar;
}

/** The small bar over the stage that asks about an edit before it is made; lanes show what it would do. */
export function ProposalBar() {
  const proposal = useProposal((state) => state.proposal);
  const asked = useProposal((state) => state.asked);
  const sum = useProposal((state) => state.sum);
  const hasEdit = useProposal((state) => state.edit !== undefined);
  const bar = useBarFocus(proposal !== undefined, asked);
  if (!proposal) return null;
  const hasSeveral = proposal.questions.length > 1;
  const question = proposal.questions[asked];
  const given = proposal.given[asked];
  return (
    <section ref={bar} className={styles['bar']} aria-label={proposal.title} onKeyDown={onKeyDown}>
      <span className={styles['text']}>
        <b>{proposal.title}</b>
        {question?.text && <small>{question.text}</small>}
        {sum !== undefined && <small role="status">{sum}</small>}
      </span>
      {hasSeveral && (
        <IconButton icon={ChevronLeft} size="s" label="Question before" onClick={() => goToQuestion(asked - 1)} />
      )}
      <Choices proposal={proposal} asked={asked} />
      {hasSeveral && (
        <>
          <IconButton icon={ChevronRight} size="s" label="Next question" onClick={() => goToQuestion(asked + 1)} />
          {given !== undefined && (
            <Button size="s" onClick={() => giveAnswerToAll(given)}>
              So for all
            </Button>
          )}
        </>
      )}
      <span className={styles['ends']}>
        <Button size="s" look="primary" title="Enter" disabled={!hasEdit} onClick={acceptProposal}>
          Apply
        </Button>
        <IconButton icon={X} size="s" label="Leave as it is" shortcut="Escape" onClick={dropProposal} />
      </span>
    </section>
  );
}

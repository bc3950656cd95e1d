import { ChevronRight } from 'lucide-react';
import { Button } from '../controls/Button';
import { useProject } from '../session/projectStore';
import { useView } from '../session/viewStore';
import text from '../theme/text.module.css';
import { spanText } from '../wording/numbers';
import { goToDifference } from './comparedMotion';
import { useCompare } from './compareStore';
import { LetterMark } from './LetterMark';
import { chooseSide } from './runActions';

/** What is done at the playhead while two runs are compared. */
export function CompareTransport() {
  const range = useView((state) => state.range);
  const readOnly = useProject((state) => state.project?.readOnly !== undefined);
  const isPossible = useCompare((state) => state.ids.A !== undefined);
  const where = range ? `frames ${spanText(range)}` : 'this frame';
  return (
    <>
      {(['A', 'B'] as const).map((letter) => (
        <Button
          key={letter}
          look="ghost"
          disabled={readOnly || !isPossible}
          label={`Use ${letter} on ${where}`}
          title={`On ${where}; I and O set a range`}
          onClick={() => void chooseSide(letter)}
        >
          <LetterMark letter={letter} /> Use {letter} {range ? 'in the range' : 'here'}
        </Button>
      ))}
      <span className={text['grow']} />
      <Button icon={ChevronRight} disabled={!isPossible} onClick={() => goToDifference(1)}>
        Next difference
      </Button>
    </>
  );
}

import { useProject } from '../session/projectStore';
import { useView } from '../session/viewStore';
import { ChosenLane } from './ChosenLane';
import { comparedPerson, useCompare } from './compareStore';
import { DifferenceLane } from './DifferenceLane';

/** Lanes of the runs: how two differ, and which of them each person shows where. The second also stands while nothing is compared. */
export function CompareLanes() {
  const isOpen = useCompare((state) => state.isOpen && state.ids.A !== undefined);
  const project = useProject((state) => state.project);
  useView((state) => state.selection);
  if (!project) return null;
  const compared = isOpen ? comparedPerson() : undefined;
  const people = project.document.people.filter(({ id, choices }) => id === compared || choices);
  return (
    <>
      {isOpen && <DifferenceLane />}
      {people.length > 0 && (
        <div role="grid" aria-label="Chosen runs">
          {people.map((person) => (
            <ChosenLane
              key={person.id}
              person={person}
              results={project.results.people.find((entry) => entry.person === person.id)}
            />
          ))}
        </div>
      )}
    </>
  );
}

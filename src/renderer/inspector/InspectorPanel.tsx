import { Tabs } from '@base-ui/react/tabs';
import type { ComponentType } from 'react';
import type { Person } from '#core/document/schema';
import { useProject } from '../session/projectStore';
import { type InspectorTab, useView, viewStore } from '../session/viewStore';
import { CameraTab } from './CameraTab';
import styles from './inspector.module.css';
import { PersonTab } from './PersonTab';
import { PoseTab } from './PoseTab';
import { ShapeTab } from './ShapeTab';
import { WeightsTab } from './WeightsTab';

interface TabEntry {
  id: InspectorTab;
  title: string;
  component: ComponentType<{ person: Person | undefined }>;
}

const TABS: readonly TabEntry[] = [
  { id: 'person', title: 'Person', component: PersonTab },
  { id: 'pose', title: 'Pose', component: PoseTab },
  { id: 'shape', title: 'Shape', component: ShapeTab },
  { id: 'camera', title: 'Camera', component: CameraTab },
  { id: 'weights', title: 'Weights', component: WeightsTab },
];

/** Everything about the selected person in numbers. */
export function InspectorPanel() {
  const tab = useView((state) => state.inspectorTab);
  const selected = useView((state) => state.selection.at(-1));
  const person = useProject((state) => state.project?.document.people.find((entry) => entry.id === selected));
  const isWeighted = useView((state) => state.overlays.weights);
  // Numbers of weights are for who sees them.
  const tabs = TABS.filter((entry) => entry.id !== 'weights' || isWeighted);
  const shown = tabs.some((entry) => entry.id === tab) ? tab : 'person';
  return (
    <Tabs.Root
      className={styles['root']}
      value={shown}
      onValueChange={(value) => {
        const next = tabs.find((entry) => entry.id === value);
        if (next) viewStore.setState({ inspectorTab: next.id });
      }}
    >
      <Tabs.List className={styles['tabs']} aria-label="Inspector">
        {tabs.map((entry) => (
          <Tabs.Tab key={entry.id} value={entry.id}>
            {entry.title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ id, component: Component }) => (
        <Tabs.Panel key={id} value={id} className={styles['panel']}>
          <Component person={person} />
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  );
}

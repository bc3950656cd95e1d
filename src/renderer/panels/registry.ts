import type { LucideIcon } from 'lucide-react';
import { Box, Clapperboard, GitCompareArrows, Layers, ListTree, SlidersHorizontal, Users } from 'lucide-react';
import type { ComponentType } from 'react';
import { DifferencePanel } from '../compare/DifferencePanel';
import { RunsPanel } from '../compare/RunsPanel';
import { InspectorPanel } from '../inspector/InspectorPanel';
import { PeoplePanel } from '../people/PeoplePanel';
import { StagePanel } from '../stage/StagePanel';
import { TimelinePanel } from '../timeline/TimelinePanel';
import { ViewportPanel } from '../viewport/ViewportPanel';

/** Where a panel stands in the workspace. */
export type PanelPlace = 'left' | 'stage' | 'view' | 'inspector' | 'timeline';

/** What the workspace is for now: correcting, or comparing runs. */
export type WorkspaceMode = 'review' | 'compare';

/** A part of the workspace. A new one is a line here, and brings a panel bar, a body and an empty state. */
export interface PanelEntry {
  id: string;
  /** Accessible name of its region. */
  title: string;
  icon: LucideIcon;
  place: PanelPlace;
  /** The mode it is part of; absent for both. */
  mode?: WorkspaceMode;
  component: ComponentType;
}

/** The panels of the workspace. */
export const PANELS: readonly PanelEntry[] = [
  { id: 'people', title: 'People', icon: Users, place: 'left', mode: 'review', component: PeoplePanel },
  { id: 'runs', title: 'Runs', icon: Layers, place: 'left', mode: 'compare', component: RunsPanel },
  { id: 'stage', title: 'Video', icon: Clapperboard, place: 'stage', component: StagePanel },
  { id: 'viewport', title: '3D', icon: Box, place: 'view', component: ViewportPanel },
  {
    id: 'inspector',
    title: 'Inspector',
    icon: SlidersHorizontal,
    place: 'inspector',
    mode: 'review',
    component: InspectorPanel,
  },
  {
    id: 'difference',
    title: 'Difference',
    icon: GitCompareArrows,
    place: 'inspector',
    mode: 'compare',
    component: DifferencePanel,
  },
  { id: 'timeline', title: 'Timeline', icon: ListTree, place: 'timeline', component: TimelinePanel },
];

/** The panels of a place in a mode, in their order. */
export function panelsAt(place: PanelPlace, mode: WorkspaceMode): readonly PanelEntry[] {
  return PANELS.filter((panel) => panel.place === place && (panel.mode ?? mode) === mode);
}

import type { LucideIcon } from 'lucide-react';
import { Box, Clapperboard, ListTree, SlidersHorizontal, Users } from 'lucide-react';
import type { ComponentType } from 'react';
import { InspectorPanel } from '../inspector/InspectorPanel';
import { PeoplePanel } from '../people/PeoplePanel';
import { StagePanel } from '../stage/StagePanel';
import { TimelinePanel } from '../timeline/TimelinePanel';
import { ViewportPanel } from '../viewport/ViewportPanel';

/** Where a panel stands in the workspace. */
export type PanelPlace = 'left' | 'stage' | 'view' | 'inspector' | 'timeline';

/** A part of the workspace. A new one is a line here, and brings a panel bar, a body and an empty state. */
export interface PanelEntry {
  id: string;
  /** Accessible name of its region. */
  title: string;
  icon: LucideIcon;
  place: PanelPlace;
  component: ComponentType;
}

/** The panels of the review workspace. */
export const PANELS: readonly PanelEntry[] = [
  { id: 'people', title: 'People', icon: Users, place: 'left', component: PeoplePanel },
  { id: 'stage', title: 'Video', icon: Clapperboard, place: 'stage', component: StagePanel },
  { id: 'viewport', title: '3D', icon: Box, place: 'view', component: ViewportPanel },
  { id: 'inspector', title: 'Inspector', icon: SlidersHorizontal, place: 'inspector', component: InspectorPanel },
  { id: 'timeline', title: 'Timeline', icon: ListTree, place: 'timeline', component: TimelinePanel },
];

/** The panels of a place, in their order. */
export function panelsAt(place: PanelPlace): readonly PanelEntry[] {
  return PANELS.filter((panel) => panel.place === place);
}

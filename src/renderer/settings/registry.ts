import { Box, type LucideIcon, Zap } from 'lucide-react';
import type { ComponentType } from 'react';
import type { PageId } from '../app/dialogStore';
import { DiagnosticsPage } from '../diagnostics/DiagnosticsPage';
import { ModelsPage } from '../models/ModelsPage';

/** A page of settings, in the list at its left. */
export interface SettingsPage {
  id: Exclude<PageId, 'workspace'>;
  title: string;
  icon: LucideIcon;
  Page: ComponentType;
}

/** Every page of settings in the order of the list. */
export const SETTINGS_PAGES: readonly SettingsPage[] = [
  { id: 'models', title: 'Models', icon: Box, Page: ModelsPage },
  { id: 'diagnostics', title: 'Diagnostics', icon: Zap, Page: DiagnosticsPage },
];

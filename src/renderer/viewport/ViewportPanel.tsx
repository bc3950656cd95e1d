import { PanelBar } from '../panels/PanelBar';

/** The 3D view. */
export function ViewportPanel() {
  return <PanelBar title="3D" />;
}

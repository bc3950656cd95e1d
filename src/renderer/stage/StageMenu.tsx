import { ContextMenu } from '@base-ui/react/context-menu';
import type { ReactElement } from 'react';
import { keysOf } from '../commands/keyBindings';
import { commandById } from '../commands/registry';
import controls from '../controls/controls.module.css';
import { Keys } from '../controls/Keys';

/** Actions of the right-click menu by command, in groups. Those that make no sense now are left out. */
const GROUPS: readonly (readonly string[])[] = [
  ['box-edit-by-keyboard', 'box-toggle-keyframe', 'box-interpolate', 'box-back-to-detected'],
  ['box-copy-forward', 'box-follow-forward', 'box-follow-backward', 'box-keep-square'],
  ['box-outside-from', 'box-delete', 'delete-track'],
  ['mark-reviewed', 'mark-range-reviewed'],
  ['split', 'merge', 'swap', 'lock-person', 'hide-person'],
  ['tool-draw', 'stage-fit', 'stage-actual-size'],
];

function Entries() {
  const groups = GROUPS.map((ids) => ids.map(commandById).filter((command) => command.when())).filter(
    (commands) => commands.length > 0,
  );
  return groups.map((commands, index) => (
    <ContextMenu.Group key={commands[0]?.id}>
      {index > 0 && <ContextMenu.Separator className={controls['menuSeparator']} />}
      {commands.map((command) => (
        <ContextMenu.Item key={command.id} className={controls['menuItem']} onClick={() => void command.run()}>
          <span className={controls['menuText']}>{command.title}</span>
          {keysOf(command)[0] && <Keys shortcut={keysOf(command)[0] ?? ''} flat exact />}
        </ContextMenu.Item>
      ))}
    </ContextMenu.Group>
  ));
}

/** The stage with its right-click menu. `stage` is the element that is clicked. */
export function StageMenu({ stage }: { stage: ReactElement<Record<string, unknown>> }) {
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger render={stage} />
      <ContextMenu.Portal>
        <ContextMenu.Positioner className={controls['positioner']}>
          <ContextMenu.Popup className={controls['menu']}>
            <Entries />
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

/** Dialogs, one at a time. */
export type DialogId =
  | 'export'
  | 'shortcuts'
  | 'palette'
  | 'browse'
  | 'locate'
  | 'browseModels'
  | 'runOptions'
  | 'trackFiles';
/** What fills the window below the top bar. */
export type PageId = 'workspace' | 'models' | 'diagnostics';

/** Which dialog and page are open. */
export interface DialogState {
  dialog: DialogId | undefined;
  page: PageId;
}

/** The one store of open dialogs and pages. */
export const dialogStore = createStore<DialogState>(() => ({ dialog: undefined, page: 'workspace' }));

/** Reads a part of it in a component. */
export function useDialogs<T>(selector: (state: DialogState) => T): T {
  return useStore(dialogStore, selector);
}

/** Opens a dialog; another one open is closed. */
export function openDialog(dialog: DialogId): void {
  dialogStore.setState({ dialog });
}

/** Closes whatever dialog is open. */
export function closeDialog(): void {
  dialogStore.setState({ dialog: undefined });
}

/** Goes to a page. */
export function showPage(page: PageId): void {
  dialogStore.setState({ page, dialog: undefined });
}

import { type PageId, showPage } from '../app/dialogStore';
import { SETTINGS_PAGES } from './registry';
import styles from './settings.module.css';

/** The page of settings with an id, with the list of all of them at its left. */
export function SettingsPages({ id }: { id: Exclude<PageId, 'workspace'> }) {
  const Page = SETTINGS_PAGES.find((page) => page.id === id)?.Page;
  return (
    <div className={styles['frame']}>
      <aside className={styles['list']} aria-label="Settings" data-region="settings">
        <h2>Settings</h2>
        <nav aria-label="Settings pages">
          {SETTINGS_PAGES.map(({ id: target, title, icon: Icon }) => (
            <button
              key={target}
              type="button"
              aria-current={target === id ? 'page' : undefined}
              onClick={() => showPage(target)}
            >
              <Icon size={16} strokeWidth={1.5} aria-hidden />
              {title}
            </button>
          ))}
        </nav>
      </aside>
      {Page && <Page />}
    </div>
  );
}

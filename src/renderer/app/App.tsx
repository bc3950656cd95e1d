import { Tooltip } from '@base-ui/react/tooltip';
import { CircleX } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { AppError } from '#core/errors';
import { listenForShortcuts } from '../commands/keyboard';
import { COMMANDS } from '../commands/registry';
import { followLoop } from '../commands/time';
import { Button } from '../controls/Button';
import { EmptyState } from '../controls/Marks';
import { runDiagnostics } from '../diagnostics/diagnosticsStore';
import { activeJobs, jobProgress } from '../session/jobNews';
import { followChecks } from '../review/checkStore';
import { followCompared } from '../compare/comparedMotion';
import { followProposals } from '../proposals/proposalStore';
import { followReviews } from '../review/reviewNews';
import { toAppError } from '../session/engineError';
import { notify } from '../session/notices';
import { followConfidences } from '../session/confidences';
import { followPosition } from '../session/spokenPosition';
import { followModels } from '../models/modelsStore';
import { openProject, startSession } from '../session/projectSession';
import { projectStore, useProject } from '../session/projectStore';
import { SettingsPages } from '../settings/SettingsPages';
import { acceptDrops } from '../startPage/acceptDrops';
import { StartPage } from '../startPage/StartPage';
import { ConnectionBanner, ReadOnlyBanner } from './ConnectionBanner';
import { Dialogs } from './Dialogs';
import { dialogStore, useDialogs } from './dialogStore';
import { ErrorBoundary } from './ErrorBoundary';
import { goOnAfterReload, rememberPlace } from './reloadedProject';
import type { Shell } from './shell';
import { ShellProvider } from './shellContext';
import { StatusBar } from './StatusBar';
import { LiveRegion, Toasts } from './Toasts';
import { TopBar } from './TopBar';
import { Workspace } from './Workspace';
import styles from './workspace.module.css';

function report(error: unknown): void {
  const problem = toAppError(error);
  notify({ level: 'error', text: problem.message, detail: problem.hint });
}

function useSession(shell: Shell): AppError | undefined {
  const [problem, setProblem] = useState<AppError>();
  useEffect(() => {
    let close: (() => void) | undefined;
    let leaveModels: (() => void) | undefined;
    let isOver = false;
    shell
      .connect()
      .then((connection) => {
        close = () => connection.close();
        if (isOver) return close();
        return startSession(connection).then(() => {
          shell.onOpenRequest?.((token) => void openProject({ source: 'file', token }).catch(report));
          void runDiagnostics();
          void goOnAfterReload();
          if (!isOver) leaveModels = followModels(connection.client);
        });
      })
      .catch((error: unknown) => {
        if (!isOver) setProblem(toAppError(error));
      });
    return () => {
      isOver = true;
      leaveModels?.();
      close?.();
    };
  }, [shell]);
  return problem;
}

function useKeyboard(): void {
  useEffect(() => {
    const isBlocked = () => dialogStore.getState().dialog !== undefined;
    const ends = [
      listenForShortcuts(COMMANDS, isBlocked, report),
      followLoop(),
      followConfidences(),
      followPosition(),
      followChecks(),
      followReviews(),
      followProposals(),
      followCompared(),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, []);
}

function useWindow(shell: Shell): void {
  const name = useProject((state) => state.project?.document.name);
  useEffect(() => {
    document.title = name === undefined ? 'Retake' : `${name} – Retake`;
  }, [name]);
  useEffect(
    () =>
      projectStore.subscribe((state) => {
        const [job] = activeJobs(state.project?.jobs ?? []);
        shell.setProgress?.(job ? jobProgress(job).fraction : undefined);
      }),
    [shell],
  );
  useEffect(() => acceptDrops(shell), [shell]);
  useEffect(rememberPlace, []);
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (projectStore.getState().unsavedEdits > 0) event.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, []);
}

function Content() {
  const isOpen = useProject((state) => state.project !== undefined);
  const page = useDialogs((state) => state.page);
  return (
    <div className={styles['content']}>
      <ConnectionBanner />
      <ReadOnlyBanner />
      {/* A page of settings covers what is below, which keeps its state and is out of reach meanwhile. */}
      <div
        className={styles['below']}
        inert={page !== 'workspace'}
        style={page === 'workspace' ? {} : { visibility: 'hidden' }}
      >
        {isOpen ? <Workspace /> : <StartPage />}
      </div>
      {page !== 'workspace' && <SettingsPages id={page} />}
    </div>
  );
}

function NotConnected({ problem }: { problem: AppError }) {
  return (
    <EmptyState
      icon={CircleX}
      title="Retake could not reach its engine"
      text={[problem.message, problem.hint].filter((part) => part !== undefined).join(' ')}
    >
      <Button look="primary" onClick={() => location.reload()}>
        Reload
      </Button>
    </EmptyState>
  );
}

/** The whole page, the same on every platform. */
export function App({ shell }: { shell: Shell }) {
  const problem = useSession(shell);
  useKeyboard();
  useWindow(shell);
  return (
    <ShellProvider value={shell}>
      <Tooltip.Provider delay={400}>
        <div className={styles['app']}>
          <ErrorBoundary part="the top bar">
            <TopBar />
          </ErrorBoundary>
          <ErrorBoundary part="the page">{problem ? <NotConnected problem={problem} /> : <Content />}</ErrorBoundary>
          <ErrorBoundary part="the status bar">
            <StatusBar />
          </ErrorBoundary>
        </div>
        <ErrorBoundary part="a dialog">
          <Dialogs />
        </ErrorBoundary>
        <Toasts />
        <LiveRegion />
      </Tooltip.Provider>
    </ShellProvider>
  );
}

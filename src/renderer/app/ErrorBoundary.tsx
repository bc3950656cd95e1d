import { CircleX } from 'lucide-react';
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { Button } from '../controls/Button';
import { EmptyState } from '../controls/Marks';

interface Props {
  /** What this part is called: `the timeline`. */
  part: string;
  children: ReactNode;
}

/** Keeps an error in one part of the page from taking down the rest; the person can try that part again. */
export class ErrorBoundary extends Component<Props, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <EmptyState
        icon={CircleX}
        title={`Something went wrong in ${this.props.part}`}
        text="Boxes, poses and edits are safe. Try this part again; if it fails again, reload the page."
        note={error.message}
      >
        <Button look="primary" onClick={() => this.setState({ error: undefined })}>
          Try again
        </Button>
      </EmptyState>
    );
  }
}

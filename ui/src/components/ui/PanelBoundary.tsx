import { Component, type ReactNode } from 'react';
import { asProblem } from '@/api/problem.ts';
import { ProblemNote } from './ProblemNote.tsx';

interface Props {
  children: ReactNode;
  compact?: boolean;
  /** A new value (a new answer of the API) gives the part another chance. */
  resetOn?: unknown;
}

interface State {
  error: unknown;
  resetOn: unknown;
}

/** One part of a page that fails shows its own problem; the others stay. */
export class PanelBoundary extends Component<Props, State> {
  override state: State = { error: null, resetOn: this.props.resetOn };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.resetOn === state.resetOn ? null : { error: null, resetOn: props.resetOn };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return (
      <div
        className={this.props.compact ? 'rounded-xl border border-line bg-surface p-4' : undefined}
      >
        <ProblemNote
          problem={asProblem(this.state.error)}
          compact={this.props.compact}
          onRetry={() => this.setState({ error: null })}
        />
      </div>
    );
  }
}

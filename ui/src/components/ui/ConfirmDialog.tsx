import type { ReactNode } from 'react';
import type { Problem } from '@/api/problem.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import { FormProblem } from './FormProblem.tsx';

interface Props {
  title: string;
  /** What will be so afterwards, and what stays. */
  lead: ReactNode;
  confirm: string;
  open: boolean;
  pending: boolean;
  problem: Problem | null;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something ends. */
export function ConfirmDialog(props: Props) {
  return (
    <Dialog title={props.title} lead={props.lead} open={props.open} onClose={props.onClose}>
      <FormProblem problem={props.problem} />
      <div className="mt-2 flex flex-wrap justify-end gap-2">
        <Button onClick={props.onClose}>Cancel</Button>
        <Button look="danger" disabled={props.pending} onClick={props.onConfirm}>
          {props.confirm}
        </Button>
      </div>
    </Dialog>
  );
}

import type { ErrorComponentProps } from '@tanstack/react-router';
import { messageOf } from '@/api/client';
import { ErrorState } from '@/ui/states';

/** A page that could not be drawn: the shell around it stays. */
export function Broken({ error, reset }: ErrorComponentProps) {
  return (
    <div style={{ padding: 'var(--d-page-x)' }}>
      <ErrorState title="This page could not be drawn." detail={messageOf(error)} retry={reset} />
    </div>
  );
}

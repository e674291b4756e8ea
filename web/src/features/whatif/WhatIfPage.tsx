import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import { useOrganisation } from '@/features/organisation/api';
import { useMinute } from '@/lib/serverClock';
import { startOfDay } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { usePageTitle } from '@/shell/title';
import { ErrorState, LoadingRows } from '@/ui/states';
import { Answer } from './Answer';
import { useSweep, useWhatIf } from './api';
import { Form } from './Form';
import { askedOf, blank, type Fields } from './form';
import { Heat } from './Heat';
import css from './WhatIf.module.css';

/** The form, of which the instant stands in the address, so that a moment can be sent to somebody. */
function useFields() {
  const at = useSearch({ from: '/shell/whatif' }).at;
  const navigate = useNavigate();
  const [own, setOwn] = useState<Omit<Fields, 'atMs'>>(blank);
  const fields: Fields = { ...own, atMs: at ?? null };
  const set = ({ atMs, ...part }: Partial<Fields>) => {
    if (atMs !== undefined)
      void navigate({ to: '/whatif', search: { at: atMs ?? undefined }, replace: true, resetScroll: false });
    if (Object.keys(part).length > 0) setOwn((old) => ({ ...old, ...part }));
  };
  return { fields, set };
}

/** An alert that did not happen: who would be paged, when, and when a human answers. */
export function WhatIfPage() {
  usePageTitle('What if');
  const { fields, set } = useFields();
  const zone = useZone();
  const minute = useMinute();
  const [settled] = useDebouncedValue(fields, 250);
  const organisation = useOrganisation().data;
  const asked = askedOf(settled);
  const run = useWhatIf({ ...asked, at_us: (settled.atMs ?? minute) * 1000 });
  const sweep = useSweep({ ...asked, from_us: startOfDay(minute, zone) * 1000, days: 90 });
  return (
    <div className={css.page}>
      <Form fields={fields} organisation={organisation} set={set} />
      <div className="stack">
        {run.isError && (
          <ErrorState
            title="The alert could not be played."
            detail={messageOf(run.error)}
            retry={() => run.refetch()}
          />
        )}
        {run.isPending && <LoadingRows rows={8} />}
        {run.data && !run.isError && <Answer run={run.data} />}
        {sweep.isPending && <LoadingRows rows={6} />}
        {sweep.data && !sweep.isError && (
          <Heat
            sweep={sweep.data}
            old={sweep.isPlaceholderData}
            chosenMs={settled.atMs}
            onPick={(atMs) => set({ atMs })}
          />
        )}
      </div>
    </div>
  );
}

import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import type { LoadLedger } from '@/api/types';
import { cli } from '@/lib/cli';
import { useMinute } from '@/lib/serverClock';
import { range, startOfDay } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { usePageTitle } from '@/shell/title';
import { CliLine } from '@/ui/CliLine';
import { FilterChips } from '@/ui/FilterChips';
import { Panel } from '@/ui/Panel';
import { EmptyState, ErrorState, LoadingRows } from '@/ui/states';
import { useExport, useLoad } from './api';
import { Bars, Legend } from './Bars';
import css from './Load.module.css';
import { ordered } from './load';
import { Side } from './Side';
import { Table } from './Table';

const spans = ['30', '90', '180', '365'] as const;
type Span = (typeof spans)[number];

function Found({ ledger, command }: { ledger: LoadLedger; command: string }) {
  const zone = useZone();
  const people = ordered(ledger.people);
  const span = range(ledger.from_us / 1000, ledger.to_us / 1000, zone);
  return (
    <>
      <div className={css.columns}>
        <Panel title="Duty" count={span} right={<Legend />}>
          {people.length > 0 ? (
            <Bars people={people} />
          ) : (
            <EmptyState title="You take turns in no schedule.">
              Your row stands here as soon as a layer of a schedule names you.
            </EmptyState>
          )}
        </Panel>
        <Side ledger={ledger} />
      </div>
      <Panel title="Figures" count={ledger.everybody ? undefined : 'you, and everybody together'}>
        <Table ledger={ledger} people={people} />
      </Panel>
      <CliLine command={command} />
    </>
  );
}

/** What duty cost each person, what is planned for them, and how evenly it is borne. */
export function LoadPage() {
  usePageTitle('Load');
  const zone = useZone();
  const today = startOfDay(useMinute(), zone);
  const [span, setSpan] = useState<Span>('90');
  const fromMs = startOfDay(today, zone, -Number(span));
  const load = useLoad(fromMs);
  const file = useExport(fromMs);
  const command = cli('load', [], { from: new Date(fromMs).toISOString() });
  return (
    <div className={css.page}>
      <div className={css.tools}>
        <FilterChips
          label="How far back and ahead"
          choices={spans.map((value) => ({ value, label: `${value} days` }))}
          value={span}
          onChange={setSpan}
        />
        <Button
          leftSection={<IconDownload size={14} stroke={1.75} />}
          loading={file.isPending}
          onClick={() => file.mutate()}
          ml="auto"
        >
          Export for pay
        </Button>
      </div>
      {file.isError && <ErrorState title="The export failed." detail={messageOf(file.error)} />}
      {load.isError && (
        <ErrorState
          title="The load could not be read."
          detail={messageOf(load.error)}
          retry={() => load.refetch()}
        />
      )}
      {load.isPending && <LoadingRows rows={10} height={44} />}
      {load.data && <Found ledger={load.data} command={command} />}
    </div>
  );
}

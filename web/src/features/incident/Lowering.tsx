import { Button } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import { useContext } from 'react';
import type { Incident } from '@/api/types';
import { levelName } from '@/lib/lamp';
import { Banner } from '@/ui/Banner';
import { Viewer } from '@/ui/Person';
import { TimeText } from '@/ui/TimeText';
import type { useAct } from './actions';

/** A request to lower waits for a second person; the one who asked cannot give it. */
export function Lowering({ incident, act }: { incident: Incident; act: ReturnType<typeof useAct> }) {
  const viewer = useContext(Viewer);
  const { lowering } = incident;
  if (!lowering) return null;
  const own = lowering.by === viewer;
  return (
    <Banner
      tone="info"
      icon={<IconArrowDown size={16} stroke={1.75} />}
      title={`${own ? 'You ask' : `${lowering.by_name} asks`} to lower to ${levelName(lowering.to)}.`}
      actions={
        !own && (
          <Button variant="filled" loading={act.isPending} onClick={() => act.mutate({ verb: 'consent' })}>
            Consent
          </Button>
        )
      }
    >
      “{lowering.reason}”{' '}
      <span className="soft">
        {own ? 'A second person must consent' : 'Consent'} until <TimeText us={lowering.until_us} />.
      </span>
    </Banner>
  );
}

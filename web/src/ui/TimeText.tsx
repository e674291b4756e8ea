import { Tooltip } from '@mantine/core';
import { formatLong } from '@/lib/countdown';
import { useMinute, useNow } from '@/lib/serverClock';
import { instant, shortInstant, utc, zoneName } from '@/lib/time';
import { useZone } from '@/lib/zone';

interface TimeProps {
  /** Microseconds UTC, as the API gives it. */
  us: number;
  seconds?: boolean;
  className?: string;
}

function hover(ms: number, zone: string): string {
  return `${instant(ms, zone, 0, true)} · ${utc(ms)}`;
}

/** An instant in the viewer's zone, `10:51 CEST`, with the weekday when it is not today and UTC on hover. */
export function TimeText({ us, seconds = false, className, bare = false }: TimeProps & { bare?: boolean }) {
  const zone = useZone();
  const now = useMinute();
  const ms = us / 1000;
  const show = bare ? shortInstant : instant;
  return (
    <Tooltip label={hover(ms, zone)}>
      <time dateTime={new Date(ms).toISOString()} className={`nowrap ${className ?? ''}`}>
        {show(ms, zone, now, seconds)}
      </time>
    </Tooltip>
  );
}

/** How long ago, or in how long, with the instant on hover. */
export function Age({ us, className }: TimeProps) {
  const zone = useZone();
  const now = useNow();
  const ms = us / 1000;
  const span = formatLong(Math.abs(now - ms) / 1000);
  return (
    <Tooltip label={hover(ms, zone)}>
      <time dateTime={new Date(ms).toISOString()} className={`nowrap ${className ?? ''}`}>
        {ms > now ? `in ${span}` : `${span} ago`}
      </time>
    </Tooltip>
  );
}

/** `CEST`: the zone of the times in a column, for its head. */
export function ZoneLabel() {
  return <>{zoneName(useMinute(), useZone())}</>;
}

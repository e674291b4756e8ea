import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCalendar, IconUserOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { BoardLevel, Finding } from '@/api/types';
import { formatLength } from '@/lib/countdown';
import { levelName } from '@/lib/lamp';
import { useMinute } from '@/lib/serverClock';
import { range } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { Banner } from '@/ui/Banner';
import { gapTitle, isGap, nobody, worstFirst } from './findings';

function Gap({ finding, more }: { finding: Finding; more: number }) {
  const zone = useZone();
  const now = useMinute();
  const [start, end] = [(finding.start_us ?? 0) / 1000, (finding.end_us ?? 0) / 1000];
  const length = end > start ? ` (${formatLength((end - start) / 1000)})` : '';
  return (
    <Banner
      tone="bad"
      icon={<IconCalendar size={16} stroke={1.75} />}
      title={gapTitle(start, now)}
      actions={
        <>
          <Button renderRoot={(props) => <Link to="/oncall" search={{ at: start }} {...props} />}>
            Open in calendar
          </Button>
          <Button
            variant="filled"
            renderRoot={(props) => (
              <Link to="/oncall" search={{ at: start, cover: start, until: end }} {...props} />
            )}
          >
            Find cover
          </Button>
        </>
      }
    >
      {finding.level ? `${levelName(finding.level)} reaches nobody on ` : ''}
      <span className="mid">
        {range(start, end, zone)}
        {length}
      </span>
      . <span className="soft">{finding.mend}</span>
      {more > 0 && <span className="soft"> And {more} more.</span>}
    </Banner>
  );
}

/** The one thing that would fail first, with the one action that mends it. */
export function WorstBanner({
  findings,
  levels,
}: {
  findings: readonly Finding[];
  levels: readonly BoardLevel[];
}) {
  const hole = levels.find((level) => level.hole && nobody(level));
  if (hole) {
    return (
      <Banner
        tone="bad"
        icon={<IconAlertTriangle size={16} stroke={1.75} />}
        title={`Nobody holds ${levelName(hole.level)} now.`}
        actions={
          <Button variant="filled" renderRoot={(props) => <Link to="/oncall" {...props} />}>
            Find cover
          </Button>
        }
      >
        {hole.hole}
      </Banner>
    );
  }
  const [worst, ...others] = worstFirst(findings);
  if (!worst) return null;
  if (isGap(worst)) return <Gap finding={worst} more={others.length} />;
  return (
    <Banner tone="warn" icon={<IconUserOff size={16} stroke={1.75} />} title={worst.message}>
      <span className="soft">{worst.mend}</span>
      {others.length > 0 && <span className="soft"> And {others.length} more.</span>}
    </Banner>
  );
}

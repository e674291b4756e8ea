import type { Finding } from '@/api/types';
import { formatLength } from '@/lib/countdown';
import { levelName } from '@/lib/lamp';
import { range } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { TimeText } from '@/ui/TimeText';
import { isGap } from './rows';

/** What was found, when, and how to mend it; the same words stand above the form that mends or accepts it. */
export function FindingWords({ finding }: { finding: Finding }) {
  const zone = useZone();
  const { start_us: start, end_us: end, accepted } = finding;
  const span = start && end ? { startMs: start / 1000, endMs: end / 1000 } : null;
  const head =
    span && finding.level && isGap(finding)
      ? `${levelName(finding.level)} gap, ${formatLength((span.endMs - span.startMs) / 1000)}`
      : null;
  return (
    <>
      <div className="row">
        {head && <span className={accepted ? 'strong' : 'strong bad'}>{head}</span>}
        <code className="faint caption" style={{ marginLeft: 'auto' }}>
          {finding.rule}
        </code>
      </div>
      {span && <p className="mid">{range(span.startMs, span.endMs, zone)}</p>}
      <p>{finding.message}</p>
      {accepted ? (
        <p className="soft small">
          Accepted by {accepted.author_name} until <TimeText us={accepted.until_us} />
          {accepted.id === null && ', in the pack'}: {accepted.reason}
        </p>
      ) : (
        finding.mend && <p className="soft small">{finding.mend}</p>
      )}
    </>
  );
}

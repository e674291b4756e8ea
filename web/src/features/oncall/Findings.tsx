import { Button } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { messageOf } from '@/api/client';
import type { CoverageReport, Finding, Schedule } from '@/api/types';
import { formatLength } from '@/lib/countdown';
import { levelName } from '@/lib/lamp';
import { range } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { Panel } from '@/ui/Panel';
import { EmptyState, ErrorState, LoadingRows } from '@/ui/states';
import { TimeText } from '@/ui/TimeText';
import css from './Oncall.module.css';
import type { OverrideDraft } from './override';

interface FindingProps {
  finding: Finding;
  schedules: readonly Schedule[];
  onCover: (draft: OverrideDraft) => void;
}

function FindingView({ finding, schedules, onCover }: FindingProps) {
  const zone = useZone();
  const [start, end] = [finding.start_us, finding.end_us];
  const span = start && end ? { startMs: start / 1000, endMs: end / 1000 } : null;
  const head =
    span && finding.level
      ? `${levelName(finding.level)} gap, ${formatLength((span.endMs - span.startMs) / 1000)}`
      : null;
  const schedule =
    schedules.find((each) => each.name.toLowerCase().includes((finding.level ?? '-').toLowerCase())) ??
    schedules[0];
  return (
    <li className={css.finding} data-gap={span ? true : undefined}>
      <div className="row">
        {head && <span className="strong bad">{head}</span>}
        <code className="faint caption" style={{ marginLeft: 'auto' }}>
          {finding.rule}
        </code>
      </div>
      {span && <p className="mid">{range(span.startMs, span.endMs, zone)}</p>}
      <p>{finding.message}</p>
      {finding.mend && <p className="soft small">{finding.mend}</p>}
      {span && (
        <Button
          variant="filled"
          size="sm"
          mt={6}
          onClick={() => onCover({ kind: 'add', scheduleId: schedule?.id, ...span })}
        >
          Find cover
        </Button>
      )}
    </li>
  );
}

/** What the coverage check found in the next 90 days, worst first. */
export function Findings({
  coverage,
  schedules,
  onCover,
}: Omit<FindingProps, 'finding'> & { coverage: UseQueryResult<CoverageReport> }) {
  const findings = coverage.data?.findings ?? [];
  const gaps = findings.filter((finding) => finding.start_us);
  const ordered = [
    ...gaps.toSorted((a, b) => (a.start_us ?? 0) - (b.start_us ?? 0)),
    ...findings.filter((finding) => !finding.start_us),
  ];
  return (
    <Panel
      title="Coverage"
      count={coverage.data && (findings.length === 0 ? 'no gap' : findings.length)}
      tone={gaps.length > 0 ? 'bad' : 'plain'}
      right="next 90 days"
    >
      {coverage.isError && (
        <ErrorState
          title="Coverage is unknown: the check failed."
          detail={messageOf(coverage.error)}
          retry={() => coverage.refetch()}
        />
      )}
      {coverage.isPending && <LoadingRows rows={3} />}
      {coverage.data && findings.length === 0 && (
        <EmptyState title="Every instant reaches somebody, at every level.">
          Checked <TimeText us={coverage.data.checked_us} seconds />, up to{' '}
          <TimeText us={coverage.data.to_us} />.
        </EmptyState>
      )}
      <ul>
        {ordered.map((finding) => (
          <FindingView
            key={`${finding.rule} ${finding.level} ${finding.person_id} ${finding.start_us} ${finding.message}`}
            finding={finding}
            schedules={schedules}
            onCover={onCover}
          />
        ))}
      </ul>
    </Panel>
  );
}

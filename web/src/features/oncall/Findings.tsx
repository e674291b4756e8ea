import { Button } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import type { CoverageReport, Finding, Schedule } from '@/api/types';
import { formatLength } from '@/lib/countdown';
import { levelName } from '@/lib/lamp';
import { range } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { Panel } from '@/ui/Panel';
import { EmptyState, ErrorState, LoadingRows } from '@/ui/states';
import { TimeText } from '@/ui/TimeText';
import { mendOf } from './mend';
import css from './Oncall.module.css';
import type { OverrideDraft } from './override';
import { isGap } from './rows';

interface FindingProps {
  finding: Finding;
  schedules: readonly Schedule[];
  onCover: (draft: OverrideDraft, finding: Finding) => void;
}

/** More are shown on demand: the first ones are what to do next. */
const FIRST = 4;

/** What was found, when, and how to mend it; the same words stand above the form that mends it. */
export function FindingWords({ finding }: { finding: Finding }) {
  const zone = useZone();
  const [start, end] = [finding.start_us, finding.end_us];
  const span = start && end ? { startMs: start / 1000, endMs: end / 1000 } : null;
  const head =
    span && finding.level && isGap(finding)
      ? `${levelName(finding.level)} gap, ${formatLength((span.endMs - span.startMs) / 1000)}`
      : null;
  return (
    <>
      <div className="row">
        {head && <span className="strong bad">{head}</span>}
        <code className="faint caption" style={{ marginLeft: 'auto' }}>
          {finding.rule}
        </code>
      </div>
      {span && <p className="mid">{range(span.startMs, span.endMs, zone)}</p>}
      <p>{finding.message}</p>
      {finding.accepted ? (
        <p className="soft small">
          Accepted by {finding.accepted.author} until <TimeText us={finding.accepted.until_us} />:{' '}
          {finding.accepted.reason}
        </p>
      ) : (
        finding.mend && <p className="soft small">{finding.mend}</p>
      )}
    </>
  );
}

function FindingView({ finding, schedules, onCover }: FindingProps) {
  const draft = mendOf(finding, schedules);
  return (
    <li className={css.finding} data-gap={isGap(finding) || undefined}>
      <FindingWords finding={finding} />
      {draft && (
        <Button variant="filled" size="sm" mt={6} onClick={() => onCover(draft, finding)}>
          Find cover
        </Button>
      )}
    </li>
  );
}

function Listed({ findings, ...rest }: Omit<FindingProps, 'finding'> & { findings: readonly Finding[] }) {
  const [all, setAll] = useState(false);
  const gaps = findings.filter((finding) => finding.start_us);
  const ordered = [
    ...gaps.toSorted((a, b) => (a.start_us ?? 0) - (b.start_us ?? 0)),
    ...findings.filter((finding) => !finding.start_us),
  ];
  const hidden = all ? 0 : Math.max(0, ordered.length - FIRST);
  return (
    <>
      <ul>
        {ordered.slice(0, all ? undefined : FIRST).map((finding) => (
          <FindingView key={finding.key} finding={finding} {...rest} />
        ))}
      </ul>
      {hidden > 0 && (
        <button type="button" className={css.more} onClick={() => setAll(true)}>
          Show {hidden} more
        </button>
      )}
    </>
  );
}

/** What the coverage check found in the next 90 days, the nearest first. */
export function Findings({
  coverage,
  ...rest
}: Omit<FindingProps, 'finding'> & { coverage: UseQueryResult<CoverageReport> }) {
  const findings = coverage.data?.findings ?? [];
  return (
    <Panel
      title="Coverage"
      count={coverage.data && (findings.length === 0 ? 'no gap' : findings.length)}
      tone={findings.some(isGap) ? 'bad' : 'plain'}
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
      <Listed findings={findings} {...rest} />
    </Panel>
  );
}

import { Button } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import type { CoverageReport, Finding, Schedule } from '@/api/types';
import { Panel } from '@/ui/Panel';
import { EmptyState, ErrorState, LoadingRows } from '@/ui/states';
import { TimeText } from '@/ui/TimeText';
import { useRevokeAcceptance } from './api';
import { FindingWords } from './FindingWords';
import { mendOf } from './mend';
import css from './Oncall.module.css';
import type { OverrideDraft } from './override';
import { isGap } from './rows';

interface FindingProps {
  finding: Finding;
  schedules: readonly Schedule[];
  onCover: (draft: OverrideDraft, finding: Finding) => void;
  onAccept: (finding: Finding) => void;
}

/** The rule that says that an acceptance is about nothing: that one is withdrawn. */
const ACCEPTANCE = 'COV-17';
/** More are shown on demand: the first ones are what to do next. */
const FIRST = 4;

function Revoke({ id, rule }: { id: string; rule: string }) {
  const revoke = useRevokeAcceptance();
  return (
    <>
      <Button
        size="sm"
        loading={revoke.isPending}
        onClick={() => revoke.mutate(id)}
        aria-label={`Revoke ${rule}`}
      >
        Revoke
      </Button>
      {revoke.isError && <p className="bad small">{messageOf(revoke.error)}</p>}
    </>
  );
}

function FindingView({ finding, schedules, onCover, onAccept }: FindingProps) {
  const { accepted } = finding;
  const draft = accepted ? null : mendOf(finding, schedules);
  return (
    <li
      className={css.finding}
      data-gap={(isGap(finding) && !accepted) || undefined}
      data-accepted={Boolean(accepted) || undefined}
    >
      <FindingWords finding={finding} />
      <div className="row" style={{ marginTop: 6 }}>
        {draft && (
          <Button variant="filled" size="sm" onClick={() => onCover(draft, finding)}>
            Find cover
          </Button>
        )}
        {!accepted && finding.rule !== ACCEPTANCE && (
          <Button size="sm" onClick={() => onAccept(finding)}>
            Accept…
          </Button>
        )}
        {accepted?.id && <Revoke id={accepted.id} rule={finding.rule} />}
      </div>
    </li>
  );
}

/** The nearest first, then what has no time; what somebody accepted comes last. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const rank = (finding: Finding) => (finding.accepted ? 2 : finding.start_us ? 0 : 1);
  return findings.toSorted((a, b) => rank(a) - rank(b) || (a.start_us ?? 0) - (b.start_us ?? 0));
}

/** `3`, `3, 1 accepted`, `1 accepted`, `no gap`. */
export function countOf(findings: readonly Finding[]): string {
  const accepted = findings.filter((finding) => finding.accepted).length;
  const open = findings.length - accepted;
  if (accepted === 0) return open === 0 ? 'no gap' : `${open}`;
  return open === 0 ? `${accepted} accepted` : `${open}, ${accepted} accepted`;
}

function Listed({ findings, ...rest }: Omit<FindingProps, 'finding'> & { findings: readonly Finding[] }) {
  const [all, setAll] = useState(false);
  const ordered = inOrder(findings);
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
      count={coverage.data && countOf(findings)}
      tone={findings.some((finding) => isGap(finding) && !finding.accepted) ? 'bad' : 'plain'}
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

import type { WhatIf, WhatIfEntry } from '@/api/types';
import { levelName } from '@/lib/lamp';
import { count } from '@/lib/names';
import { Panel } from '@/ui/Panel';
import { SeverityChip } from '@/ui/SeverityChip';
import { TimeText } from '@/ui/TimeText';
import { LadderPicture, PictureLegend } from './LadderPicture';
import { lengthOf } from './lanes';
import css from './WhatIf.module.css';

/** The answer in one sentence. */
export function headline(run: WhatIf): string {
  if (run.to_human_us !== null)
    return run.to_human_us === 0
      ? 'A human is reached at once'
      : `A human is reached after ${lengthOf(run.to_human_us)}`;
  return run.end === 'exhausted' ? 'Nobody answers' : 'Nobody has answered within the time that is looked at';
}

function Verdict({ run }: { run: WhatIf }) {
  const by = run.answered_by;
  const fell = run.entries.filter((entry) => entry.what === 'fell_through').length;
  return (
    <div className={css.verdict} data-tone={by ? 'ok' : 'bad'} role="status">
      <p className={css.headline}>{headline(run)}</p>
      <p>
        {by && run.answered_at && `${by.name}, asked at ${levelName(run.answered_at)}. `}
        {!by && run.again_us !== null && (
          <>
            The ladder would begin again at <TimeText us={run.again_us} seconds />.{' '}
          </>
        )}
        {count(run.asked.length, 'person', 'people')} asked
        {fell > 0 && `, ${count(fell, 'step')} reached nobody`}.
      </p>
    </div>
  );
}

function Facts({ run }: { run: WhatIf }) {
  return (
    <span className="row">
      <SeverityChip value={run.severity} />
      <span className="faint small">
        {run.rule ? `by the rule ${run.rule}` : 'no routing rule'}, policy {run.policy}
      </span>
    </span>
  );
}

const tones: Partial<Record<WhatIfEntry['what'], string>> = {
  answered: 'ok',
  silent: 'bad',
  fell_through: 'bad',
  unreachable: 'bad',
  failed: 'bad',
  exhausted: 'bad',
};

/** The same in words, with the time since the alert. */
function Story({ run }: { run: WhatIf }) {
  return (
    <ol className={css.story} aria-label="What would happen">
      {run.entries.map((entry, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a run have no identity but their order
        <li key={at} className={css.line}>
          <span className="num faint">{lengthOf(entry.at_us - run.at_us)}</span>
          <span>
            <span className={tones[entry.what] ?? ''}>{entry.text}</span>
            {entry.detail && <span className="soft"> {entry.detail}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** What one alert would lead to. */
export function Answer({ run }: { run: WhatIf }) {
  return (
    <>
      <Verdict run={run} />
      <Panel
        title={
          <>
            Alert at <TimeText us={run.at_us} seconds />
          </>
        }
        right={<Facts run={run} />}
      >
        <LadderPicture run={run} label={`${headline(run)}. The lines below say the same.`} />
        <PictureLegend />
        <Story run={run} />
      </Panel>
    </>
  );
}

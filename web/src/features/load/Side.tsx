import type { Fairness, LoadLedger } from '@/api/types';
import { Panel } from '@/ui/Panel';
import { PersonName } from '@/ui/Person';
import css from './Load.module.css';

function Figures({ title, fairness }: { title: string; fairness: Fairness }) {
  // Shares of next to nothing say nothing.
  if (fairness.mean_h < 1) {
    return (
      <section className={css.figures}>
        <h3 className="strong">{title}</h3>
        <p className="soft">Less than an hour of load each.</p>
      </section>
    );
  }
  return (
    <section className={css.figures}>
      <h3 className="strong">{title}</h3>
      <dl>
        <div>
          <dt>Largest over mean</dt>
          <dd className="num">{fairness.max_over_mean.toFixed(2)}</dd>
        </div>
        <div>
          <dt>Gini</dt>
          <dd className="num">{fairness.gini.toFixed(2)}</dd>
        </div>
        <div>
          <dt>Mean</dt>
          <dd className="num">{Math.round(fairness.mean_h)} h</dd>
        </div>
        <div>
          <dt>Largest</dt>
          <dd className="num">{Math.round(fairness.max_h)} h</dd>
        </div>
      </dl>
    </section>
  );
}

/** How evenly the load is borne, and who is next. */
export function Side({ ledger }: { ledger: LoadLedger }) {
  return (
    <div className="stack">
      <Panel title="Fairness" count="weighted load">
        <Figures title="So far" fairness={ledger.fairness} />
        <Figures title="Planned" fairness={ledger.planned_fairness} />
        <p className={css.note}>1.00 over the mean and a Gini of 0 are an even share.</p>
      </Panel>
      {ledger.next.length > 0 && (
        <Panel title="Next to be asked" count="least load first">
          <ol className={css.next}>
            {ledger.next.slice(0, 4).map((person) => (
              <li key={person.person_id}>
                <PersonName id={person.person_id} name={person.name} />
              </li>
            ))}
          </ol>
        </Panel>
      )}
    </div>
  );
}

import { Checkbox, NumberInput } from '@mantine/core';
import type { Policy } from '@/api/types';
import { type FactValue, factsInGuards } from '../when';
import css from './forms.module.css';

interface FactsProps {
  policy: Policy | undefined;
  facts: Readonly<Record<string, FactValue>>;
  onChange: (facts: Record<string, FactValue>) => void;
}

/** `records_affected` becomes `Records affected`. */
function label(name: string): string {
  const words = name.replaceAll('_', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** The facts that this policy climbs by: what a person can state and a machine cannot. */
export function Facts({ policy, facts, onChange }: FactsProps) {
  const known = [...factsInGuards((policy?.levels ?? []).flatMap((level) => level.when))];
  if (known.length === 0) return null;
  const flags = known.filter(([, kind]) => kind === 'flag');
  const numbers = known.filter(([, kind]) => kind === 'number');
  return (
    <details className={css.facts}>
      <summary>Facts that the ladder climbs by</summary>
      <div className={css.grid}>
        {flags.map(([name]) => (
          <Checkbox
            key={name}
            label={label(name)}
            checked={facts[name] === true}
            onChange={(event) => onChange({ ...facts, [name]: event.currentTarget.checked })}
          />
        ))}
        {numbers.map(([name]) => (
          <NumberInput
            key={name}
            label={label(name)}
            min={0}
            value={typeof facts[name] === 'number' ? facts[name] : ''}
            onChange={(value) => {
              if (typeof value === 'number') onChange({ ...facts, [name]: value });
            }}
          />
        ))}
      </div>
    </details>
  );
}

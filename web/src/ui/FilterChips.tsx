import css from './bits.module.css';

export interface FilterChoice<T extends string> {
  value: T;
  label: string;
  count?: number;
}

interface FilterChipsProps<T extends string> {
  label: string;
  choices: readonly FilterChoice<T>[];
  value: T;
  onChange: (value: T) => void;
}

/** A row of small toggles of which one is on. */
export function FilterChips<T extends string>({ label, choices, value, onChange }: FilterChipsProps<T>) {
  return (
    <fieldset className={css.filters} aria-label={label}>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          className={css.filter}
          aria-pressed={choice.value === value}
          onClick={() => onChange(choice.value)}
        >
          {choice.label}
          {choice.count !== undefined && ` ${choice.count}`}
        </button>
      ))}
    </fieldset>
  );
}

import { Button, SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { TimeText } from '@/ui/TimeText';
import { authorOf, type PackVersion } from './api';
import type { Line } from './lines';
import css from './Policy.module.css';
import { type Choice, type Piece, settled, threeWay } from './threeWay';
import { YamlLines } from './YamlText';

interface BothChangedProps {
  name: string;
  /** What both began from. */
  base: string;
  mine: string;
  theirs: string;
  /** The version in which they changed it, once it is known. */
  version?: PackVersion;
  onSettle: (text: string) => void;
}

const lines = (sign: Line['sign'], texts: readonly string[]): Line[] => texts.map((text) => ({ sign, text }));

/** The last or first lines around a change. */
const near = (texts: readonly string[], after: boolean, before: boolean): string[] => {
  if (texts.length <= 4) return [...texts];
  return [...(after ? texts.slice(0, 2) : []), '…', ...(before ? texts.slice(-2) : [])];
};

const heads = {
  mine: 'Only you changed',
  theirs: 'Only they changed',
  agreed: 'Both changed alike',
} as const;

function Settled({ piece, name }: { piece: Exclude<Piece, { kind: 'same' | 'conflict' }>; name: string }) {
  return (
    <div className={css.piece}>
      <p className="caption soft">{heads[piece.kind]}</p>
      <YamlLines
        lines={[...lines('-', piece.before), ...lines('+', piece.lines)]}
        label={`${heads[piece.kind]}: ${name}`}
      />
    </div>
  );
}

function Conflict({
  piece,
  number,
  choice,
  onChoose,
}: {
  piece: Extract<Piece, { kind: 'conflict' }>;
  number: number;
  choice: Choice | undefined;
  onChoose: (choice: Choice) => void;
}) {
  const side = (label: string, texts: readonly string[], which: Choice) => (
    <div className={css.side} data-chosen={choice === which}>
      <p className="caption soft">{label}</p>
      <YamlLines
        lines={[...lines('-', piece.before), ...lines('+', texts)]}
        label={`${label}, conflict ${number}`}
      />
    </div>
  );
  return (
    <fieldset className={css.conflict}>
      <legend className="mid">Conflict {number}</legend>
      <div className={css.sides}>
        {side('Yours', piece.mine, 'mine')}
        {side('Theirs', piece.theirs, 'theirs')}
      </div>
      <SegmentedControl
        aria-label={`Keep in conflict ${number}`}
        data={[
          { value: 'mine', label: 'Keep yours' },
          { value: 'theirs', label: 'Take theirs' },
        ]}
        value={choice ?? ''}
        onChange={(value) => onChoose(value as Choice)}
      />
    </fieldset>
  );
}

/** An object that somebody else changed meanwhile: what both did, and a side to choose where they meet. */
export function BothChanged({ name, base, mine, theirs, version, onSettle }: BothChangedProps) {
  const pieces = useMemo(() => threeWay(base, mine, theirs), [base, mine, theirs]);
  const [choices, setChoices] = useState<ReadonlyMap<number, Choice>>(new Map());
  const text = settled(pieces, choices);
  const open = pieces.filter(({ kind }, at) => kind === 'conflict' && !choices.has(at)).length;
  const conflicts = pieces.flatMap(({ kind }, at) => (kind === 'conflict' ? [at] : []));
  return (
    <section className={css.stack} aria-label="Both sides changed">
      <p>
        <span className="mid">Meanwhile {name} was changed</span>
        {version && (
          <span className="soft">
            {' '}
            by {authorOf(version.author)}, <TimeText us={version.applied_us} />: {version.reason}
          </span>
        )}
      </p>
      {pieces.map((piece, at) => {
        // biome-ignore-start lint/suspicious/noArrayIndexKey: a piece is named by its place
        if (piece.kind === 'same') {
          const kept = near(piece.lines, at > 0, at < pieces.length - 1);
          return (
            <YamlLines key={at} lines={lines(' ', kept)} label={`Unchanged part ${at + 1} of ${name}`} />
          );
        }
        if (piece.kind !== 'conflict') return <Settled key={at} piece={piece} name={name} />;
        return (
          <Conflict
            key={at}
            piece={piece}
            number={conflicts.indexOf(at) + 1}
            choice={choices.get(at)}
            onChoose={(choice) => setChoices(new Map(choices).set(at, choice))}
          />
        );
        // biome-ignore-end lint/suspicious/noArrayIndexKey: a piece is named by its place
      })}
      <div className={css.row}>
        <Button disabled={text === null} onClick={() => text !== null && onSettle(text)}>
          Bring both together
        </Button>
        <span className="soft small" aria-live="polite">
          {open > 0
            ? `${open} ${open === 1 ? 'conflict' : 'conflicts'} to settle.`
            : 'You see the result before it is saved.'}
        </span>
      </div>
    </section>
  );
}

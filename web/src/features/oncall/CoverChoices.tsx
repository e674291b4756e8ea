import { Button } from '@mantine/core';
import { PersonAvatar } from '@/ui/Person';
import type { Candidate } from './cover';
import css from './Oncall.module.css';

function factsOf(candidate: Candidate): string {
  const rest = candidate.restH === null ? 'no duty near' : `rest ${Math.floor(candidate.restH)} h`;
  return `${Math.round(candidate.share * 100)} %, ${candidate.against ?? rest}`;
}

/** Who can take a stretch, the fairest first, and why the others should not be asked. */
export function CoverChoices({
  candidates,
  chosen,
  onChoose,
}: {
  candidates: readonly Candidate[];
  chosen: string | null;
  onChoose: (id: string) => void;
}) {
  const shown = candidates.slice(0, 3);
  if (shown.length === 0) return null;
  return (
    <div>
      <p className="soft small">Can take it, fairest first</p>
      <ul className={css.candidates}>
        {shown.map((candidate) => (
          <li key={candidate.personId} className={css.candidate}>
            <PersonAvatar id={candidate.personId} name={candidate.name} size={24} />
            <span className="grow">
              <span className="mid">{candidate.name}</span>{' '}
              <span className={candidate.against ? 'warn small' : 'soft small'}>{factsOf(candidate)}</span>
            </span>
            <Button
              size="sm"
              variant={chosen === candidate.personId ? 'filled' : 'default'}
              aria-pressed={chosen === candidate.personId}
              onClick={() => onChoose(candidate.personId)}
            >
              {chosen === candidate.personId ? 'Chosen' : 'Choose'}
              <span className="sr"> {candidate.name}</span>
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}

import { MultiSelect, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { PreviewRequest, Schedule, SwapAskRequest } from '@/api/types';
import { useOrganisation } from '@/features/organisation/api';
import { cli } from '@/lib/cli';
import { serverNow } from '@/lib/serverClock';
import { fromWallField, range, toWallField } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { FormModal } from '@/ui/FormModal';
import { PersonName } from '@/ui/Person';
import { ChangePreview } from './ChangePreview';
import type { Block } from './calendar';
import { choicesFor } from './cover';
import { useAbsences, useAskSwap } from './life';
import css from './Oncall.module.css';
import { type Offer, offersFor } from './trade';

interface Props {
  block: Block;
  /** A shift in return is asked for. */
  trade: boolean;
  schedules: readonly Schedule[];
  onClose: () => void;
}

type Kind = 'cover' | 'trade';

const kinds = [
  { value: 'cover', label: 'Ask for cover' },
  { value: 'trade', label: 'Trade' },
];

const kindWords: Record<Kind, string> = {
  cover: 'Others are asked. Nothing changes until somebody takes it.',
  trade: 'A shift against a shift: both change hands when the other one agrees, or neither.',
};

interface Fields {
  kind: Kind;
  start: string;
  end: string;
  asked: string[];
  /** The key of the shift in return. */
  back: string | null;
  reason: string;
}

function incompleteBy(fields: Fields, startMs: number | null, endMs: number | null): string | null {
  if (startMs === null || endMs === null) return 'Both times are needed.';
  if (endMs <= startMs) return 'The end is before the start.';
  return fields.kind === 'trade' && !fields.back ? 'Choose the shift in return.' : null;
}

/** What is sent: for a trade the shift in return, and of whom it is. */
function bodyOf(
  block: Block,
  fields: Fields,
  span: { start_us: number; end_us: number },
  offer: Offer | undefined,
): SwapAskRequest {
  const { asked, reason } = fields;
  const own = { person_id: block.personId, ...span, reason };
  if (!offer) return { ...own, people: asked };
  const { scheduleId, startMs, endMs, personId } = offer.block;
  const back = { schedule_id: scheduleId, start_us: startMs * 1000, end_us: endMs * 1000 };
  return { ...own, people: [personId], in_return: back };
}

/** The same as a change to look at: as if the only one who is asked took it. */
function previewOf(block: Block, body: SwapAskRequest): PreviewRequest {
  const { start_us, end_us, people = [], in_return = null } = body;
  const by = people.length === 1 ? (people[0] ?? null) : null;
  const whose = { schedule_id: block.scheduleId ?? '', person_id: block.personId };
  return { swap: { ...whose, start_us, end_us, people, in_return, by_person_id: by } };
}

function commandOf(block: Block, body: SwapAskRequest | null, reason: string): string {
  const at = (us: number | undefined) => (us === undefined ? undefined : new Date(us / 1000).toISOString());
  const back = body?.in_return;
  return cli('swap ask', [block.scheduleId ?? 'SCHEDULE'], {
    person: block.personId,
    from: at(body?.start_us),
    until: at(body?.end_us),
    ask: body?.people ?? [],
    'return-schedule': back && back.schedule_id !== block.scheduleId ? back.schedule_id : undefined,
    'return-from': at(back?.start_us),
    'return-until': at(back?.end_us),
    reason,
  });
}

function useForm({ block, trade, schedules }: Props) {
  const zone = useZone();
  const [fields, setFields] = useState<Fields>(() => ({
    kind: trade ? 'trade' : 'cover',
    start: toWallField(block.startMs, zone),
    end: toWallField(block.endMs, zone),
    asked: [],
    back: null,
    reason: '',
  }));
  const people = useOrganisation().data?.people ?? [];
  const absences = useAbsences().data?.items ?? [];
  const [startMs, endMs] = [fromWallField(fields.start, zone), fromWallField(fields.end, zone)];
  const stretch = startMs !== null && endMs !== null && endMs > startMs ? { startMs, endMs } : null;
  const around = { schedules, people, absences, nowMs: serverNow() };
  const offers = fields.kind === 'trade' && stretch ? offersFor(block, stretch, around) : [];
  const requires = schedules.find((each) => each.id === block.scheduleId)?.requires;
  const others = people.filter((person) => person.id !== block.personId);
  const choices = choicesFor(stretch, { people: others, absences, requires });
  const blocked = incompleteBy(fields, startMs, endMs);
  const offer = offers.find((each) => each.key === fields.back);
  const span = stretch && { start_us: stretch.startMs * 1000, end_us: stretch.endMs * 1000 };
  const body = span && !blocked ? bodyOf(block, fields, span, offer) : null;
  const set = (part: Partial<Fields>) => setFields((old) => ({ ...old, ...part }));
  return { fields, set, offers, choices, blocked, body };
}

function Back({
  offers,
  value,
  onChange,
}: {
  offers: Offer[];
  value: string | null;
  onChange: (key: string | null) => void;
}) {
  const zone = useZone();
  const one = ({ key, block }: Offer) => ({
    value: key,
    label: `${block.name}: ${range(block.startMs, block.endMs, zone)}, ${block.schedule}`,
  });
  return (
    <Select
      label="In return"
      description="Shifts of those who may take this one, on every schedule, in the weeks that are shown"
      placeholder={offers.length === 0 ? 'Nobody has a shift to trade here' : 'Choose a shift'}
      searchable
      data={offers.map(one)}
      value={value}
      onChange={onChange}
    />
  );
}

/** Asks others to take a shift, or offers one against another; nothing changes until somebody agrees. */
export function SwapForm(props: Props) {
  const { block, onClose } = props;
  const zone = useZone();
  const ask = useAskSwap();
  const { fields, set, offers, choices, blocked, body } = useForm(props);
  const send = () => {
    if (block.scheduleId && body) ask.mutate({ schedule: block.scheduleId, body }, { onSuccess: onClose });
  };
  return (
    <FormModal
      opened
      onClose={onClose}
      title={fields.kind === 'trade' ? 'Trade a shift' : 'Ask for cover'}
      size={560}
      submit={fields.kind === 'trade' ? 'Offer the trade' : 'Ask'}
      onSubmit={send}
      pending={ask.isPending}
      error={ask.error}
      blocked={blocked ?? (fields.reason.trim() ? null : 'A reason is needed.')}
      command={commandOf(block, body, fields.reason)}
    >
      <p className={css.whose}>
        <PersonName id={block.personId} name={block.name} you />
        <span className="soft small">
          {range(block.startMs, block.endMs, zone)}, {block.schedule}
        </span>
      </p>
      <div>
        <SegmentedControl
          fullWidth
          aria-label="Kind"
          data={kinds}
          value={fields.kind}
          onChange={(kind) => set({ kind: kind as Kind })}
        />
        <p className="faint small">{kindWords[fields.kind]}</p>
      </div>
      <div className={css.times}>
        <TextInput
          type="datetime-local"
          label={`From, ${zone}`}
          value={fields.start}
          onChange={(event) => set({ start: event.currentTarget.value })}
        />
        <TextInput
          type="datetime-local"
          label="To"
          value={fields.end}
          onChange={(event) => set({ end: event.currentTarget.value })}
        />
      </div>
      {fields.kind === 'trade' ? (
        <Back offers={offers} value={fields.back} onChange={(back) => set({ back })} />
      ) : (
        <MultiSelect
          label="Who is asked"
          placeholder={fields.asked.length === 0 ? 'Everybody who may take it' : undefined}
          searchable
          data={choices}
          value={fields.asked}
          onChange={(asked) => set({ asked })}
        />
      )}
      {body && <ChangePreview change={previewOf(block, body)} />}
      <TextInput
        label="Reason"
        placeholder="Leave, training, a wedding"
        value={fields.reason}
        onChange={(event) => set({ reason: event.currentTarget.value })}
      />
    </FormModal>
  );
}

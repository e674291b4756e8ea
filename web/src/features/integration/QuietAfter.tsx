import { Select } from '@mantine/core';
import { formatLength } from '@/lib/countdown';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What people choose most; a day and a week with an hour or two for what is late. */
const offered = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, DAY + 2 * HOUR, 8 * DAY];

interface Props {
  /** In seconds; null where it may be quiet. */
  value: number | null;
  /** A heartbeat must be missed some time. */
  needed: boolean;
  disabled?: boolean;
  onChange: (value: number | null) => void;
}

/** How long nothing may arrive before an alert opens. */
export function QuietAfter({ value, needed, disabled, onChange }: Props) {
  const lengths = value === null || offered.includes(value) ? offered : [...offered, value];
  const never = needed ? [] : [{ value: '0', label: 'Never' }];
  const data = lengths
    .toSorted((a, b) => a - b)
    .map((length) => ({ value: String(length), label: formatLength(length) }));
  return (
    <Select
      label="Open an alert when nothing arrives for"
      description="Counted from now on, so that a first signal that never comes is missed too."
      data={[...never, ...data]}
      value={String(value ?? 0)}
      allowDeselect={false}
      disabled={disabled}
      onChange={(chosen) => onChange(Number(chosen) || null)}
      maw="26rem"
      mt="sm"
    />
  );
}

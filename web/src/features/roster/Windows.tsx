import { ActionIcon, Button, Chip, Select, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import css from './Roster.module.css';
import type { WindowDocument } from './roster';

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const dayName = (day: string) => `${day.charAt(0).toUpperCase()}${day.slice(1, 3)}`;

function WindowLine({
  name,
  window,
  onChange,
  onRemove,
}: {
  name: string;
  window: WindowDocument;
  onChange: (window: WindowDocument) => void;
  onRemove: () => void;
}) {
  const endDays = [
    { value: '', label: window.end > window.start ? 'same day' : 'next day' },
    ...days.map((day) => ({ value: day, label: dayName(day) })),
  ];
  return (
    <div className={css.window}>
      <Chip.Group
        multiple
        value={window.days ?? [...days]}
        onChange={(chosen) => onChange({ ...window, days: days.filter((day) => chosen.includes(day)) })}
      >
        <div className={css.days}>
          {days.map((day) => (
            <Chip key={day} value={day} size="xs" radius="sm" className={css.day}>
              {dayName(day)}
            </Chip>
          ))}
        </div>
      </Chip.Group>
      <div className={css.times}>
        <TextInput
          aria-label={`${name}: begins at`}
          value={window.start}
          onChange={(event) => onChange({ ...window, start: event.currentTarget.value })}
        />
        <span className="soft">to</span>
        <TextInput
          aria-label={`${name}: ends at`}
          value={window.end}
          onChange={(event) => onChange({ ...window, end: event.currentTarget.value })}
        />
        <Select
          aria-label={`${name}: ends on`}
          className={css.endDay}
          data={endDays}
          value={window.end_day ?? ''}
          allowDeselect={false}
          onChange={(day) => onChange({ ...window, end_day: day || undefined })}
        />
        <ActionIcon
          className={css.drop}
          variant="subtle"
          color="slate"
          aria-label={`${name}: remove these hours`}
          onClick={onRemove}
        >
          <IconX size={14} stroke={1.75} />
        </ActionIcon>
      </div>
    </div>
  );
}

/** The hours of the week in which a layer counts or a silence holds; none means always. */
export function Windows({
  name,
  title = 'When it counts',
  windows,
  onChange,
}: {
  name: string;
  title?: string;
  windows: readonly WindowDocument[];
  onChange: (windows: WindowDocument[]) => void;
}) {
  return (
    <div>
      <p className={css.fieldName}>
        {title}
        {windows.length === 0 && ': always'}
      </p>
      {windows.map((window, at) => (
        <WindowLine
          // biome-ignore lint/suspicious/noArrayIndexKey: hours have no identity but their place
          key={at}
          name={name}
          window={window}
          onChange={(changed) => onChange(windows.map((each, index) => (index === at ? changed : each)))}
          onRemove={() => onChange(windows.filter((_, index) => index !== at))}
        />
      ))}
      <Button
        size="sm"
        leftSection={<IconPlus size={12} stroke={2} />}
        onClick={() => onChange([...windows, { days: [...days], start: '08:00', end: '17:00' }])}
      >
        Add hours
      </Button>
    </div>
  );
}

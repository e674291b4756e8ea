import css from './Calendar.module.css';
import type { Row } from './calendar';
import { useDrag } from './drag';
import { laneHeight, rowHeight } from './Strip';
import { clip } from './span';

/** The outline of what is being dragged, in the strip that it falls into. */
export function StripOverlay({ days, rows }: { days: readonly number[]; rows: readonly Row[] }) {
  const drag = useDrag();
  if (!drag) return null;
  const at = rows.findIndex((row) => row.key === drag.grip.row.key);
  const place = clip(drag, days);
  const row = rows[at];
  if (!row || !place) return null;
  const above = rows.slice(0, at).reduce((sum, each) => sum + rowHeight(each), 0);
  return (
    <span
      className={css.outline}
      data-kind={drag.grip.kind}
      style={{
        top: above + drag.grip.lane * laneHeight(row),
        height: laneHeight(row),
        left: `${place.left * 100}%`,
        width: `${place.width * 100}%`,
      }}
    />
  );
}

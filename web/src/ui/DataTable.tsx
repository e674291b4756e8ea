import type { ReactNode } from 'react';
import css from './DataTable.module.css';

export interface Column<T> {
  /** The head; also the label of the value on a phone. */
  head: ReactNode;
  cell: (row: T) => ReactNode;
  /** A CSS width; without one the column shares what is left. */
  width?: string;
  align?: 'left' | 'right';
  /** Left out below this width class, least important first. */
  drop?: 'phone' | 'tablet';
}

interface DataTableProps<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  id: (row: T) => string;
  /** 28, 33 or 51 px rows. */
  density?: 'compact' | 'default' | 'two-line';
  chosen?: string | null;
  onOpen?: (row: T) => void;
  rowRef?: (at: number) => (node: HTMLElement | null) => void;
}

/** Lines only, no zebra; numbers right, text left. A row that opens has a link or button in its first cell. */
export function DataTable<T>(props: DataTableProps<T>) {
  const { label, columns, rows, id, density = 'default', chosen, onOpen, rowRef } = props;
  return (
    <table className={css.table} data-density={density} aria-label={label}>
      <thead>
        <tr>
          {columns.map((column, at) => (
            <th
              // biome-ignore lint/suspicious/noArrayIndexKey: columns are fixed
              key={at}
              scope="col"
              style={{ width: column.width }}
              data-align={column.align}
              data-drop={column.drop}
            >
              {column.head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr
            key={id(row)}
            ref={rowRef?.(index)}
            data-chosen={chosen === id(row) || undefined}
            data-opens={onOpen ? true : undefined}
            onClick={onOpen && (() => onOpen(row))}
          >
            {columns.map((column, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns are fixed
              <td key={at} data-align={column.align} data-drop={column.drop}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

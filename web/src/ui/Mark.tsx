const dots: readonly [number, number][] = [
  [10, 3],
  [7.3, 7.7],
  [12.7, 7.7],
  [4.7, 12.4],
  [10, 12.4],
  [15.3, 12.4],
  [2, 17.1],
  [7.3, 17.1],
  [12.7, 17.1],
  [18, 17.1],
];

/** The product's mark: ten people in four levels. */
export function Mark({ size = 18 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      aria-hidden="true"
      fill="var(--d-accent-text)"
      style={{ flex: 'none' }}
    >
      {dots.map(([x, y]) => (
        <circle key={`${x} ${y}`} cx={x} cy={y} r={1.7} />
      ))}
    </svg>
  );
}

import { formatNumber } from '../wording/numbers';

/** Heads of a table of numbers: what its rows are, and the name of each column. */
export function NumberHeads({ title, names }: { title: string; names: readonly string[] }) {
  return (
    <thead>
      <tr>
        <th scope="col" style={{ textAlign: 'left' }}>
          {title}
        </th>
        {names.map((name) => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** A row of numbers under {@link NumberHeads}; `axes` says their axes and units where one points at it. */
export function NumberRow(props: { name: string; axes: string; numbers: readonly number[]; decimals: number }) {
  const { name, axes, numbers, decimals } = props;
  return (
    <tr title={axes}>
      <th scope="row">{name}</th>
      {numbers.map((value, at) => (
        <td key={at}>{formatNumber(value, decimals)}</td>
      ))}
    </tr>
  );
}

import { Choice } from '../controls/Choice';
import { Segmented } from '../controls/Segmented';
import { CheckField } from '../controls/Toggles';
import styles from './optionsForm.module.css';
import { type FormField, helpFor } from './schemaForm';

const MOST_IN_SIGHT = 4;

interface FieldProps {
  field: FormField;
  value: unknown;
  onChange: (value: unknown) => void;
}

function Control({ field, value, onChange }: FieldProps) {
  if (field.kind === 'choice') {
    const current = typeof value === 'string' ? value : field.initial;
    const props = { label: field.title, value: current, options: field.options, onChange };
    const letters = field.options.reduce((sum, option) => sum + option.title.length, 0);
    return field.options.length <= MOST_IN_SIGHT && letters < 42 ? (
      <Segmented {...props} />
    ) : (
      <Choice {...props} fill />
    );
  }
  if (field.kind === 'switch') {
    return (
      <CheckField checked={value === true} onChange={onChange}>
        {field.title}
      </CheckField>
    );
  }
  const isNumber = field.kind === 'number';
  return (
    <input
      className={styles['input']}
      aria-label={field.title}
      inputMode={isNumber ? 'decimal' : 'text'}
      value={value === undefined ? '' : String(value)}
      onChange={(event) => {
        const text = event.target.value;
        if (!isNumber) onChange(text);
        else onChange(text.trim() === '' || Number.isNaN(Number(text)) ? undefined : Number(text));
      }}
    />
  );
}

/** Options of an exporter or estimator, from its schema. */
export function OptionsForm(props: {
  fields: readonly FormField[];
  options: Record<string, unknown>;
  onChange: (options: Record<string, unknown>) => void;
}) {
  return props.fields.map((field) => {
    const value = props.options[field.name];
    const help = helpFor(field.description, value ?? field.initial);
    return (
      <div key={field.name} className={styles['field']}>
        <span>{field.kind === 'switch' ? '' : field.title}</span>
        <div className={styles['control']}>
          <Control
            field={field}
            value={value}
            onChange={(chosen) => props.onChange({ ...props.options, [field.name]: chosen })}
          />
        </div>
        {help && <p className={styles['help']}>{help}</p>}
      </div>
    );
  });
}

import { AppError } from '#core/errors';

/** One dimension of a graph input or output: a size, or the name of a free size (`'N'`). */
export type Dimension = number | string;

/** A constant of the graph, row-major. `int64` values are given as safe integers. */
export type Initializer =
  | { name: string; type: 'float32'; dims: readonly number[]; data: Float32Array }
  | { name: string; type: 'int64'; dims: readonly number[]; data: readonly number[] };

/** A node attribute; the key says its ONNX type. */
export type Attribute =
  | { int: number }
  | { ints: readonly number[] }
  | { float: number }
  | { floats: readonly number[] }
  | { string: string };

/** One operator of the default domain. An empty input name means "input left out". */
export interface OnnxNode {
  operator: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: Readonly<Record<string, Attribute>>;
}

/** A graph input or output. */
export interface ValueInfo {
  name: string;
  type: 'float32' | 'int64';
  dims: readonly Dimension[];
}

/** What `encodeModel` writes: nodes in execution order. */
export interface OnnxGraph {
  name: string;
  nodes: readonly OnnxNode[];
  initializers: readonly Initializer[];
  inputs: readonly ValueInfo[];
  outputs: readonly ValueInfo[];
}

/**
 * Builds an ONNX graph node by node. Every method returns the name of the value it made, so that converters read like
 * the network. Names stay unique; a value must exist before it is used (`INTERNAL` error otherwise: a converter's bug).
 */
export class GraphBuilder {
  private readonly nodes: OnnxNode[] = [];
  private readonly initializers: Initializer[] = [];
  private readonly inputs: ValueInfo[] = [];
  private readonly outputs: ValueInfo[] = [];
  private readonly values = new Set<string>();

  constructor(private readonly name: string) {}

  /** Declares a graph input. */
  input(name: string, dims: readonly Dimension[], type: ValueInfo['type'] = 'float32'): string {
    this.inputs.push({ name: this.declare(name), type, dims });
    return name;
  }

  /** Adds a float32 constant. The array is kept, not copied. */
  floats(hint: string, dims: readonly number[], data: Float32Array): string {
    checkSize(hint, dims, data.length);
    const name = this.declare(this.unused(hint));
    this.initializers.push({ name, type: 'float32', dims, data });
    return name;
  }

  /** Adds an int64 constant. */
  integers(hint: string, dims: readonly number[], data: readonly number[]): string {
    checkSize(hint, dims, data.length);
    const name = this.declare(this.unused(hint));
    this.initializers.push({ name, type: 'int64', dims, data });
    return name;
  }

  /** Adds a float32 scalar constant. */
  scalar(hint: string, value: number): string {
    return this.floats(hint, [], Float32Array.of(value));
  }

  /** Adds a node with one output and returns that output's name, made unique from `hint`. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    hint = operator,
  ): string {
    return this.nodeTo(this.unused(hint), operator, inputs, attributes);
  }

  /** As {@link node}, with the exact output name (for graph outputs). */
  nodeTo(
    output: string,
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    this.push(operator, inputs, [output], attributes);
    return output;
  }

  /** Adds a node with several outputs and returns their names, made unique from `hints`; '' leaves an output out. */
  nodeWithOutputs(
    hints: readonly string[],
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string[] {
    const outputs = hints.map((hint) => (hint === '' ? '' : this.unused(hint)));
    this.push(operator, inputs, outputs, attributes);
    return outputs;
  }

  /** Declares `value` as the graph output `name`. */
  output(name: string, value: string, dims: readonly Dimension[], type: ValueInfo['type'] = 'float32'): void {
    if (value !== name) this.nodeTo(name, 'Identity', [value]);
    this.outputs.push({ name, type, dims });
  }

  /** The finished graph. */
  build(): OnnxGraph {
    return {
      name: this.name,
      nodes: this.nodes,
      initializers: this.initializers,
      inputs: this.inputs,
      outputs: this.outputs,
    };
  }

  private push(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>>,
  ): void {
    for (const input of inputs) {
      if (input !== '' && !this.values.has(input)) {
        throw new AppError('INTERNAL', `Node ${operator} uses the value "${input}", which was not made before it`);
      }
    }
    for (const output of outputs) if (output !== '') this.declare(output);
    this.nodes.push({ operator, inputs, outputs, attributes });
  }

  private declare(name: string): string {
    if (name === '' || this.values.has(name)) {
      throw new AppError('INTERNAL', `The graph has two values named "${name}", names must be unique and not empty`);
    }
    this.values.add(name);
    return name;
  }

  private unused(hint: string): string {
    if (!this.values.has(hint)) return hint;
    for (let number = this.values.size; ; number++) {
      const name = `${hint}_${number}`;
      if (!this.values.has(name)) return name;
    }
  }
}

function checkSize(name: string, dims: readonly number[], length: number): void {
  const expected = dims.reduce((product, dim) => product * dim, 1);
  if (expected !== length) {
    throw new AppError('MODEL_INVALID', `Constant ${name} has ${length} values, its shape [${dims}] needs ${expected}`);
  }
}

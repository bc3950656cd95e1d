import { describe, expect, it } from 'vitest';
import { openSession } from '../../inference/sessions';
import { encodeModel } from './encodeModel';
import { GraphBuilder } from './graph';
import { ProtobufMessage } from './protobuf';

describe('ProtobufMessage', () => {
  it('writes the examples of the protobuf encoding guide', () => {
    expect([...new ProtobufMessage().integer(1, 150).toBytes()]).toEqual([0x08, 0x96, 0x01]);
    expect([...new ProtobufMessage().string(2, 'testing').toBytes()]).toEqual([
      0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67,
    ]);
    const nested = new ProtobufMessage().message(3, new ProtobufMessage().integer(1, 150));
    expect([...nested.toBytes()]).toEqual([0x1a, 0x03, 0x08, 0x96, 0x01]);
  });

  it('writes negative integers as ten bytes and floats little-endian', () => {
    expect([...new ProtobufMessage().integer(1, -2).toBytes()]).toEqual([
      0x08, 0xfe, 255, 255, 255, 255, 255, 255, 255, 255, 1,
    ]);
    expect([...new ProtobufMessage().float(2, 1).toBytes()]).toEqual([0x15, 0, 0, 0x80, 0x3f]);
  });
});

describe('encodeModel', () => {
  it('makes a model that ONNX Runtime runs, with a free batch size', async () => {
    const graph = new GraphBuilder('affine');
    const image = graph.input('image', ['N', 2]);
    const scaled = graph.node('Mul', [image, graph.floats('scale', [2], Float32Array.of(2, -1))]);
    const joined = graph.node('Concat', [scaled, image], { axis: { int: -1 } });
    const shape = graph.integers('shape', [2], [-1, 4]);
    graph.output('sum', graph.node('Reshape', [joined, shape]), ['N', 4]);
    const session = await openSession(encodeModel(graph.build()), { threads: 1 });
    const { sum } = await session.run({ image: { data: Float32Array.of(1, 2, 3, 4), dims: [2, 2] } });
    expect(sum?.dims).toEqual([2, 4]);
    expect([...(sum?.data ?? [])]).toEqual([2, -2, 1, 2, 6, -4, 3, 4]);
    expect(session.verdict).toEqual({ provider: 'cpu', reason: 'as asked for' });
    await session.dispose();
  });

  it('names the refused provider when it falls back to the CPU', async () => {
    const graph = new GraphBuilder('identity');
    graph.output('same', graph.input('image', ['N']), ['N']);
    const session = await openSession(encodeModel(graph.build()), { threads: 1, providers: ['coreml'] });
    expect(session.verdict.provider).toBe('cpu');
    expect(session.verdict.reason).toContain('coreml is not available');
    await session.dispose();
  });

  it('refuses a value that was not made, and a constant of the wrong size', () => {
    const graph = new GraphBuilder('wrong');
    expect(() => graph.node('Relu', ['nothing'])).toThrow(/not made before/);
    expect(() => graph.floats('weights', [2, 2], new Float32Array(3))).toThrow(/needs 4/);
  });
});

describe('openSession', () => {
  it('says MODEL_INVALID for bytes that are no network', async () => {
    await expect(openSession(new Uint8Array(64).fill(7), { threads: 1 })).rejects.toMatchObject({
      code: 'MODEL_INVALID',
    });
  });
});

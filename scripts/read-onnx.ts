/** The tensors of an ONNX file that are its weights, by name. Other types than float32 are left out. */
export type Initialisers = ReadonlyMap<string, { readonly dimensions: readonly number[]; readonly values: Float32Array }>;

/** A field of a protobuf message: a number, or bytes that may be a message again. */
interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

// Numbers of fields and types in https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
const MODEL_GRAPH = 7;
const GRAPH_INITIALIZER = 5;
const TENSOR = { dims: 1, dataType: 2, name: 8, rawData: 9 } as const;
const FLOAT = 1;

/** Reads the weights of an ONNX file. Throws where it is none. */
export function readInitialisers(file: Uint8Array): Initialisers {
  const graph = messageIn(readFields(file), MODEL_GRAPH);
  if (graph === undefined) throw new Error("This ONNX file has no graph.");
  const found = new Map<string, { dimensions: readonly number[]; values: Float32Array }>();
  for (const { number, value } of readFields(graph)) {
    if (number !== GRAPH_INITIALIZER || typeof value === "number") continue;
    const tensor = readFields(value);
    const name = messageIn(tensor, TENSOR.name);
    const raw = messageIn(tensor, TENSOR.rawData);
    const type = tensor.find((field) => field.number === TENSOR.dataType)?.value;
    if (name === undefined || raw === undefined || type !== FLOAT) continue;
    const dimensions = tensor.filter((field) => field.number === TENSOR.dims).map((field) => Number(field.value));
    found.set(new TextDecoder().decode(name), { dimensions, values: floats(raw) });
  }
  return found;
}

function messageIn(fields: readonly Field[], wanted: number): Uint8Array | undefined {
  const value = fields.find(({ number }) => number === wanted)?.value;
  return typeof value === "number" ? undefined : value;
}

/** The fields of one message: https://protobuf.dev/programming-guides/encoding. */
function readFields(message: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const bytes = (length: number): Uint8Array => {
    if (at + length > message.length) throw new Error("This ONNX file breaks off, or is none.");
    at += length;
    return message.subarray(at - length, at);
  };
  const variable = (): number => {
    let [number, unit] = [0, 1];
    for (;;) {
      const [byte = 0] = bytes(1);
      number += (byte & 127) * unit;
      if (byte < 128) return number;
      unit *= 128;
    }
  };
  const readValue = (wireType: number): number | Uint8Array => {
    if (wireType === 0) return variable();
    if (wireType === 1) return bytes(8);
    if (wireType === 2) return bytes(variable());
    if (wireType === 5) return bytes(4);
    throw new Error(`This ONNX file has a field of the wire type ${wireType}, or is none.`);
  };
  while (at < message.length) {
    const key = variable();
    fields.push({ number: Math.floor(key / 8), value: readValue(key % 8) });
  }
  return fields;
}

function floats(raw: Uint8Array): Float32Array {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return Float32Array.from({ length: raw.byteLength / 4 }, (_, index) => view.getFloat32(4 * index, true));
}

// Inner outputs: any tensor inside a model can be made an output by a few bytes at the end of its file.
// protobuf merges a repeated message field into the first, so `graph { output { name } }` behind a model adds one output to its graph;
// onnxruntime then infers type and shape. (protobuf.dev/programming-guides/encoding, "Last One Wins")

const MODEL_GRAPH = 7
const GRAPH_OUTPUT = 12
const VALUE_NAME = 1

/** The bytes that, put behind a model, make the tensor `name` one of its outputs. */
export function innerOutputSuffix(name: string): Uint8Array {
  return field(MODEL_GRAPH, field(GRAPH_OUTPUT, field(VALUE_NAME, new TextEncoder().encode(name))))
}

/** A length-delimited field. */
function field(number: number, content: Uint8Array): Uint8Array {
  const head = [...varint(number * 8 + 2), ...varint(content.length)]
  const bytes = new Uint8Array(head.length + content.length)
  bytes.set(head)
  bytes.set(content, head.length)
  return bytes
}

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128)
  bytes.push(rest)
  return bytes
}

/**
 * The digits, from one file beside the page: 12,000 labels, then 12,000 images of 784 bytes, all of it packed with gzip.
 * digits-plugin.ts makes it.
 */
import { ImageDataset } from "lucidgrad";
import { TEST, TRAIN } from "./file.ts";
import type { Pictures } from "./trainer.ts";

/**
 * @param progress is told how many bytes have come, of how many; of null where the server does not say
 * @throws if the file is not there, stops on its way or is damaged
 */
export async function fetchDigits(
  url: string,
  progress: (loaded: number, total: number | null) => void,
): Promise<Pictures> {
  const response = await fetch(url);
  if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
  const total = Number(response.headers.get("content-length")) || null;
  let loaded = 0;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        loaded += chunk.length;
        progress(loaded, total);
        controller.enqueue(chunk);
      },
    }),
  );
  const unpacked = counted.pipeThrough(new DecompressionStream("gzip"));
  return parse(new Uint8Array(await new Response(unpacked).arrayBuffer()));
}

function parse(bytes: Uint8Array): Pictures {
  const count = TRAIN.digits + TEST.digits;
  if (bytes.length !== count * 785) throw new Error(`${bytes.length} bytes instead of ${count * 785}`);
  const part = (start: number, end: number) =>
    new ImageDataset({
      images: bytes.subarray(count + start * 784, count + end * 784),
      targets: Int32Array.from(bytes.subarray(start, end)),
      height: 28,
      width: 28,
      classes: [..."0123456789"],
    });
  return { train: part(0, TRAIN.digits), test: part(TRAIN.digits, count) };
}

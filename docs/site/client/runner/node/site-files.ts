/** The files that are on the disk from the beginning: what an npm package has in Node, the site has beside its pages. */
import addresses from "virtual:site-files";
import { place } from "./disk.ts";
import { gunzipSync } from "./zlib.ts";

/** Programs read files without waiting, so a worker fetches them so, when they are first read. */
function fetched(address: string): Uint8Array {
  const request = new XMLHttpRequest();
  request.open("GET", address, false);
  request.responseType = "arraybuffer";
  request.send();
  if (request.status !== 200) throw new Error(`${address}: HTTP ${request.status}`);
  const bytes = new Uint8Array(request.response as ArrayBuffer);
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes; // a server may have unpacked it
}

/**
 * @param told hears the path of each file that is fetched
 * @param failed hears that there was no network
 */
export function placeSiteFiles(told: (path: string) => void, failed: () => void): void {
  for (const [path, address] of Object.entries(addresses)) {
    place(path, () => {
      told(path);
      try {
        return fetched(address);
      } catch (error) {
        failed();
        throw error;
      }
    });
  }
}

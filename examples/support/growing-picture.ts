/** A PNG file that grows by a row of pictures at a time: open it in a viewer and watch. */
import { join } from "node:path";
import { cat, type Tensor } from "lucidgrad";
import { imageGrid, writePng } from "lucidgrad/image";

export class GrowingPicture {
  readonly path: string;
  readonly #zoom: number;
  readonly #rows: Tensor[] = [];

  /** @param zoom the side of the square that each pixel becomes */
  constructor(folder: string, name: string, zoom = 1) {
    this.path = join(folder, name);
    this.#zoom = zoom;
  }

  /** Adds pictures (N, C, H, W) below those that are there, as many as in the rows before, and writes the file anew. */
  add(pictures: Tensor): void {
    this.#rows.push(pictures.repeatInterleave(this.#zoom, 2).repeatInterleave(this.#zoom, 3));
    writePng(this.path, imageGrid(cat(this.#rows), { columns: pictures.shape[0], padValue: 1 }));
  }
}

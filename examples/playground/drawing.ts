/** The canvas on which one draws, and the small one that shows what the networks see of it. */
import { byId, context } from "./elements.ts";
import type { Drawing } from "./messages.ts";

/** Width of the pen, beside the canvas's 280: two pixels of MNIST's. */
const PEN = 20;

export class DrawingBoard {
  readonly #canvas = byId("drawing", HTMLCanvasElement);
  readonly #pen = context(this.#canvas);
  readonly #seen = context(byId("seen", HTMLCanvasElement));
  /** Whether there has been a stroke since the drawing was sent. */
  #hasChanged = false;
  /** The drawing before the stroke that is being made. */
  #before: ImageData | null = null;

  /** @param changed is told of a new drawing, at most once a frame */
  constructor(changed: (drawing: Drawing) => void) {
    Object.assign(this.#pen, { lineWidth: PEN, lineCap: "round", lineJoin: "round", strokeStyle: "#fff" });
    this.clear();
    const all = () => this.#pen.getImageData(0, 0, this.#canvas.width, this.#canvas.height);
    const send = () => {
      this.#hasChanged = false;
      const { width, height, data: pixels } = all();
      changed({ width, height, pixels });
    };
    const sendSoon = () => {
      if (!this.#hasChanged) requestAnimationFrame(send);
      this.#hasChanged = true;
    };
    const placeOf = ({ offsetX, offsetY }: PointerEvent): [number, number] => {
      const scale = this.#canvas.width / this.#canvas.clientWidth;
      return [offsetX * scale, offsetY * scale];
    };
    /** Takes back a stroke that was the beginning of something else: two fingers scroll the page. */
    const takeBack = () => {
      if (!this.#before) return;
      this.#pen.putImageData(this.#before, 0, 0);
      this.#before = null;
      sendSoon();
    };
    this.#canvas.addEventListener("pointerdown", (event) => {
      if (!event.isPrimary) return takeBack();
      if (event.button !== 0) return; // the other buttons are the browser's
      this.#canvas.setPointerCapture(event.pointerId);
      this.#before = all();
      const [x, y] = placeOf(event);
      this.#pen.fillStyle = "#fff";
      this.#pen.beginPath();
      this.#pen.arc(x, y, PEN / 2, 0, 2 * Math.PI); // a dot
      this.#pen.fill();
      this.#pen.beginPath();
      this.#pen.moveTo(x, y);
      sendSoon();
    });
    this.#canvas.addEventListener("pointermove", (event) => {
      if (!this.#before || !this.#canvas.hasPointerCapture(event.pointerId)) return;
      this.#pen.lineTo(...placeOf(event));
      this.#pen.stroke();
      sendSoon();
    });
    this.#canvas.addEventListener("pointerup", () => {
      this.#before = null;
    });
    this.#canvas.addEventListener("pointercancel", takeBack);
  }

  clear(): void {
    this.#pen.fillStyle = "#000";
    this.#pen.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.#seen.clearRect(0, 0, 28, 28);
  }

  /** Shows what the networks see: 784 numbers from 0 to 1. A test picture is put on the drawing board, too. */
  showSeen(picture: Float32Array, isTestPicture: boolean): void {
    const image = new ImageData(28, 28);
    picture.forEach((value, i) => {
      image.data.set([255 * value, 255 * value, 255 * value, 255], 4 * i);
    });
    this.#seen.putImageData(image, 0, 0);
    if (!isTestPicture) return;
    this.#pen.drawImage(this.#seen.canvas, 0, 0, this.#canvas.width, this.#canvas.height);
  }
}

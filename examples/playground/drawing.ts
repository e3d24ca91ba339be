/** The canvas on which one draws a digit, and the small one that shows what the networks see of it. */
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

  /** @param changed is told of a new drawing, at most once a frame */
  constructor(changed: (drawing: Drawing) => void) {
    Object.assign(this.#pen, { lineWidth: PEN, lineCap: "round", lineJoin: "round", strokeStyle: "#fff" });
    this.clear();
    const send = () => {
      this.#hasChanged = false;
      const { width, height } = this.#canvas;
      changed({ width, height, pixels: this.#pen.getImageData(0, 0, width, height).data });
    };
    const draw = (event: PointerEvent) => {
      const scale = this.#canvas.width / this.#canvas.clientWidth;
      this.#pen.lineTo(event.offsetX * scale, event.offsetY * scale);
      this.#pen.stroke();
      if (!this.#hasChanged) requestAnimationFrame(send);
      this.#hasChanged = true;
    };
    this.#canvas.addEventListener("pointerdown", (event) => {
      this.#canvas.setPointerCapture(event.pointerId);
      this.#pen.beginPath();
      draw(event); // a dot
      draw(event);
    });
    this.#canvas.addEventListener("pointermove", (event) => {
      if (this.#canvas.hasPointerCapture(event.pointerId)) draw(event);
    });
  }

  clear(): void {
    this.#pen.fillStyle = "#000";
    this.#pen.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.#seen.clearRect(0, 0, 28, 28);
  }

  /** Shows what the networks see: 784 numbers from 0 to 1. A test digit is put on the drawing board, too. */
  showSeen(digit: Float32Array, isTestDigit: boolean): void {
    const image = new ImageData(28, 28);
    digit.forEach((value, i) => {
      image.data.set([255 * value, 255 * value, 255 * value, 255], 4 * i);
    });
    this.#seen.putImageData(image, 0, 0);
    if (!isTestDigit) return;
    this.#pen.drawImage(this.#seen.canvas, 0, 0, this.#canvas.width, this.#canvas.height);
  }
}

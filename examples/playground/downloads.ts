/** What is shown, as files: both charts as a picture, and their points as a table. */
import { addressOf } from "./address.ts";
import type { Curves } from "./curves.ts";
import { byId, colour, context, make, NETWORKS } from "./elements.ts";
import { say } from "./language.ts";
import { namesOf } from "./names.ts";
import { lossText, percent, wholeNumber } from "./numbers.ts";
import { describe, type Run } from "./runs.ts";
import type { Session } from "./session.ts";

export function offerDownloads(session: Session, curves: Curves, earlier: () => readonly Run[]): void {
  byId("save-picture").addEventListener("click", () => {
    picture(session, curves, earlier()).toBlob((blob) => blob && save(blob, "png"));
  });
  byId("save-table").addEventListener("click", () => {
    save(new Blob([table(session)], { type: "text/csv" }), "csv");
  });
}

function save(blob: Blob, kind: string): void {
  const url = URL.createObjectURL(blob);
  make("a", { href: url, download: `lucidgrad-playground.${kind}` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** The losses of each step that the chart has a point for, their average, and the accuracies where they were measured. */
export function table({ settings, losses, accuracies }: Pick<Session, "settings" | "losses" | "accuracies">): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const names = namesOf(settings);
  const columns = [say().lossTitle, `${say().lossTitle} (${say().average})`, say().accuracyTitle];
  const heading = ["step", ...names.flatMap((name) => columns.map((column) => quoted(`${name}: ${column}`)))];
  const steps = [...new Set([...losses.steps, ...accuracies.steps])].sort((a, b) => a - b);
  const [lossAt, accuracyAt] = [losses.steps, accuracies.steps].map((all) => new Map(all.map((step, i) => [step, i])));
  const rows = steps.map((step) => {
    const [loss, accuracy] = [lossAt.get(step) ?? -1, accuracyAt.get(step) ?? -1];
    const values = names.flatMap((_, i) => [
      losses.raw[i][loss],
      losses.smooth[i][loss],
      accuracies.values[i][accuracy],
    ]);
    return [step, ...values.map((value) => value ?? "")].join(",");
  });
  return `${[heading.join(","), ...rows].join("\n")}\n`;
}

/** Both charts side by side, with their legends, the settings and the address. */
function picture(session: Session, curves: Curves, earlier: readonly Run[]): HTMLCanvasElement {
  const { settings, losses, accuracies, steps } = session;
  const [left, right] = [curves.loss.canvas, curves.accuracy.canvas];
  const scale = devicePixelRatio;
  const [margin, line] = [16 * scale, 20 * scale];
  const names = namesOf(settings);
  const top = margin + line * (names.length + 2);
  const canvas = make("canvas");
  const [widthLeft, widthRight] = [left.width, right.width];
  canvas.width = widthLeft + widthRight + 3 * margin;
  canvas.height = top + Math.max(left.height, right.height) + line * (earlier.length + 2) + margin;
  const pen = context(canvas);
  pen.fillStyle = colour("panel");
  pen.fillRect(0, 0, canvas.width, canvas.height);
  const write = (text: string, x: number, y: number, ink = "ink", weight = "") => {
    pen.font = `${weight} ${13 * scale}px ${getComputedStyle(document.body).fontFamily}`; // Chinese, too
    pen.fillStyle = colour(ink);
    pen.fillText(text, x, y, canvas.width - x - margin);
  };
  const columns = [
    { x: margin, title: say().lossTitle, chart: left, values: losses.smoothed.map((loss) => lossText(loss)) },
    {
      x: widthLeft + 2 * margin,
      title: say().accuracyTitle,
      chart: right,
      values: accuracies.values.map((all) => percent(all[all.length - 1])),
    },
  ];
  for (const { x, title, chart, values } of columns) {
    write(`${title}, ${say().atStep(wholeNumber(steps))}`, x, margin + line / 2, "ink", "bold");
    values.forEach((value, i) => {
      write(`${names[i]}  ${value}`, x, margin + line * (i + 1.5), `${NETWORKS[i]}-text`);
    });
    pen.drawImage(chart, x, top);
  }
  const below = top + Math.max(left.height, right.height) + line;
  write(describe(settings), margin, below, "muted");
  write(`${location.origin}${location.pathname}#${addressOf(settings, steps)}`, margin, below + line, "muted");
  earlier.forEach((run, i) => {
    write(`${run.number}: ${describe(run.settings)}`, margin, below + line * (i + 2), "muted");
  });
  return canvas;
}

/** Makes the pages of docs/api of what read.ts finds in the source, and of the examples. */
import { type Shown, runExamples } from "./examples.ts";
import { type Entry, exportsOf, fileOf, type Member, readExport, readTensor } from "./read.ts";
import { torchName } from "./torch-names.ts";

/** Names that come from one place and stand under one heading. */
interface Section {
  readonly heading: string;
  /** What exports them. */
  readonly from: string;
  /** Which of them: those that are declared in such files. */
  readonly files?: RegExp;
}

interface Page {
  readonly title: string;
  readonly text: string;
  /** What users write before a name. */
  readonly prefix: string;
  /** Where PyTorch may have the name, the likeliest first. */
  readonly torch: readonly string[];
  readonly sections: readonly Section[];
}

const index = "src/index.ts";
const nn = "src/nn/index.ts";
const importing = (name: string, from = "lucidgrad") => `\`import { ${name} } from "${from}";\``;

const pages: Record<string, Page> = {
  "tensor.md": {
    title: "Tensors",
    text: `${importing("tensor, zeros, …")} All float32 unless said otherwise. A method whose name ends in an underscore changes its tensor in place and returns it; whatever broadcasts does so by PyTorch's rules. In formulas, x, a and b are operands (x, or a, being the tensor itself), y is the result, and dx the gradient of x, given dy.`,
    prefix: "",
    torch: ["torch", "torch.Tensor"],
    sections: [
      { heading: "Making tensors", from: index, files: /tensor\/create/ },
      { heading: "Random numbers", from: index, files: /tensor\/random/ },
      { heading: "Functions of several tensors", from: index, files: /autograd\/ops\// },
    ],
  },
  "autograd.md": {
    title: "Gradients",
    text: `${importing("grad, noGrad, …")} Derivatives of whatever is computed from tensors with \`requiresGrad\`. The methods for this are [with the others of Tensor](tensor.md#autograd).`,
    prefix: "",
    torch: ["torch", "torch.autograd", "torch.autograd.functional"],
    sections: [
      { heading: "Backward", from: index, files: /autograd\/(engine|grad-mode|anomaly)/ },
      { heading: "Derivatives of functions", from: index, files: /autograd\/functional/ },
      { heading: "Functions of your own, and whether they are right", from: index, files: /autograd\/(function\.|gradcheck)/ },
      { heading: "The graph as a picture", from: index, files: /autograd\/(?!ops|engine|grad-mode|anomaly|function|gradcheck)/ },
    ],
  },
  "nn.md": {
    title: "Layers and losses: nn",
    text: `${importing("nn")} A layer is called by its \`forward\`. N is the number of samples, C of channels, L, H and W are sizes. All that a layer does not list it has from [nn.Module](#nnmodule).`,
    prefix: "nn.",
    torch: ["torch.nn"],
    sections: [
      { heading: "What networks are made of", from: nn, files: /nn\/(module|parameter|container)/ },
      { heading: "Linear", from: nn, files: /nn\/(linear|layers\/embedding)/ },
      { heading: "Convolution", from: nn, files: /layers\/convolution/ },
      { heading: "Pooling and shape", from: nn, files: /layers\/(pooling|shape)/ },
      { heading: "Normalization and dropout", from: nn, files: /nn\/(batchnorm|layers\/(normalization|dropout))/ },
      { heading: "Activation", from: nn, files: /layers\/activation/ },
      { heading: "Losses", from: nn, files: /nn\/loss/ },
      { heading: "Other", from: nn, files: /nn\/(?!(module|parameter|container|linear|batchnorm|loss)\.|layers\/|functional|init|utils)/ },
    ],
  },
  "nn-functional.md": {
    title: "Layers and losses as functions: nn.functional",
    text: `${importing("nn")} What layers compute, with weights and options as arguments.`,
    prefix: "nn.functional.",
    torch: ["torch.nn.functional"],
    sections: [
      { heading: "Activation", from: "src/nn/functional.ts", files: /ops\/(elementwise|reduction)|functions\/activation/ },
      { heading: "Linear, convolution and pooling", from: "src/nn/functional.ts", files: /ops\/(matmul|pad)|functions\/(convolution|pooling|embedding)/ },
      { heading: "Normalization and dropout", from: "src/nn/functional.ts", files: /functions\/(batch-norm|normalization|dropout)/ },
      { heading: "Losses", from: "src/nn/functional.ts", files: /functions\/.*(loss|entropy)/ },
    ],
  },
  "nn-init.md": {
    title: "Initial weights: nn.init",
    text: `${importing("nn")} Each function fills its tensor in place, unrecorded, and returns it.`,
    prefix: "nn.init.",
    torch: ["torch.nn.init"],
    sections: [{ heading: "Functions", from: "src/nn/init.ts" }],
  },
  "nn-utils.md": {
    title: "Gradients and parameters: nn.utils",
    text: importing("nn"),
    prefix: "nn.utils.",
    torch: ["torch.nn.utils"],
    sections: [{ heading: "Functions", from: "src/nn/utils.ts" }],
  },
  "optim.md": {
    title: "Optimizers: optim",
    text: `${importing("optim")} In formulas, p is a parameter and g its gradient.`,
    prefix: "optim.",
    torch: ["torch.optim"],
    sections: [{ heading: "Optimizers", from: "src/optim/index.ts" }],
  },
  "optim-lr-scheduler.md": {
    title: "Learning rates: optim.lrScheduler",
    text: `${importing("optim")} A schedule changes the \`lr\` of an optimizer's groups whenever its \`step\` is called.`,
    prefix: "optim.lrScheduler.",
    torch: ["torch.optim.lr_scheduler"],
    sections: [{ heading: "Schedules", from: "src/optim/schedules.ts" }],
  },
  "data.md": {
    title: "Datasets and loaders",
    text: importing("DataLoader, TensorDataset, …"),
    prefix: "",
    torch: ["torch.utils.data"],
    sections: [{ heading: "Datasets and loaders", from: index, files: /src\/data\/(?!safetensors|transforms)/ }],
  },
  "transforms.md": {
    title: "From pixels to tensors: transforms",
    text: importing("transforms"),
    prefix: "transforms.",
    torch: [],
    sections: [{ heading: "Transforms", from: "src/data/transforms.ts" }],
  },
  "datasets.md": {
    title: "MNIST and Fashion-MNIST",
    text: importing("MNIST", "lucidgrad/datasets"),
    prefix: "",
    torch: [],
    sections: [{ heading: "Datasets", from: "src/data/mnist.ts" }],
  },
  "files.md": {
    title: "Saving and loading",
    text: `${importing("saveTensors, loadTensors, …", "lucidgrad/files")} In the examples, \`path\` is a file's.`,
    prefix: "",
    torch: ["torch"],
    sections: [{ heading: "Files", from: "src/data/checkpoint.ts" }],
  },
  "image.md": {
    title: "Pictures",
    text: `${importing("readPng, writePng, imageGrid", "lucidgrad/image")} In the examples, \`path\` is a file's.`,
    prefix: "",
    torch: [],
    sections: [{ heading: "Pictures", from: "src/data/image.ts" }],
  },
  "safetensors.md": {
    title: "The file format: safetensors",
    text: `${importing("safetensors")} Bytes, not files; [files](files.md) are written and read by \`lucidgrad/files\`.`,
    prefix: "safetensors.",
    torch: [],
    sections: [{ heading: "Functions", from: "src/data/safetensors.ts" }],
  },
  "backend.md": {
    title: "Which kernels compute, on how many threads",
    text: importing("setBackend, setNumThreads, …"),
    prefix: "",
    torch: ["torch"],
    sections: [{ heading: "Functions", from: index, files: /tensor\/wasm/ }],
  },
};

/** What a page shows under one heading. */
interface Group {
  readonly heading: string;
  readonly items: Item[];
}

interface Item {
  readonly title: string;
  readonly markdown: string;
  readonly summary: string;
}

/** The pages by file name. Every example is run. */
export async function makePages(): Promise<Map<string, string>> {
  const examples = await runExamples();
  const made = new Map<string, string>();
  const contents: string[] = [];
  for (const [file, page] of Object.entries(pages)) {
    const groups = groupsOf(page, examples, file === "tensor.md").filter(({ items }) => items.length > 0);
    made.set(file, pageText(page, groups));
    contents.push(`## [${page.title}](${file})`, ...groups.map((group) => summaryOf(group, file)));
  }
  const text = `Every public name, with what it does, what PyTorch calls it, where it is written, and an example that is run when these pages are made. They are made of the comments in the source, by \`npm run docs\`: change those.`;
  return made.set("index.md", `${["# Reference", text, ...contents].join("\n\n")}\n`);
}

function groupsOf(page: Page, examples: Map<string, Shown>, withMembers: boolean): Group[] {
  const { prefix, torch } = page;
  const groups: Group[] = page.sections.map(({ heading, from, files }) => {
    const chosen = [...exportsOf(from)].filter(([name, node]) => {
      const isNamespace = node.getKindName() === "SourceFile";
      return !isNamespace && name !== "Tensor" && (!files || files.test(fileOf(node)));
    });
    const items = chosen.map(([name, node]) => {
      const mirrored = torchName(prefix, name, torch);
      return itemOf(prefix + name, readExport(name, node, prefix), [mirrored], examples);
    });
    return { heading, items };
  });
  return withMembers ? [...groups, ...tensorGroups(examples)] : groups;
}

/** Members of Tensor as they are grouped in the source; `exp_` stands beside `exp`. */
function tensorGroups(examples: Map<string, Shown>): Group[] {
  const internal = ["viewOf", "historyVersion"];
  const entries = new Map(readTensor().map((entry) => [entry.name, entry]));
  const groups = new Map<string, Item[]>();
  const mirrored = (name: string) => torchName("Tensor.", name, ["torch.Tensor", "torch"]);
  for (const entry of entries.values()) {
    const { name, group } = entry;
    if (internal.includes(name) || (name.endsWith("_") && entries.has(name.slice(0, -1)))) continue;
    const twin = entries.get(`${name}_`);
    const signatures = [...entry.signatures, ...(twin?.signatures ?? [])];
    const torch = twin ? [mirrored(name), mirrored(twin.name)] : [mirrored(name)];
    const item = itemOf(`Tensor.${name}`, { ...entry, signatures }, torch, examples);
    groups.set(group, [...(groups.get(group) ?? []), item]);
  }
  return [...groups].map(([group, items]) => ({ heading: group[0].toUpperCase() + group.slice(1), items }));
}

/** @throws for a name without a description or an example */
function itemOf(title: string, entry: Entry, torch: readonly string[], examples: Map<string, Shown>): Item {
  const { signatures, text, options, members, source } = entry;
  const example = examples.get(title);
  if (!text) throw new Error(`${title} has no comment, in ${source}`);
  if (!example) throw new Error(`${title} has no example, in docs/generate/examples`);
  const settings = options.map(({ name, settings }) => `\`${name}\`:\n\n${settings.map(bullet).join("\n")}`);
  const own = members.filter(({ name }) => !["forward", "extraRepr", "toString"].includes(name) || title === "nn.Module");
  const parts = [
    `### ${title}`,
    fence("ts", signatures.join("\n")),
    text,
    ...settings,
    ...(own.length > 0 ? ["Members:", own.map(bullet).join("\n")] : []),
    fence("ts", example.code),
    fence("text", example.output),
    `PyTorch: ${torch.join(", ")} · [source](../../${source})`,
  ];
  return { title, markdown: parts.join("\n\n"), summary: firstSentence(text) };
}

const fence = (language: string, code: string): string => `\`\`\`${language}\n${code}\n\`\`\``;

const bullet = ({ signature, text }: Member): string =>
  `- \`${signature}\`${text ? `: ${text.replaceAll(/\n+(- )?/g, " ").trim()}` : ""}`;

/** Up to the first full stop or colon that ends a clause, not one in a number or a name. */
function firstSentence(text: string): string {
  const [paragraph] = text.split("\n");
  return paragraph.replace(/[.:](?= |$).*/, "");
}

/** GitHub's anchor for a heading. */
export const anchor = (heading: string): string =>
  heading.toLowerCase().replaceAll(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-");

function pageText({ title, text }: Page, groups: readonly Group[]): string {
  const contents = groups.map(({ heading, items }) => {
    const links = items.map((item) => `[${item.title.replace(/^.*\./, "")}](#${anchor(item.title)})`);
    return `- **[${heading}](#${anchor(heading)})**: ${links.join(" · ")}`;
  });
  const body = groups.flatMap(({ heading, items }) => [`## ${heading}`, ...items.map((item) => item.markdown)]);
  return `${[`# ${title}`, "[All names](index.md)", text, contents.join("\n"), ...body].join("\n\n")}\n`;
}

function summaryOf({ heading, items }: Group, file: string): string {
  const lines = items.map(({ title, summary }) => `- [\`${title}\`](${file}#${anchor(title)}): ${summary}`);
  return [`**${heading}**`, lines.join("\n")].join("\n\n");
}

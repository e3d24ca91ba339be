/**
 * What is Python's in a block that failed, and what JavaScript wants instead. JavaScript's own messages say where it gave up, seldom
 * why: to `def f(x):` it says that a semicolon is missing.
 *
 * A habit is told by the error and by the line that has it, some by what a name stands for, too: all have to fit, so that a program
 * that fails for another reason gets no advice. A new one is a row here, and a line in test/site/runner/habits.test.ts.
 */
import type { Language } from "./texts.ts";

/** A block that failed. */
export interface Failure {
  /** The error's: `ReferenceError: None is not defined` */
  readonly message: string;
  readonly source: string;
  /** The line at which it failed, from 1. */
  readonly line: number;
  /** The blocks that it sees. */
  readonly above: string;
}

interface Habit extends Readonly<Record<Language, string>> {
  /** What it finds in its brackets is NAME in what is said. */
  readonly error: RegExp;
  /** In the line, whose texts are empty here, and without its comment. */
  readonly line?: RegExp;
  readonly when?: (place: Place) => boolean;
}

interface Place {
  readonly name: string;
  readonly line: string;
  /** As it was typed, with the line before it, where an error may begin. */
  readonly typed: string;
  /** All of it, with the blocks above. */
  readonly code: string;
}

const SYNTAX = /^SyntaxError: (?!Unterminated comment)/;
const UNKNOWN = /^ReferenceError: (\w+) is not defined/;
const UNDEFINED = /^TypeError: Cannot read properties of undefined \(reading '(\w+)'\)/;
const WITHOUT_NEW = /^TypeError: Class constructor (\w+) cannot be invoked without 'new'/;

const LAYER =
  /^(Linear|Sequential|ModuleList|Embedding|Dropout|Flatten|(Group|Layer|Batch)Norm\w*|(Conv|MaxPool|AvgPool)\dd|(Leaky)?ReLU|[EG]ELU|Tanh|Sigmoid|Softmax|RNN|LSTM|GRU|\w+Loss)$/;
const OPTIMIZER = /^(SGD|Adam|AdamW|RMSprop)$/;
const TWO_WORDS =
  /^(zero_grad|no_grad|requires_grad_|manual_seed|(load_)?state_dict|named_parameters|cross_entropy|mse_loss|log_softmax|batch_norm|max_pool2d|masked_fill_?|index_select|clip_grad_norm_|(zeros|ones|rand|randn)_like)$/;

/** How a tensor comes about, when it gets a name. */
const TENSOR =
  /^\w+: Tensor\b(?!\[)|= (tensor|zeros|ones|full|eye|arange|linspace|randn?|randint|stack|cat)\(|\.(add|sub|mul|div|pow|matmul|forward|view|reshape|relu|exp|sum|mean)\([^()]*\);?$/;

/** `x: Tensor`, or `x = …` to the end of the line: what a name was last said to be. */
const meaning = (name: string, code: string): string =>
  code.match(new RegExp(`\\b${name}(: Tensor\\b(?!\\[)| = (?!>).*)`, "g"))?.at(-1) ?? "";

const isTensor = (name: string, code: string): boolean => TENSOR.test(meaning(name, code));

function isLayer(name: string, code: string): boolean {
  const [, inNn, made] = /= new (nn\.)?(\w+)/.exec(meaning(name, code)) ?? [];
  return inNn !== undefined || new RegExp(`class ${made} extends (nn\\.)?Module\\b`).test(code);
}

/** The name of what undefined was asked for `.item` in `x[0].item()`, or in `first.item()` after `first = x[0]`. */
function subscripted({ name, line, code }: Place): string | undefined {
  const [, subject = "", index] = new RegExp(`(\\w+)(\\[[\\w, ]+\\])?\\.${name}\\b`).exec(line) ?? [];
  return index ? subject : /= (\w+)\[[\w, ]+\];?$/.exec(meaning(subject, code))?.[1];
}

/** The first that fits is said. */
const habits: readonly Habit[] = [
  // What is no program.
  { error: SYNTAX, line: /(^|\s)#(\s|$)/, en: "A comment begins with //, not with #.", zh: "注释以 // 开头，不用 #。" },
  {
    error: SYNTAX,
    line: /^\s*from [\w.]+ import |^\s*import [\w.]+( as \w+)?\s*;?$/,
    en: 'An import says what it takes, then where from: import { nn, tensor } from "lucidgrad".',
    zh: '导入时先写要用的名字，再写来源：import { nn, tensor } from "lucidgrad"。',
  },
  {
    error: SYNTAX,
    line: /^\s*(async )?def \w+\s*\(/,
    en: "A function is function f(x) { return … }, in braces.",
    zh: "函数写作 function f(x) { return … }，用花括号。",
  },
  {
    error: SYNTAX,
    line: /^\s*class \w+\s*\(/,
    en: "A class is class Net extends nn.Module { … }, in braces, and self is this.",
    zh: "类写作 class Net extends nn.Module { … }，用花括号；self 写作 this。",
  },
  { error: SYNTAX, line: /\blambda\b[^=]*:/, en: "lambda x: … is (x) => …", zh: "lambda x: … 写作 (x) => …" },
  {
    error: SYNTAX,
    line: /^\s*with .*\bno_?grad\b/i,
    en: "What needs no gradient stands in a function: noGrad(() => { … }).",
    zh: "不需要梯度的代码放进函数里：noGrad(() => { … })。",
  },
  {
    error: SYNTAX,
    line: /(?<![\w$])f["']/i,
    en: `A text with values in it stands between backticks: \`loss \${x}\`.`,
    zh: `含有数值的字符串写在反引号之间：\`loss \${x}\`。`,
  },
  {
    error: SYNTAX,
    line: /\[.* for \w.* in .*\]/,
    en: "A list is made from another by map: list.map((v) => 2 * v).",
    zh: "由一个列表得到另一个，用 map：list.map((v) => 2 * v)。",
  },
  {
    error: SYNTAX,
    line: /^\s*for \w.* in .*:$/,
    en: "A loop is for (const v of list) { … }, or, to count, for (let i = 0; i < 10; i++) { … }.",
    zh: "循环写作 for (const v of list) { … }；计数则写作 for (let i = 0; i < 10; i++) { … }。",
  },
  { error: SYNTAX, line: /\belif\b/, en: "elif is else if (…) { … }.", zh: "elif 写作 else if (…) { … }。" },
  {
    error: SYNTAX,
    line: /\bis (not )?None\b/,
    en: "x is None is x === null; what nobody has set is undefined.",
    zh: "x is None 写作 x === null；从未赋值的则是 undefined。",
  },
  {
    error: SYNTAX,
    line: /[\w)\]] (and|or) [\w(!-]|\bnot \w/,
    en: "and, or and not are &&, || and !.",
    zh: "and、or、not 分别写作 &&、||、!。",
  },
  {
    error: SYNTAX,
    line: /^\s*(if|else|while|try|except|finally|with)\b[^?{]*:$/,
    en: "Braces hold lines together, not spaces, and a condition stands in parentheses: if (x > 1) { … }.",
    zh: "代码块用花括号表示，不用缩进；条件写在圆括号里：if (x > 1) { … }。",
  },
  {
    error: SYNTAX,
    line: /[\w)"'\]] if .+ else [\w("'[-]/,
    en: "a if x > 1 else b is x > 1 ? a : b.",
    zh: "a if x > 1 else b 写作 x > 1 ? a : b。",
  },
  {
    error: SYNTAX,
    line: /[\w)\]]\[[^\]?{]*:[^\]?{]*\]/,
    en: "A slice is a method: x.slice(0, 1, 3) of a tensor, the dimension first; list.slice(1, 3) of a list.",
    zh: "切片是方法：张量用 x.slice(0, 1, 3)，维度在前；列表用 list.slice(1, 3)。",
  },
  { error: SYNTAX, line: /[\w)\]] *@ *[\w(]/, en: "a @ b is a.matmul(b).", zh: "a @ b 写作 a.matmul(b)。" },
  {
    error: SYNTAX,
    when: ({ typed }) => /\([^()\n]*[\w)\]] *\/\/ *[\w.]+\)+;?$/m.test(typed),
    en: "// begins a comment: 7 // 2 is Math.floor(7 / 2).",
    zh: "// 是注释的开头：7 // 2 写作 Math.floor(7 / 2)。",
  },

  // What is a program, with names that are not there.
  {
    error: UNKNOWN,
    when: ({ name, line }) =>
      new RegExp(`(?<!\\b(for|if|while) ?)[(,]\\s*(${name} ?=(?![=>])|\\w+ ?= ?(None|True|False)\\b)`).test(line) &&
      !/=>|\bfunction\b/.test(line), // which have defaults
    en: "There are no keyword arguments: what a call needs stands by place, x.sum(1), and options in an object at the end, tensor(2, { requiresGrad: true }).",
    zh: "没有关键字参数：必须给的按位置写，如 x.sum(1)；选项写在最后的对象里，如 tensor(2, { requiresGrad: true })。",
  },
  {
    error: /^ReferenceError: (None|True|False) is not defined/,
    en: "None, True and False are null, true and false.",
    zh: "None、True、False 分别写作 null、true、false。",
  },
  {
    error: /^ReferenceError: print is not defined/,
    line: /\bprint\(/,
    en: "print(x) is console.log(x).",
    zh: "print(x) 写作 console.log(x)。",
  },
  {
    error: /^ReferenceError: len is not defined/,
    line: /\blen\(/,
    en: "len(x) is x.length of a list, and x.shape[0] of a tensor.",
    zh: "len(x) 对列表写作 x.length，对张量写作 x.shape[0]。",
  },
  {
    error: /^ReferenceError: (range|enumerate) is not defined/,
    line: /\b(range|enumerate)\(/,
    en: "A loop counts so: for (let i = 0; i < 10; i++) { … }.",
    zh: "计数的循环写作 for (let i = 0; i < 10; i++) { … }。",
  },
  {
    error: /^ReferenceError: not is not defined/,
    line: /\bnot\(/,
    en: "not x is !x.",
    zh: "not x 写作 !x。",
  },
  {
    error: /^ReferenceError: (torch|np) is not defined/,
    line: /\b(torch|np)\./,
    en: 'Names are imported one by one: import { tensor } from "lucidgrad", and then tensor([1, 2]).',
    zh: '名字要逐个导入：先 import { tensor } from "lucidgrad"，再写 tensor([1, 2])。',
  },
  {
    error: UNKNOWN,
    when: ({ name, line }) => LAYER.test(name) && line.includes(`${name}(`),
    en: "Layers and losses are in nn, and new makes one: new nn.NAME(…).",
    zh: "层和损失都在 nn 里，用 new 创建：new nn.NAME(…)。",
  },
  {
    error: UNKNOWN,
    when: ({ name, line }) => OPTIMIZER.test(name) && line.includes(`${name}(`),
    en: "Optimizers are in optim, and new makes one: new optim.NAME(…).",
    zh: "优化器都在 optim 里，用 new 创建：new optim.NAME(…)。",
  },
  {
    error: UNKNOWN,
    when: ({ name, line }) => new RegExp(`(^\\s*|\\bfor ?\\()${name} ?=(?![=>])`).test(line),
    en: "A name is declared with its first value: const NAME = …, or let NAME = … if the value changes later.",
    zh: "名字在得到第一个值时声明：const NAME = …；值以后还会变的，用 let NAME = …。",
  },

  // What is there, and is not what it was taken for.
  {
    error: WITHOUT_NEW,
    when: ({ name, line }) => line.includes(`nn.${name}(`),
    en: "new makes a layer: new nn.NAME(…).",
    zh: "层用 new 创建：new nn.NAME(…)。",
  },
  {
    error: WITHOUT_NEW,
    en: "new makes an object of a class: new NAME(…).",
    zh: "类的对象用 new 创建：new NAME(…)。",
  },
  {
    error: /^TypeError: (?:\w+\.)*(\w+) is not a function/,
    when: ({ name, code }) => isLayer(name, code),
    en: "A layer is called by its forward: NAME.forward(x).",
    zh: "层要用 forward 来调用：NAME.forward(x)。",
  },
  {
    error: /^TypeError: (?:\w+\.)*(\w+) is not a function|^SyntaxError: .* does not provide an export named '(\w+)'/,
    when: ({ name }) => TWO_WORDS.test(name),
    en: "Names have capitals in the place of underscores: zero_grad is zeroGrad.",
    zh: "名字里不用下划线，后一个单词的首字母大写：zero_grad 写作 zeroGrad。",
  },
  {
    error: UNDEFINED,
    when: ({ name, line }) => new RegExp(`\\w\\[-\\d+\\]\\.${name}\\b`).test(line),
    en: "A last element is list.at(-1) of a list, and x.select(0, -1) of a tensor.",
    zh: "最后一个元素：列表用 list.at(-1)，张量用 x.select(0, -1)。",
  },
  {
    error: UNDEFINED,
    when: (place) => isTensor(subscripted(place) ?? "", place.code),
    en: "Of a tensor, x[0] is undefined: it is x.select(0, 0), and x[0, 1] is x.index(0, 1).",
    zh: "张量的 x[0] 是 undefined：x[0] 写作 x.select(0, 0)，x[0, 1] 写作 x.index(0, 1)。",
  },
  {
    error: /a Tensor is no number/,
    when: ({ line, code }) =>
      [...line.matchAll(/(?=\b(\w+) (?:\*\*?|\/) (\w+))/g)].some(([, a, b]) => isTensor(a, code) || isTensor(b, code)),
    en: "a * b of tensors is a.mul(b), a / b is a.div(b), and x ** 2 is x.pow(2).",
    zh: "张量的 a * b 写作 a.mul(b)，a / b 写作 a.div(b)，x ** 2 写作 x.pow(2)。",
  },
];

const TEXT_OR_COMMENT = /(["'])(?:\\.|(?!\1).)*(?:\1|$)|(`)(?:\\.|[^`\\])*`|\/\/.*|\/\*[\s\S]*?\*\//gm;

/** Texts are empty, and comments gone: what stands in them is no code. Lines stay where they are. */
const bare = (source: string): string =>
  source.replaceAll(TEXT_OR_COMMENT, (text, quote = "", backtick = "") => {
    const lines = "\n".repeat(text.split("\n").length - 1);
    return quote + backtick + lines + quote + backtick;
  });

/** What to write instead, in a sentence; undefined where it is no habit of Python's that has failed. */
export function adviceFor({ message, source, line, above }: Failure, language: Language): string | undefined {
  const typed = source.split("\n").slice(0, line).slice(-2).join("\n");
  const failed = bare(source).split("\n")[line - 1]?.trimEnd() ?? "";
  for (const { error, line: inLine, when, [language]: text } of habits) {
    const [found, ...names] = error.exec(message) ?? [];
    if (found === undefined) continue;
    const place = { name: names.find(Boolean) ?? "", line: failed, typed, code: above + source };
    if (inLine && !inLine.test(place.line)) continue;
    if (when && !when(place)) continue;
    return text.replaceAll("NAME", place.name);
  }
  return undefined;
}

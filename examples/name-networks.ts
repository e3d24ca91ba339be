/**
 * The two networks of names.ts: one reads a name and says of which language it is; the other begins with a language and says
 * after each letter how a name may go on. Names have different lengths, and go through as packed sequences.
 */
import { cat, type Generator, multinomial, nn, type Tensor } from "lucidgrad";
import { int32 } from "./support/letters.ts";

const { PackedSequence, packSequence } = nn.utils.rnn;
const END = 0; // as a letter; names also begin with it

/** Names as one batch without padding: no step is made that no name has. */
const pack = (names: Tensor[]) => packSequence(names, { enforceSorted: false });

/** The batch with numbers for each letter: its row of the table. */
function embed(table: nn.Embedding, names: Tensor[]): nn.utils.rnn.PackedSequence {
  const { data, batchSizes, sortedIndices } = pack(names);
  return new PackedSequence(table.forward(data), batchSizes, sortedIndices);
}

/** Reads names to the end; what it then has in mind says the language. */
export class Teller extends nn.Module {
  readonly letters: nn.Embedding;
  readonly lstm = new nn.LSTM(32, 64);
  readonly head: nn.Linear;

  constructor(alphabet: number, languages: number) {
    super();
    this.letters = new nn.Embedding(alphabet, 32);
    this.head = new nn.Linear(64, languages);
  }

  /** Logits (batch, languages). */
  override forward(names: Tensor[]): Tensor {
    const [, [mind]] = this.lstm.forward(embed(this.letters, names)); // (1, batch, 64)
    return this.head.forward(mind.select(0, 0));
  }
}

/** Begins with a language in mind, and learns to say after each letter which is next. */
export class Inventor extends nn.Module {
  readonly letters: nn.Embedding;
  readonly languages: nn.Embedding;
  readonly gru = new nn.GRU(32, 128);
  readonly head: nn.Linear;

  constructor(alphabet: number, languages: number) {
    super();
    this.letters = new nn.Embedding(alphabet, 32);
    this.languages = new nn.Embedding(languages, 128);
    this.head = new nn.Linear(128, alphabet);
  }

  /** Its loss: how little it expects the letters of these names, and that they end where they do. */
  override forward(names: Tensor[], languages: Tensor): Tensor {
    const end = int32([END]);
    const read = embed(
      this.letters,
      names.map((name) => cat([end, name])),
    );
    const [output] = this.gru.forward(read, this.languages.forward(languages).unsqueeze(0));
    const expected = this.head.forward(output.data); // (letters of all names, alphabet)
    return nn.functional.crossEntropy(expected, pack(names.map((name) => cat([name, end]))).data);
  }

  /** Draws letters until the name ends. */
  invent(language: number, dice: Generator): number[] {
    const name: number[] = [];
    let [letter, mind] = [END, this.languages.forward(int32([language]))]; // mind: (1, 128)
    while (name.length < 15) {
      const [output, next] = this.gru.forward(this.letters.forward(int32([letter])), mind);
      const weights = this.head.forward(output.flatten()).div(0.7).softmax(0); // 0.7: rather what is likely
      [letter, mind] = [multinomial(weights, 1, { generator: dice }).item(), next];
      if (letter === END) break;
      name.push(letter);
    }
    return name;
  }
}

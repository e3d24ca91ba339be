/**
 * The translator of dates.ts: one GRU reads a date, forwards and backwards; another writes letter after letter. For each it asks
 * all letters that were read, and those that fit the question give what it needs: that is attention (Luong et al. 2015).
 */
import { arange, cat, full, nn, type Tensor } from "lucidgrad";
import { encode } from "./support/letters.ts";

export const READ = ", 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
export const WRITTEN = "-0123456789";
const START = WRITTEN.length; // what stands before the first letter that is written
const LENGTH = "YYYY-MM-DD".length;
const WIDTH = 64;

/** What is to be translated, after reading: for each letter (batch, letters, WIDTH), where none is, and the text as a whole. */
interface Text {
  readonly letters: Tensor;
  readonly nothing: Tensor;
  readonly mind: Tensor;
}

const startOf = (texts: readonly unknown[]) => full([texts.length, 1], START, { dtype: "int32" });

/** From texts to dates (batch, LENGTH), each letter as its place in WRITTEN. */
export class Translator extends nn.Module {
  readonly seen = new nn.Embedding(READ.length, 32);
  readonly reader = new nn.GRU(32, WIDTH / 2, { bidirectional: true });
  readonly before = new nn.Embedding(START + 1, 32);
  readonly writer = new nn.GRU(32, WIDTH, { batchFirst: true });
  readonly question = new nn.Linear(WIDTH, WIDTH, { bias: false });
  readonly joined = new nn.Linear(2 * WIDTH, WIDTH);
  readonly head = new nn.Linear(WIDTH, WRITTEN.length);

  /** Forwards and backwards, so that each letter knows those around it. @param texts encoded */
  read(texts: Tensor[]): Text {
    const { PackedSequence, packSequence, padPackedSequence } = nn.utils.rnn;
    const packed = packSequence(texts, { enforceSorted: false });
    const embedded = new PackedSequence(this.seen.forward(packed.data), packed.batchSizes, packed.sortedIndices);
    const [output, last] = this.reader.forward(embedded);
    const [letters, lengths] = padPackedSequence(output, { batchFirst: true });
    const nothing = arange(letters.shape[1]).ge(lengths.unsqueeze(1)).unsqueeze(1); // (batch, 1, letters)
    return { letters, nothing, mind: cat(last.unbind(0), -1).unsqueeze(0) };
  }

  /** Goes on after `before` (batch, steps): logits of the next letters, where it looked for them, and its mind after them. */
  write(text: Text, before: Tensor, mind: Tensor): { logits: Tensor; attention: Tensor; mind: Tensor } {
    const [state, last] = this.writer.forward(this.before.forward(before), mind); // (batch, steps, WIDTH)
    const scores = this.question.forward(state).matmul(text.letters.transpose(1, 2)); // (batch, steps, letters)
    const attention = scores.maskedFill(text.nothing, -Infinity).softmax(-1);
    const found = attention.matmul(text.letters);
    const logits = this.head.forward(this.joined.forward(cat([state, found], -1)).tanh());
    return { logits, attention, mind: last };
  }

  /** The loss, with teacher forcing: all steps at once, since each goes on from what is right, whatever was written before. */
  override forward(texts: Tensor[], right: Tensor): Tensor {
    const text = this.read(texts);
    const before = cat([startOf(texts), right.narrow(1, 0, LENGTH - 1)], 1);
    return nn.functional.crossEntropy(this.write(text, before, text.mind).logits.flatten(0, 1), right.flatten());
  }

  /** Without a teacher: each step goes on from the letter that the last one held likeliest. */
  translate(texts: string[]): { written: string; attention: number[][] }[] {
    const text = this.read(texts.map((text) => encode(text, READ)));
    let [letter, mind] = [startOf(texts), text.mind];
    const results = texts.map(() => ({ written: "", attention: [] as number[][] }));
    for (let step = 0; step < LENGTH; step++) {
      const next = this.write(text, letter, mind);
      [letter, mind] = [next.logits.argmax(-1), next.mind];
      for (const [i, result] of results.entries()) {
        result.written += WRITTEN[letter.data[i]];
        result.attention.push([...next.attention.select(0, i).flatten().data]);
      }
    }
    return results;
  }
}

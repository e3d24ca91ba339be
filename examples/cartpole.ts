/**
 * A network learns to balance a pole on a cart that it pushes left or right, from nothing but how long that went well: REINFORCE
 * (Williams 1992). The cart and the pole are those of Barto, Sutton & Anderson (1983); a game ends after 200 steps.
 *
 *   npm run example:cartpole                  some seconds, until the mean of a hundred games is 195 steps
 *   npm run example:cartpole -- --seed 1      another course of learning
 *   npm run example:cartpole -- --help        all options
 */
import { distributions, manualSeed, nn, noGrad, optim, rand, tensor } from "lucidgrad";
import { Interrupt, Interrupted } from "./support/interrupt.ts";
import { readOptions } from "./support/options.ts";
import { Progress } from "./support/progress.ts";
import { say } from "./texts/cartpole.ts";

const LONGEST = 200; // steps
const SOLVED = 195; // in the mean of a hundred games

/** Where the cart is, in m, how the pole leans, in rad, and how fast both change. */
type State = [x: number, velocity: number, angle: number, angularVelocity: number];

const [CART, POLE, HALF_LENGTH] = [1, 0.1, 0.5]; // kg, kg, m
const [GRAVITY, FORCE, STEP] = [9.8, 10, 0.02]; // m/s², N, s

/** A fiftieth of a second later, by Euler's rule. */
function push([x, velocity, angle, angularVelocity]: State, force: number): State {
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const mass = CART + POLE;
  const thrust = (force + POLE * HALF_LENGTH * angularVelocity ** 2 * sin) / mass;
  const inertia = HALF_LENGTH * (4 / 3 - (POLE * cos ** 2) / mass);
  const angularAcceleration = (GRAVITY * sin - cos * thrust) / inertia;
  const acceleration = thrust - (POLE * HALF_LENGTH * angularAcceleration * cos) / mass;
  return [
    x + STEP * velocity,
    velocity + STEP * acceleration,
    angle + STEP * angularVelocity,
    angularVelocity + STEP * angularAcceleration,
  ];
}

/** The cart left its track, or the pole leans by more than 12 degrees. */
const isOver = ([x, , angle]: State) => Math.abs(x) > 2.4 || Math.abs(angle) > (12 * Math.PI) / 180;

const defaults = { updates: 200, seed: 0, discount: 0.99, lr: 0.01 };
const options = readOptions("example:cartpole", say, defaults);
const interrupt = new Interrupt();
manualSeed(options.seed);
const policy = new nn.Sequential(new nn.Linear(4, 64), new nn.ReLU(), new nn.Linear(64, 2)); // state to logits of left and right
const optimizer = new optim.Adam(policy.parameters(), { lr: options.lr });

/** A game: what the network saw, and what it did, step by step. */
function play(): { states: State[]; actions: number[] } {
  let state = [...rand(4).mul(0.1).sub(0.05).data] as State;
  const [states, actions]: [State[], number[]] = [[], []];
  while (states.length < LONGEST && !isOver(state)) {
    const seen = tensor(state);
    const action = noGrad(() => new distributions.Categorical({ logits: policy.forward(seen) }).sample().item());
    states.push(state);
    actions.push(action);
    state = push(state, action === 1 ? FORCE : -FORCE);
  }
  return { states, actions };
}

/** For each step of a game how long it went on from there, later steps for less. */
function returnsOf(length: number): number[] {
  const returns = [1];
  while (returns.length < length) returns.unshift(1 + options.discount * returns[0]);
  return returns;
}

/** A tenth of a second a line: where the cart is, and how its pole leans. */
function draw(states: State[]): string {
  const track = "·".repeat(49);
  const lines = states
    .filter((_, step) => step % 5 === 0)
    .map(([x, , angle]) => {
      const place = Math.round((x / 2.4) * 24) + 24;
      return track.slice(0, place) + (angle > 0.02 ? "/" : angle < -0.02 ? "\\" : "|") + track.slice(place + 1);
    });
  return lines.join("\n");
}

const lengths: number[] = [];
const progress = new Progress(say.updates, options.updates, { unit: "steps" });
try {
  for (let update = 1; update <= options.updates; update++) {
    const games = Array.from({ length: 10 }, play);
    const states = tensor(games.flatMap((game) => game.states));
    const actions = tensor(games.flatMap((game) => game.actions));
    const returns = tensor(games.flatMap((game) => returnsOf(game.states.length)));
    const better = returns.sub(returns.mean()).div(returns.std()); // above 0: better than usual
    optimizer.zeroGrad();
    const chosen = new distributions.Categorical({ logits: policy.forward(states) }).logProb(actions);
    const loss = chosen.mul(better).mean().neg();
    loss.backward();
    optimizer.step();

    lengths.push(...games.map((game) => game.states.length));
    const last = lengths.slice(-100);
    const mean = last.reduce((sum, length) => sum + length) / last.length;
    progress.print(`${say.games(lengths.length)}   ${say.loss(loss.item())}   ${say.mean(last.length, mean)}`);
    if (last.length === 100 && mean >= SOLVED) break;
    progress.update(update);
    await interrupt.check();
  }
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
}
const { states } = play();
progress.print(`\n${say.lastGame(states.length)}\n${draw(states)}`);

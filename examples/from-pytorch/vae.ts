import { cat, defineFunction, distributions, manualSeed, nn, optim, randn, type Tensor } from "lucidgrad";

const { Normal, klDivergence } = distributions;

/** Rounds, and lets the gradient pass as if it had not. */
const rounded = defineFunction("rounded", (x: Tensor) => ({ y: x.round(), grads: [[x, (dy) => dy]] }));

class VAE extends nn.Module {
  readonly encoder = new nn.Linear(6, 4);
  readonly decoder = new nn.Linear(2, 6);

  override forward(x: Tensor): Tensor {
    const [mean, logScale] = this.encoder.forward(x).chunk(2, 1);
    const posterior = new Normal(mean, logScale.exp());
    const code = posterior.rsample();
    const error = nn.functional.mseLoss(rounded(this.decoder.forward(code)), x, { reduction: "sum" });
    const divergence = klDivergence(posterior, new Normal(0, 1)).sum();
    return error.add(divergence).div(x.shape[0]);
  }
}

manualSeed(0);
const half = randn([64, 3]);
const data = cat([half, half], 1).mul(3).round();
const vae = new VAE();
const optimizer = new optim.Adam(vae.parameters(), { lr: 0.05 });
for (let step = 1; step <= 60; step++) {
  optimizer.zeroGrad();
  const loss = vae.forward(data);
  loss.backward();
  optimizer.step();
  if (step % 20 === 0) console.log(`step ${step}: loss ${loss.item().toFixed(4)}`);
}

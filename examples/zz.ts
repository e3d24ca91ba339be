import { cat, full, Generator, manualSeed, nn, noGrad, ones, optim, randn, randperm, stack, type Tensor, zeros } from "lucidgrad";
import { GrowingPicture } from "./support/growing-picture.ts";
import { DESIGNERS, readEmojis, emojiNames, type Kind } from "./support/emoji.ts";
const [kind, stepsText="600", outdir="/tmp/gan", g="32"] = process.argv.slice(2);
const steps=Number(stepsText), F=Number(g), Z=64;
manualSeed(0);
const sets=[]; for (const d of DESIGNERS) sets.push((await readEmojis(d,[kind as Kind],400,32)).pictures);
const real = cat(sets).mul(2).sub(1);
console.log(real.shape);
const up=(i:number,o:number,first=false)=>[new nn.ConvTranspose2d(i,o,4,{stride:first?1:2,padding:first?0:1,bias:false}),new nn.BatchNorm2d(o),new nn.ReLU()];
const G=new nn.Sequential(...up(Z,4*F,true),...up(4*F,2*F),...up(2*F,F),new nn.ConvTranspose2d(F,3,4,{stride:2,padding:1}),new nn.Tanh());
const down=(i:number,o:number)=>[new nn.Conv2d(i,o,4,{stride:2,padding:1,bias:false}),new nn.BatchNorm2d(o),new nn.LeakyReLU(0.2)];
const D=new nn.Sequential(new nn.Conv2d(3,F,4,{stride:2,padding:1}),new nn.LeakyReLU(.2),...down(F,2*F),...down(2*F,4*F),new nn.Conv2d(4*F,1,4),new nn.Flatten(0));
for (const m of [G,D]) for (const l of m.modules()) { if (l instanceof nn.Conv2d||l instanceof nn.ConvTranspose2d) nn.init.normal_(l.weight,0,.02); if (l instanceof nn.BatchNorm2d) nn.init.normal_(l.weight,1,.02); }
const oG=new optim.Adam(G.parameters(),{lr:4e-4,betas:[.5,.999]}), oD=new optim.Adam(D.parameters(),{lr:2e-4,betas:[.5,.999]});
const bce=(x:Tensor,t:number)=>nn.functional.binaryCrossEntropyWithLogits(x,full(x.shape,t));
const fixed=randn([16,Z,1,1],{generator:new Generator(0)});
const pic=new GrowingPicture(outdir,`${kind}.png`,2);
pic.add(real.narrow(0,0,16).add(1).div(2));
let t=performance.now();
for(let s=1;s<=steps;s++){
 const idx=randperm(real.shape[0]).narrow(0,0,64);
 const batch=real.indexSelect(0,idx);
 const fake=G.forward(randn([64,Z,1,1]));
 oD.zeroGrad();
 const ld=bce(D.forward(batch),.9).add(bce(D.forward(fake.detach()),0)); ld.backward(); oD.step();
 oG.zeroGrad();
 const lg=bce(D.forward(fake),1); lg.backward(); oG.step();
 if(s%(steps/15)===0){console.log(s,ld.item().toFixed(3),lg.item().toFixed(3),((performance.now()-t)/1000).toFixed(1)); pic.add(noGrad(()=>G.forward(fixed)).add(1).div(2));}
}

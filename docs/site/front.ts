/** The front page: what this is, in a few lines and two pictures, and where to go from here. */
import { playgroundIn } from "./book.ts";
import { fronts } from "./front-texts.ts";
import { layOut } from "./layout.ts";
import { figureOf } from "./markdown.ts";
import { type Language, texts } from "./texts.ts";

/** What a reader can change and run at once. That it prints this, test/site/front.test.ts says. */
export const program = {
  code: `import { tensor } from "lucidgrad";

const x = tensor(3, { requiresGrad: true });
const y = x.mul(x).add(x.mul(2)); // x² + 2x
y.backward(); // its slope, 2x + 2
console.log("y =", y.item(), "slope =", x.grad?.item());
`,
  printed: "y = 15 slope = 8\n",
};

type Show = (path: string) => { readonly src: string; readonly size: readonly [width: number, height: number] };

export function frontPage(language: Language, show: Show): string {
  const { title, lead, ways, trial, forPython, loss, lossAlt, live, liveAlt, start } = fronts[language];
  const up = language === "zh" ? "../" : "";
  const to = (href: string) => (href.startsWith("playground") ? up + playgroundIn(language) : href);
  const figure = (path: string, alt: string, caption: string, href: string, words: string) => {
    const { src, size } = show(path);
    const image = `<img src="${src}" alt="${alt}" width="${size[0]}" height="${size[1]}">`;
    return `<figure class="picture">${image}<figcaption>${caption} <a href="${to(href)}">${words}</a></figcaption></figure>\n`;
  };
  const cards = ways.map(({ name, href, what }) => `<li><a href="${to(href)}">${name}</a><p>${what}</p></li>`);
  const text = `<h1>${title}</h1>
<p class="lead">${lead}</p>
<ul class="ways">${cards.join("")}</ul>
<section class="trial">
<div>
<p>${trial}</p>
<p>${forPython[0]} <a href="guide/javascript.html">${forPython[1]}</a></p>
</div>
${figureOf(program, texts[language].printed, 'data-block="0" data-alone')}</section>
<div class="pictures">
${figure("docs/training-losses.png", lossAlt, loss, "experiments.html", start)}${figure("docs/playground.png", liveAlt, live, "playground/index.html", ways[1].name)}</div>
`;
  return layOut({ language, address: "index.html", title: "lucidgrad", kind: "front", text });
}

/** What the pages say beside the Markdown that they are made of, each text in both languages. */

export const LANGUAGES = ["en", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

const en = {
  code: "en",
  name: "English",
  skip: "Skip to the text",
  site: "Site",
  contents: "Contents",
  neighbours: "Previous and next page",
  previous: "Previous",
  next: "Next",
  search: "Search",
  dark: "Dark colours",
  guide: "Guide",
  experiments: "Experiments",
  playground: "Playground",
  reference: "Reference",
  project: "Project",
  englishOnly: "This page is only in English.",
  englishMark: "in English",
  printed: "Prints",
  source: "Source",
  folder: "Folder",
  noScript:
    "The programs on this page run in the browser where JavaScript is allowed. All there is to read is here without it.",
  footer: "lucidgrad, MIT licence. What stands below a program here, a test has seen it print.",
};

export type Texts = { readonly [name in keyof typeof en]: string };

const zh: Texts = {
  code: "zh-CN",
  name: "中文",
  skip: "跳到正文",
  site: "网站",
  contents: "目录",
  neighbours: "上一页与下一页",
  previous: "上一页",
  next: "下一页",
  search: "搜索",
  dark: "深色",
  guide: "教程",
  experiments: "实验",
  playground: "演练场",
  reference: "API 参考",
  project: "项目",
  englishOnly: "这一页只有英文。",
  englishMark: "英文",
  printed: "输出",
  source: "源码",
  folder: "文件夹",
  noScript: "允许 JavaScript 时，本页的程序可以在浏览器里运行；不允许时，内容也都能读。",
  footer: "lucidgrad，MIT 许可证。每个程序下方的输出，都由测试核对过。",
};

export const texts: Readonly<Record<Language, Texts>> = { en, zh };

export const other = (language: Language): Language => (language === "en" ? "zh" : "en");

/** What the script of a page says, in both languages. */
import type { Language } from "../texts.ts";

const en = {
  run: "Run",
  stepThrough: "Step through the graph",
  loading: "Loading …",
  editor: "Code",
  failed: "What runs programs could not be loaded: is the network there? Try once more.",
  fromFile:
    "This page was opened as a file, and browsers run no programs there. In a clone, npm run site:preview serves the site; any other server of files will do, too.",
  scrolls: "Scrolls sideways",
  searchField: "Search the guide and the reference",
  results: (count: number) => (count === 0 ? "Nothing found" : count === 1 ? "1 result" : `${count} results`),
  noSearch: "The search could not be loaded: is the network there? It needs one once, and works without from then on.",
  close: "Close",
};

type Texts = typeof en;

const zh: Texts = {
  run: "运行",
  stepThrough: "逐步查看计算图",
  loading: "加载中……",
  editor: "可编辑的代码",
  failed: "运行程序所需的文件没有加载成功：网络连接正常吗？请再试一次。",
  fromFile:
    "这一页是作为文件打开的，浏览器在这种情况下不运行程序。在克隆的仓库里，npm run site:preview 可以启动服务；其他任何静态文件服务器也可以。",
  scrolls: "可以左右滚动",
  searchField: "在教程与参考中搜索",
  results: (count) => (count === 0 ? "没有找到" : `${count} 个结果`),
  noSearch: "搜索所需的文件没有加载成功：网络连接正常吗？第一次需要联网，之后没有网络也能用。",
  close: "关闭",
};

export const texts: Readonly<Record<Language, Texts>> = { en, zh };

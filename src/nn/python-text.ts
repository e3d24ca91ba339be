/** Values as Python prints them, for the text of modules. */
export { pythonBool, pythonFloat, pythonTuple } from "../tensor/python-text.ts";

/** The thread that this instance of the module runs on: its number, and 512 bytes of its own. */
export let thread: i32 = 0;
export let scratch: usize = 0;

export function becomeThread(number: i32, address: usize): void {
  thread = number;
  scratch = address;
}

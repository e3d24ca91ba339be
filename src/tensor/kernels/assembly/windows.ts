/** What a job on windows of an image begins with, as wasm/windows.ts writes it down. */
@unmanaged export class WindowsJob {
  height: i32;
  width: i32;
  kernelHeight: i32;
  kernelWidth: i32;
  outHeight: i32;
  outWidth: i32;
  strideY: i32;
  strideX: i32;
  paddingY: i32;
  paddingX: i32;
  dilationY: i32;
  dilationX: i32;
}

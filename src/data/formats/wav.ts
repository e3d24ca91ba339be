/** WAV files: sound, 16 bits a sample. http://soundfile.sapp.org/doc/WaveFormat */

const PCM = 1;

/** One channel of samples from -1 to 1; what is beyond is cut off. @param sampleRate samples a second */
export function encodeWav(samples: ArrayLike<number>, sampleRate: number): Uint8Array {
  const size = 2 * samples.length;
  const file = Buffer.alloc(44 + size);
  file.write("RIFF", 0);
  file.writeUInt32LE(36 + size, 4);
  file.write("WAVEfmt ", 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(PCM, 20);
  file.writeUInt16LE(1, 22); // channels
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(2 * sampleRate, 28); // bytes a second
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36);
  file.writeUInt32LE(size, 40);
  for (let i = 0; i < samples.length; i++) {
    const sample = Math.min(Math.max(samples[i], -1), 1) || 0;
    file.writeInt16LE(Math.trunc(Math.fround(sample * 32767)), 44 + 2 * i);
  }
  return file;
}

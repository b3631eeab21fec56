/**
 * A split block Bloom filter of nonces' hashes, as Apache Parquet has it: a hash sets one bit in each of the eight words of
 * one block. It never misses a hash that was added, and takes one of 20,000 others for one.
 * @module
 */

/** Hashes that a filter is made for. */
export const FILTER_CAPACITY = 16_384;
const WORDS_PER_BLOCK = 8;
/** So a hash has 31 bits, and a filter 62 KiB, which is as much as a value of the store holds. */
const BLOCKS = FILTER_CAPACITY * 31 / (WORDS_PER_BLOCK * 32);
const HIGH_BITS = 21;
const SALTS = [0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31];

/** Which hashes some entries may have. */
export class NonceFilter {
  /** @param words As another filter's; none yet where absent. */
  constructor(readonly words: Uint32Array<ArrayBuffer> = new Uint32Array(BLOCKS * WORDS_PER_BLOCK)) {}

  /** Adds a hash: a whole number from 1 to 2^53. */
  add(hash: number): void {
    const first = firstWord(hash), low = hash >>> 0;
    for (let word = 0; word < WORDS_PER_BLOCK; word++) this.words[first + word]! |= bit(low, word);
  }

  /** Whether it was added, perhaps. */
  mayHave(hash: number): boolean {
    const first = firstWord(hash), low = hash >>> 0;
    for (let word = 0; word < WORDS_PER_BLOCK; word++) {
      if ((this.words[first + word]! & bit(low, word)) === 0) return false;
    }
    return true;
  }
}

/** The first word of the block that a hash's upper bits choose. */
function firstWord(hash: number): number {
  return ((Math.floor((hash - 1) / 2 ** 32) * BLOCKS) >>> HIGH_BITS) * WORDS_PER_BLOCK;
}

function bit(low: number, word: number): number {
  return 1 << (Math.imul(low, SALTS[word]!) >>> 27);
}

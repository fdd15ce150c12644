import type { ClarificationReason } from '@rocketpay/contract/envelope.ts';
import type { Random } from '../world/random.ts';
import type { Timeline } from '../world/timeline.ts';
import type { PayerStyle } from './wishes.ts';

export interface PayerHands {
  readonly sendCode: (code: string) => Promise<void>;
  /** False when no other code will come. */
  readonly askAgain: () => Promise<boolean>;
}

/** After this many questions a payer puts the phone away. */
const PATIENCE = 9;
const LATE_MS = 85_000;

/** A person with a phone: reads texts, types codes, makes mistakes, gives up without a word. */
export class Payer {
  readonly #style: PayerStyle;
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #hands: PayerHands;
  readonly #texts: string[] = [];
  #asked = 0;

  constructor(style: PayerStyle, timeline: Timeline, random: Random, hands: PayerHands) {
    this.#style = style;
    this.#timeline = timeline;
    this.#random = random;
    this.#hands = hands;
  }

  /** A text message has come. */
  reads(code: string): void {
    this.#texts.push(code);
  }

  async codeIsWanted(reason: ClarificationReason): Promise<void> {
    this.#asked += 1;
    if (this.#asked > PATIENCE || this.#style === 'silent') return;
    await this.#timeline.sleep(this.#random.between(2_000, 25_000));
    if (reason === 'code_expired') return this.#wantAnother();
    switch (this.#style) {
      case 'always_wrong':
        return this.#hands.sendCode('otp-wrong');
      case 'wrong_then_right':
        return this.#asked <= 2 ? this.#hands.sendCode('otp-wrong') : this.#typeNewest();
      case 'late':
        if (this.#asked === 1) await this.#timeline.sleep(LATE_MS);
        return this.#typeNewest();
      case 'resender':
        if (this.#asked > 4) return this.#typeNewest();
        await this.#timeline.sleep(this.#random.pick([0, 15_000, 40_000]));
        return this.#wantAnother();
      case 'double':
        await Promise.all([this.#typeNewest(), this.#typeNewest(), this.#hands.sendCode('otp-mistyped')]);
        return;
      case 'scatterbrain':
        await Promise.all([this.#hands.askAgain(), this.#typeNewest()]);
        return;
      default:
        return this.#typeNewest();
    }
  }

  async #typeNewest(): Promise<void> {
    for (let waits = 0; waits < 5 && this.#texts.length === 0; waits++) await this.#timeline.sleep(5_000);
    const newest = this.#texts.at(-1);
    await (newest === undefined ? this.#hands.askAgain() : this.#hands.sendCode(newest));
  }

  /** Asks for another code, and makes do with the last one when there is none to be had. */
  async #wantAnother(): Promise<void> {
    if (!(await this.#hands.askAgain())) await this.#typeNewest();
  }
}

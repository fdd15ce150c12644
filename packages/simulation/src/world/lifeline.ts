/** The life of one platform process: what is on its way when it stops never comes back to it. */
export class Lifeline {
  #alive = true;

  get alive(): boolean {
    return this.#alive;
  }

  stop(): void {
    this.#alive = false;
  }

  /** Makes a call to the world; a dead process neither makes one nor hears of its end. */
  fence<Result>(call: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (!this.#alive) return;
      call().then(
        (result) => {
          if (this.#alive) resolve(result);
        },
        (error: unknown) => {
          if (this.#alive) reject(error);
        },
      );
    });
  }
}

import { describe, expect, test } from 'vitest';

import { Intake } from './intake.ts';

const MEBIBYTE = 1024 * 1024;

describe('G7 bounded: the intake', () => {
  test('closes at 65 536 messages and wakes who waits when there are fewer', () => {
    const intake = new Intake();
    let woken = 0;
    for (let i = 0; i < 65_536; i++) intake.begin(1);
    expect(intake.isOpen).toBe(false);
    intake.wait({ wake: () => woken++ });
    intake.settle(1);
    expect([intake.isOpen, woken, intake.unsettled]).toEqual([true, 1, 65_535]);
    intake.settle(1);
    expect(woken).toBe(1);
  });

  test('closes at 64 MiB', () => {
    const intake = new Intake();
    intake.begin(64 * MEBIBYTE);
    expect(intake.isOpen).toBe(false);
    intake.settle(64 * MEBIBYTE);
    expect(intake.isOpen).toBe(true);
  });

  test('has room for 64 MiB of unfinished packets', () => {
    const intake = new Intake();
    expect(intake.hold(64 * MEBIBYTE)).toBe(true);
    expect(intake.hold(1)).toBe(false);
    expect(intake.hold(-1)).toBe(true);
    expect(intake.hold(1)).toBe(true);
  });
});

describe('a stopped intake', () => {
  test('stays closed and wakes nobody', () => {
    const intake = new Intake();
    let woken = 0;
    intake.begin(64 * MEBIBYTE);
    intake.wait({ wake: () => woken++ });
    intake.stop();
    intake.settle(64 * MEBIBYTE);
    expect([intake.isOpen, woken]).toEqual([false, 0]);
  });

  test('is idle when the last message is settled', async () => {
    const intake = new Intake();
    await intake.idle();
    intake.begin(1);
    intake.begin(1);
    let isIdle = false;
    const idle = intake.idle().then(() => (isIdle = true));
    intake.settle(1);
    await Promise.resolve();
    expect(isIdle).toBe(false);
    intake.settle(1);
    await idle;
    expect(isIdle).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { otherSpeed, serverNowMs, settle } from './clock';

const reading = { serverUs: 1_000_000_000_000, localMs: 5_000, speed: 1 };

describe("the server's clock", () => {
  it('goes on from the reading', () => {
    expect(serverNowMs(reading, 7_500)).toBe(1_000_000_000 + 2_500);
  });

  it('runs at the speed of the demo', () => {
    expect(serverNowMs({ ...reading, speed: 60 }, 6_000)).toBe(1_000_000_000 + 60_000);
  });

  it('is not moved by the noise of a request', () => {
    const noisy = { serverUs: (1_000_000_000 + 1_100) * 1000, localMs: 6_000, speed: 1 };
    expect(settle(reading, noisy)).toBe(reading);
  });

  it('is moved by a real difference and by a new speed', () => {
    const drifted = { serverUs: (1_000_000_000 + 9_000) * 1000, localMs: 6_000, speed: 1 };
    expect(settle(reading, drifted)).toBe(drifted);
    const faster = { ...reading, speed: 30 };
    expect(settle(reading, faster)).toBe(faster);
    expect(settle(null, reading)).toBe(reading);
  });

  it('is seen to have changed its speed between two heartbeats', () => {
    const before = { serverUs: 0, localMs: 0 };
    expect(otherSpeed(before, { serverUs: 200_000_000, localMs: 5_000 }, 40)).toBe(false);
    expect(otherSpeed(before, { serverUs: 5_000_000, localMs: 5_000 }, 40)).toBe(true);
    expect(otherSpeed(before, { serverUs: 5_100_000, localMs: 5_000 }, 1)).toBe(false);
    expect(otherSpeed(before, { serverUs: 1_000_000, localMs: 100 }, 1)).toBe(false);
  });
});

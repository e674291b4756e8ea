import type { Signal } from '@/api/types';

const arn = /^arn:aws(-cn|-us-gov)?:sns:[a-z]{2,}(-[a-z]{2,}){1,2}-\d{1,2}:\d{12}:[\w-]{1,256}(\.fifo)?$/;

/** The topics that a text lists, one a line. */
export function topicsOf(text: string): string[] {
  const lines = text.split(/[\s,]+/).filter(Boolean);
  return [...new Set(lines)];
}

/** Why the topics cannot be taken as they stand. */
export function topicsFault(topics: string[]): string | null {
  const wrong = topics.find((topic) => !arn.test(topic));
  if (wrong) return `${wrong} is not the ARN of a topic.`;
  return topics.length ? null : 'At least one topic is needed.';
}

/** The body that a mapping reads: what arrived last, or what lies in it when a topic of SNS sent it. */
export function sampleOf(signals: Pick<Signal, 'body'>[]): string | undefined {
  const last = signals[0]?.body;
  try {
    const sent = JSON.parse(last ?? '');
    const message = sent?.TopicArn ? sent.Message : undefined;
    return typeof message === 'string' && /^\s*[{[]/.test(message) ? message : last;
  } catch {
    return last;
  }
}

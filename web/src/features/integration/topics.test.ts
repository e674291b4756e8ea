import { expect, test } from 'vitest';
import { sampleOf, topicsFault, topicsOf } from './topics';

const topic = 'arn:aws:sns:eu-west-1:111122223333:alarms';

test('topics stand on lines of their own, each once', () => {
  expect(topicsOf(`  ${topic}\n\n${topic}, arn:x `)).toEqual([topic, 'arn:x']);
});

test('what is no topic is named', () => {
  expect(topicsFault([topic, 'arn:aws-us-gov:sns:us-gov-west-1:111122223333:a_b.fifo'])).toBeNull();
  expect(topicsFault([topic, 'arn:aws:sqs:eu-west-1:111122223333:alarms'])).toContain('sqs');
  expect(topicsFault(['arn:aws:sns:s3-us-west-2:111122223333:alarms'])).toContain('s3');
  expect(topicsFault([])).toBe('At least one topic is needed.');
});

test('a mapping is tried on what lies in a delivery', () => {
  expect(sampleOf([{ body: JSON.stringify({ TopicArn: topic, Message: '{"a":1}' }) }])).toBe('{"a":1}');
  expect(sampleOf([{ body: '{"a":2}' }, { body: '{}' }])).toBe('{"a":2}');
  expect(sampleOf([{ body: JSON.stringify({ TopicArn: topic, Message: 'text' }) }])).toContain('TopicArn');
  expect(sampleOf([])).toBeUndefined();
});

/** Files the invented story once, so that a newcomer's screens are not empty. A second start files nothing new. */
import { type BureauCard, tokenOf } from './card.ts';
import { story } from './story.ts';

export async function seedStory(cards: readonly BureauCard[], signal?: AbortSignal): Promise<void> {
  for (const [index, step] of story.entries()) {
    const card = cards.find(({ nation }) => nation === step.from);
    if (!card) continue;
    const response = await fetch(`${card.url}/api/reports`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${tokenOf(card, 'desk-officer')}`,
        'content-type': 'application/json',
        'idempotency-key': `story-${index}`,
      },
      body: JSON.stringify(step.report),
      ...(signal && { signal }),
    });
    if (!response.ok) throw new Error(`the story could not be told: ${await response.text()}`);
  }
}

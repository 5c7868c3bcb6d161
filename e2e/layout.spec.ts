import { type Page } from '@playwright/test';
import { expect, panel, query, saveDashboard, test } from './support';

/** The words of the query editor that are cut off, or that stand outside of it. */
async function cutOff(page: Page): Promise<string[]> {
  return page.getByTestId('stakes-query-editor').evaluate((editor) => {
    const room = editor.getBoundingClientRect();
    return [...editor.querySelectorAll('label, [role="status"], button')]
      .filter((element) => {
        const { left, right } = element.getBoundingClientRect();
        const hasWords = element.textContent?.trim();
        const isCut = hasWords && element.scrollWidth > element.clientWidth + 1;
        return isCut || left < room.left - 1 || right > room.right + 1;
      })
      .map((element) => element.textContent ?? '');
  });
}

test('nothing is cut off in any question, on a narrow screen in the light theme', async ({
  page,
  stakes,
  questions,
  request,
}, info) => {
  test.setTimeout(questions.length * 20_000);
  await page.setViewportSize({ width: 900, height: 1100 });
  for (const { name, question, visualization } of questions) {
    await test.step(name, async () => {
      const panels = [panel(stakes, visualization, query(stakes, name))];
      const uid = await saveDashboard(request, 'e2e-narrow', { panels });
      await page.goto(`/d/${uid}?editPanel=1&theme=light`);
      await expect(page.getByText(question, { exact: true })).toBeVisible();
      await page.screenshot({ path: info.outputPath(`${name}.png`) });
      expect(await cutOff(page)).toEqual([]);
    });
  }
});

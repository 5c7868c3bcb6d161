import { choose, chooseDataSource, expect, offered, test } from './support';

test('an alert rule is made of what can be alerted on, and of nothing else', async ({
  alertRuleEditPage,
  page,
  stakes,
  questions,
}) => {
  await chooseDataSource(page, stakes.name);
  await expect(page.getByLabel('Question', { exact: true })).toBeVisible();
  const alertable = questions.filter((question) => question.alertable);
  expect((await offered(page, 'Question')).length).toBe(alertable.length);
  for (const { question } of alertable) {
    await choose(page, 'Question', question);
    await expect(page.getByText(question, { exact: true })).toBeVisible();
    await expect(alertRuleEditPage.evaluate()).toBeOK();
  }
  await expect(page.getByLabel('Format', { exact: true })).toHaveCount(0);
});

test('the state of a policy can be alerted on', async ({ alertRuleEditPage, page, stakes }) => {
  test.setTimeout(120_000);
  await chooseDataSource(page, stakes.name);
  await choose(page, 'Question', 'How are we doing now?');
  await choose(page, 'Measures', 'State of the policy');
  await page.keyboard.press('Escape');
  await expect(page.getByText(/^Shows the .*state of the policy/)).toBeVisible();
  await expect(alertRuleEditPage.evaluate()).toBeOK();
});
